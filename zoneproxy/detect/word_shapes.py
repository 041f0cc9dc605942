"""Stage 1 for detectors that need a word: the word, wherever in the batch it stands, and a closer look at it.

A name on a JSON path speaks for everything below it, however far. But most names stand before a short text, a number or
a literal that ends at once, and for nothing else: then what is looked for must be in there, or within reach.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from zoneproxy.detect.columns import HL7_FIELDS, HL7_SHAPE
from zoneproxy.detect.detector import MayBe
from zoneproxy.detect.patterns import compile_pattern

_LONG: Final = 6  # letters; so long a word is hardly ever part of another one by chance
# Shorter ones that are not either. What stands before them is not looked at: it makes a second state of the DFA of each
# beginning of a word.
_RARE_SHORT: Final = (
    "aba acct aws bic birth born bsn cell csc cvc cvn cvv dob ein fax fein geo gps handy hin iccid idnr imei imsi mrn"
    " nhs nhsno nid nif npi perso pesel phone rtn said sim sin sofi swift tac taxid tel tfn tin uidai"
)
_RARE: Final = frozenset(_RARE_SHORT.split())
# The odd letters that others follow in common words: each, approach; idea; template.
_COMMON_BEHIND: Final = {"ach": "eo", "dea": "i", "plate": "m"}
# Between the two words of a pair: anything but letters and digits, JSON escapes of such things included.
_BETWEEN: Final = rb"(?:[^A-Za-z0-9\\\x80-\xff]|\\u[0-9A-Fa-f]{4}|\\[^u])*"
_HL7_NAMES: Final = frozenset(
    word
    for fields in HL7_FIELDS.values()
    for name in fields.values()
    for word in (name.decode(), *name.decode().split())
)
_WS: Final = rb"[ \t\r\n]*"
# The rest of a name or of a text, and the end of what it speaks for. A quote behind a byte beyond ASCII may be that of
# a length.
_CLOSED: Final = re.compile(
    rb'(?P<rest>[^"\\{}\[\]]*+)(?<![\x80-\xff])"%b(?:'
    rb':%b(?P<value>"[^"\\]*"|[-+.0-9A-Za-z]+)%b(?:,%b"|[}\]])'
    rb'|,%b"[^"\\]*"%b:|\})' % (_WS, _WS, _WS, _WS, _WS, _WS),
    re.DOTALL,
)
_BEHIND_A_QUOTE: Final = 1 + (
    0x22 >> 1
)  # bytes: as a length of a header named by the word, a quote says that there are so many
# In names that say nothing: then what stands before them in the same object names their values, too.
_SAY_NOTHING: Final = compile_pattern(rb"V|v[^A-Za-z]|(?i:val|data|content|text|number|answer)")
_MOST_BETWEEN: Final = 16  # bytes between the words of a pair; with more, nothing is refuted
_MOST_IN_A_PART: Final = 64  # bytes: with more, its length is no letter


def shape_of_words(words: Iterable[str]) -> bytes:
    """Matches wherever ``context.words`` tells any of ``words``, and perhaps elsewhere."""
    listed = sorted(set(words))
    alternatives = [_shape(word) for word in listed if not (" " in word and set(word.split()) & set(listed))]
    if not _HL7_NAMES.isdisjoint(listed):
        alternatives.append(HL7_SHAPE)
    return b"|".join(alternatives)


def _shape(word: str) -> bytes:
    if " " in word:
        first, second = word.split()
        return b"(?i:" + first.encode() + b")" + _BETWEEN + b"(?i:" + second.encode() + b")"
    if len(word) >= _LONG:
        return b"(?i:" + word.encode() + b")"
    if word in _RARE:
        return b"(?i:" + word.encode() + b")" + _NO_ODD_SMALL_LETTER
    # On one side there may be framing, if a part of a record begins or ends there: a length, which is even.
    lower, upper, title = (written.encode() for written in (word, word.upper(), word.title()))
    common = _COMMON_BEHIND.get(word)
    before = _NO_ODD_LETTER if common is None else f"[^{common}{common.upper()}]".encode()
    return rb"(?:^|%b)(?i:%b)%b|(?:%b|%b)%b|[\x80-\xff][A-Za-z]%b[^a-z]" % (
        *(before, lower, _NO_ODD_SMALL_LETTER),
        *(title, upper, _NO_ODD_SMALL_LETTER, lower),
    )


_NO_ODD_LETTER: Final = b"[^ACEGIKMOQSUWYacegikmoqsuwy]"
_NO_ODD_SMALL_LETTER: Final = b"[^acegikmoqsuwy]"


Search = Callable[[bytes, int, int], object]
"""(window, from where, up to where) → whether there may be a value."""

_ODD: Final = frozenset(b"13579ACEGIKMOQSUWYacegikmoqsuwy")  # letters and digits that are no lengths
_NINE: Final = 0x39
_TWO_BYTES: Final = 0x80  # and more: a length of two


def search_for_valid(written: bytes, valid: Callable[[bytes], bool]) -> Search:
    """Looks for what is ``written`` so, always ends at the same place, and may stand alone.

    Letters and digits may stand beside it as lengths, which are even, and those of an escape before a letter.
    """
    find = re.compile(written).search

    def search(window: bytes, start: int, end: int) -> bool:
        while (match := find(window, start, end)) is not None:
            begin, finish = match.span()
            if _may_stand_alone(window, begin, finish) and valid(match.group()):
                return True
            start = begin + 1
        return False

    return search


def _may_stand_alone(window: bytes, begin: int, finish: int) -> bool:
    if finish < len(window) and window[finish] in _ODD:
        return False
    if begin == 0 or window[begin - 1] not in _ODD or window[begin] > _NINE:
        return True
    return begin > 1 and window[begin - 2] >= _TWO_BYTES


def may_be_near(value: bytes, words: Iterable[str], closer: Search | None = None) -> MayBe:
    """The closer look at one of ``words``, by what it must stand near.

    ``value`` is a pattern, ``closer`` knows more of it.
    """
    wanted = re.compile(value).search
    one = re.compile(b"(?s)(.?)(?:" + b"|".join(_written(word) for word in sorted(words, key=len, reverse=True)) + b")")
    beyond = max(map(len, words)) + _MOST_BETWEEN

    def holds(window: bytes, end: int) -> bool:
        if closer is None or end >= len(window):  # what it ends with may go on
            return wanted(window, 0, end) is not None
        return bool(closer(window, 0, end))

    def may_be(window: bytes) -> bool:
        word = one.match(window[:beyond].lower())
        if word is None:
            return True
        if word[1].isalpha() or window[word.end() : word.end() + 1].islower():
            return holds(window, word.end() + _MOST_IN_A_PART)
        closed = _CLOSED.match(window, word.end())
        if closed is None:
            return True
        rest = closed.end("rest")
        if holds(window, max(closed.end("value"), rest + _BEHIND_A_QUOTE)):
            return True
        return _SAY_NOTHING.next_start(window, rest) >= 0 and wanted(window) is not None

    return may_be


def _written(word: str) -> bytes:
    return word.encode().replace(b" ", _BETWEEN)
