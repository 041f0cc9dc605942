"""Words near a hit: the names on its JSON path, and what stands up to 30 bytes before it.

Where the name beside a value only says that it is one (``{"system": "us-ssn", "value": "..."}``), what stands before it
in the same object names it. Tables with a header and HL7 messages name values by where they stand (``columns.py``).

Names and text are taken apart into lower-case words: ``customerSSN``, ``customer_ssn`` and ``Customer SSN`` say the
same. The path is read off the brackets and names before the hit, as well as they can be told; whether all of it is
valid JSON does not matter here, for words only make a hit more credible.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from zoneproxy.detect.columns import column_names
from zoneproxy.detect.escapes import Plain

REACH = 30  # bytes before a hit
MAX_NAMES = 16  # on the way to a hit, the innermost ones
MAX_NAME = 128  # bytes; longer names say nothing
SIBLING_REACH = 64  # bytes before a value without a name of its own
_SAY_NOTHING = frozenset({"value", "val", "v", "data", "content", "text", "number", "answer", "valuestring"})

_WORD = re.compile(rb"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[\x80-\xff]+")
_ASCII_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
# Of these the pieces between digits are no words.
_MAY_BE_HEXADECIMAL = re.compile(rb"[0-9A-Fa-f][0-9A-Fa-f]{11}").search  # three times as fast
_HEXADECIMAL = re.compile(rb"[0-9a-f]{12,}|[0-9A-F]{12,}")
# A string, which is a name if a colon follows, a bracket, or a comma. Numbers and literals are passed over. The closing
# quote may be missing: looking for it again from each quote on would take quadratic time.
_STEP = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?[ \t\n\r]*+(:)?|(,)|([\[{])|([\]}])', re.DOTALL)
_NAME, _COMMA, _OPEN, _CLOSE = 1, 2, 3, 4
# The way down to a hit: what is complete and has a comma behind it, of which only that comma matters; then a name, and
# a bracket. The first is passed over in one go, with all that is in it if it is nested no deeper than this: that is the
# bound on how often anything is gone over in vain where a bracket stays open.
_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_FLAT = rb'[\[{](?:[^"\[\]{}]++|%b)*+[\]}]' % _STRING
_NESTED = rb'[\[{](?:[^"\[\]{}]++|%b|%b)*+[\]}]' % (_STRING, _FLAT)
_SPACE = rb"[ \t\n\r]*+"
_WAY = re.compile(
    rb'((?:(?:[^",\[\]{}]++|%b|%b)*+,)*+)%b(%b%b:)?%b([\[{])?' % (_STRING, _NESTED, _SPACE, _STRING, _SPACE, _SPACE),
    re.DOTALL,
).match
_COMPLETE, _MEMBER_NAME, _BRACKET = 1, 2, 3


Words = frozenset[str]


def words(text: bytes) -> Words:
    """The words of ``text``, lower-case, and each two that follow one another with a space between them."""
    if _MAY_BE_HEXADECIMAL(text):
        text = _HEXADECIMAL.sub(b" ", text)
    if text.isascii():  # taking it apart as a string saves decoding each word
        found = [word.lower() for word in _ASCII_WORD.findall(text.decode())]
    else:
        found = [word.lower().decode(errors="replace") for word in _WORD.findall(text)]
    return frozenset((*found, *map(" ".join, pairwise(found))))


_BRACKETS = (b"{", b"[")


def contexts(source: bytes, offsets: Sequence[int]) -> Iterator[list[Words]]:
    """The words that surround each of ``offsets``, which ascend."""
    if source[:1] not in _BRACKETS and source.lstrip(b" \t\n\r")[:1] not in _BRACKETS:
        return _in_text(source, offsets)
    return _in_json(source, offsets)


def _in_text(source: bytes, offsets: Sequence[int]) -> Iterator[list[Words]]:
    named = column_names(source)
    for offset in offsets:
        name, begin = named(offset) if named else (b"", 0)
        yield [_name_words(name), _before(source, begin, offset)] if name else [_before(source, 0, offset)]


def _before(source: bytes, start: int, offset: int) -> Words:
    text = source[max(start, offset - REACH) : offset]
    if text in _NO_TEXT:
        return NO_WORDS
    if b"\\" in text:
        text = Plain(source[max(start, offset - REACH * _LONGEST_ESCAPE) : offset]).text[-REACH:]
    line = text.rfind(b"\n") + 1
    if line and _LABEL.search(text, line):
        text = text[line:]
    return words(_behind_members(text) if b'"' in text else text)


def _behind_members(text: bytes) -> bytes:
    """What stands behind the last complete member of JSON: its name speaks for its own value, in a log line as well."""
    end = 0
    for member in _MEMBER.finditer(text):
        end = member.end()
    return text[end:]


_MEMBER = re.compile(
    rb'"[ \t\r\n]*:[ \t\r\n]*(?:"[^"\\]*"|[-+.0-9A-Za-z]+)[ \t\r\n]*(?:,[ \t\r\n]*"|[}\]])'
    rb'|"[ \t\r\n]*(?:,[ \t\r\n]*(?="[^"\\]*"[ \t\r\n]*:)|\})'
)

_NO_TEXT = (b"", b'"', b" ")
NO_WORDS: Words = frozenset()
_LABEL = re.compile(rb"[A-Za-z]{2}")  # a line with words of its own needs none of the line before
_LONGEST_ESCAPE = 6  # bytes for one character


class _Path:
    """The containers around a place: where each begins, and its latest name. Goes forward from step to step."""

    __slots__ = ("_ended", "_next", "_source", "begins", "end", "names")

    def __init__(self, source: bytes) -> None:
        self.names = [b""]  # that of the document, and one for each open container
        self.begins = [0]
        self.end = 0  # of the latest step
        self._source = source
        self._next: re.Match[bytes] | None = None  # the step after that, if it is known
        self._ended = False  # there is none

    def to(self, offset: int) -> re.Match[bytes] | None:
        """Take all steps that end before ``offset``, or there. Returns the one after them, None at the end."""
        step = self._next
        if step is not None and step.end() > offset:
            return step
        if not self.end and offset > 0 and self._source[:1] in _BRACKETS:
            self._enter(1)
        goes_down = self.end > 0  # before the first bracket nothing is complete
        while not self._ended:
            if goes_down and self._go_down(offset):
                step = None
            step = step or _STEP.search(self._source, self.end)
            if step is None:
                self._ended = True
            elif step.end() > offset:
                break
            else:
                self._take(step)
                goes_down = step.lastindex == _OPEN
                step = None
        self._next = step
        return step

    def _go_down(self, offset: int) -> bool:
        """Take several steps at once, as far as it goes."""
        begun = self.end
        while way := _WAY(self._source, self.end, offset):
            complete, name, bracket = way.end(_COMPLETE), way.end(_MEMBER_NAME), way.end(_BRACKET)
            if complete > self.end:
                self.end = complete
                self.names[-1] = b""
            if name > 0:
                self.end = name
                self.names[-1] = way[_MEMBER_NAME]
            if bracket < 0:
                break
            self._enter(bracket)
        return self.end > begun

    def _enter(self, end: int) -> None:
        self.end = end
        self.names.append(b"")
        self.begins.append(end)

    def _take(self, step: re.Match[bytes]) -> None:
        names, kind = self.names, step.lastindex
        self.end = step.end()
        if kind == _NAME:
            names[-1] = step[0]
        elif kind == _COMMA:
            names[-1] = b""
        elif kind == _OPEN:
            self._enter(self.end)
        elif kind == _CLOSE and len(names) > 1:
            names.pop()
            self.begins.pop()


def _in_json(source: bytes, offsets: Sequence[int]) -> Iterator[list[Words]]:
    path = _Path(source)
    for offset in offsets:
        step = path.to(offset)
        if step is None:
            yield [_before(source, path.end, offset), *_path_words(path.names)]
            continue
        in_string = offset > step.start()
        begin = step.start() if in_string else path.end
        yield [_before(source, begin, offset), *_around(source, path, in_string and step.lastindex == _NAME, begin)]


def _around(source: bytes, path: _Path, is_name: bool, begin: int) -> list[Words]:
    """The words of the names around a value, or a name, that begins at ``begin``."""
    if is_name:
        return _path_words(path.names[:-1])
    around = _path_words(path.names)
    if not _name_words(path.names[-1]).isdisjoint(_SAY_NOTHING):
        before = source[max(path.begins[-1], begin - SIBLING_REACH) : begin]
        if before != path.names[-1]:
            around.append(words(Plain(before).text if b"\\" in before else before))
    return around


def _path_words(names: Sequence[bytes]) -> list[Words]:
    return [_name_words(name) for name in names[-MAX_NAMES:] if 0 < len(name) <= MAX_NAME]


@lru_cache(maxsize=4096)
def _name_words(name: bytes) -> Words:
    return words(Plain(name).text if b"\\" in name else name)
