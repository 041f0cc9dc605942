"""Stage 1 for detectors that need a word: the word, wherever in the batch it stands, and a closer look at it.

A name on a JSON path speaks for everything below it, however far. But most names stand before a short text, a number or
a literal that ends at once, and for nothing else: then what is looked for must be in there, or within reach.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from zoneproxy.detect.columns import HL7_FIELDS, HL7_SHAPE
from zoneproxy.detect.detector import MayBe

_LONG = 6  # letters; so long a word is hardly ever part of another one by chance
# Between the two words of a pair: anything but letters and digits, JSON escapes of such things included.
_BETWEEN = rb"(?:[^A-Za-z0-9\\\x80-\xff]|\\u[0-9A-Fa-f]{4}|\\[^u])*"
_HL7_NAMES = frozenset(
    word
    for fields in HL7_FIELDS.values()
    for name in fields.values()
    for word in (name.decode(), *name.decode().split())
)
# The rest of a name, and a value that ends for sure.
_CLOSED = re.compile(
    rb'[^"\\{}\[\]]*"[ \t\r\n]*:[ \t\r\n]*(?:"[^"\\]*"|[-+.0-9A-Za-z]+)[ \t\r\n]*(?:,[ \t\r\n]*"|[}\]])', re.DOTALL
)


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
    lower, upper, title = (written.encode() for written in (word, word.upper(), word.title()))
    # One side of a lower-case word may be where a part of a record begins or ends, and the byte there its framing.
    return b"[^A-Za-z]%b|%b[^a-z]|%b|%b" % (lower, lower, upper, title)


def may_be_near(value: bytes) -> MayBe:
    """The closer look at a word, by what it must stand near."""
    wanted = re.compile(value)

    def may_be(window: bytes) -> bool:
        return wanted.search(window) is not None or _CLOSED.match(window) is None

    return may_be
