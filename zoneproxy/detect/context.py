"""Words near a hit: the names on its JSON path, and what stands up to 30 bytes before it.

Where the name beside a value only says that it is one (``{"system": "us-ssn", "value": "..."}``), what stands before it
in the same object names it. Tables with a header and HL7 messages name values by where they stand (``columns.py``).

Names and text are taken apart into lower-case words: ``customerSSN``, ``customer_ssn`` and ``Customer SSN`` say the
same. The path is read off the brackets and names before the hit, as well as they can be told; whether all of it is
valid JSON does not matter here, for words only make a hit more credible.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from zoneproxy.detect.columns import column_names
from zoneproxy.detect.escapes import BACKSLASH, Plain
from zoneproxy.detect.json_path import NAME, Path

REACH: Final = 30  # bytes before a hit
MAX_NAMES: Final = 16  # on the way to a hit, the innermost ones
MAX_NAME: Final = 128  # bytes; longer names say nothing
SIBLING_REACH: Final = 64  # bytes before a value without a name of its own
_SAY_NOTHING: Final = frozenset({"value", "val", "v", "data", "content", "text", "number", "answer", "valuestring"})

_WORD: Final = re.compile(rb"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[\x80-\xff]+")
_ASCII_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
# Of these the pieces between digits are no words.
_MAY_BE_HEXADECIMAL: Final = re.compile(rb"[0-9A-Fa-f][0-9A-Fa-f]{11}").search  # three times as fast
_HEXADECIMAL: Final = re.compile(rb"[0-9a-f]{12,}|[0-9A-F]{12,}")


Words = frozenset[str]


def words(text: bytes) -> Words:
    """The words of ``text``, lower-case, and each two that follow one another with a space between them."""
    if _MAY_BE_HEXADECIMAL(text):
        text = _HEXADECIMAL.sub(b" ", text)
    if text.isascii():  # taking it apart as a string saves decoding each word
        found = " ".join(_ASCII_WORD.findall(text.decode())).lower().split()
    else:
        found = [word.lower().decode(errors="replace") for word in _WORD.findall(text)]
    return frozenset((*found, *map(" ".join, pairwise(found))))


class Contexts:
    """The words that surround places in ``source``, which are asked for as they ascend."""

    __slots__ = ("_named", "_path", "_source")

    def __init__(self, source: bytes) -> None:
        is_json = source[:1] in _BRACKETS or source.lstrip(b" \t\n\r")[:1] in _BRACKETS
        self._source = source
        self._path = Path(source) if is_json else None
        self._named = None if is_json else column_names(source)

    def at(self, offset: int) -> list[Words]:
        """Those of one place, and of each of the names on its way."""
        source, path = self._source, self._path
        if path is None:
            name, begin = self._named(offset) if self._named else (b"", 0)
            return [_name_words(name), _before(source, begin, offset)] if name else [_before(source, 0, offset)]
        step = path.to(offset)
        if step is None:
            around = _path_words(path.names)
            around.append(_before(source, path.end, offset))
            return around
        start, _, kind = step
        in_string = offset > start
        begin = start if in_string else path.end
        around = _around(source, path, in_string and kind == NAME, begin)
        around.append(_before(source, begin, offset))
        return around


_BRACKETS: Final = (b"{", b"[")


def _before(source: bytes, start: int, offset: int) -> Words:
    text = source[max(start, offset - REACH) : offset]
    if text in _NO_TEXT:
        return NO_WORDS
    if BACKSLASH in text:
        text = Plain(source[max(start, offset - REACH * _LONGEST_ESCAPE) : offset]).text[-REACH:]
    line = text.rfind(b"\n") + 1
    if line and _LABEL.search(text, line):
        text = text[line:]
    return words(_behind_members(text) if _QUOTE in text else text)


def _behind_members(text: bytes) -> bytes:
    """What stands behind the last complete member of JSON: its name speaks for its own value, in a log line as well."""
    end = 0
    for member in _MEMBER.finditer(text):
        end = member.end()
    return text[end:]


_MEMBER: Final = re.compile(
    rb'"[ \t\r\n]*:[ \t\r\n]*(?:"[^"\\]*"|[-+.0-9A-Za-z]+)[ \t\r\n]*(?:,[ \t\r\n]*"|[}\]])'
    rb'|"[ \t\r\n]*(?:,[ \t\r\n]*(?="[^"\\]*"[ \t\r\n]*:)|\})'
)

_NO_TEXT: Final = (b"", b'"', b" ")
NO_WORDS: Words = frozenset()
_LABEL: Final = re.compile(rb"[A-Za-z]{2}")  # a line with words of its own needs none of the line before
_QUOTE: Final = 0x22
_LONGEST_ESCAPE: Final = 6  # bytes for one character


def _around(source: bytes, path: Path, is_name: bool, begin: int) -> list[Words]:
    """The words of the names around a value, or a name, that begins at ``begin``."""
    if is_name:
        return _path_words(path.names[:-1])
    around = _path_words(path.names)
    name = path.names[-1]
    # What is too long to be among them may say nothing as well.
    if name and not (around[-1] if len(name) <= MAX_NAME else _name_words(name)).isdisjoint(_SAY_NOTHING):
        before = source[max(path.begins[-1], begin - SIBLING_REACH) : begin]
        if before != name:
            around.append(words(Plain(before).text if BACKSLASH in before else before))
    return around


def _path_words(names: Sequence[bytes]) -> list[Words]:
    innermost = names if len(names) <= MAX_NAMES else names[-MAX_NAMES:]
    return [_name_words(name) for name in innermost if 0 < len(name) <= MAX_NAME]


@lru_cache(maxsize=4096)
def _name_words(name: bytes) -> Words:
    return words(Plain(name).text if BACKSLASH in name else name)
