"""The names on the way to a place in JSON, read off the brackets and strings before it, as well as they can be told.

Whether all of it is valid JSON does not matter here. The steps on the way are those of one pattern. Most of them are
taken many at once: by another pattern, or, compiled, one byte after the other, which takes a tenth of the time then.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from zoneproxy.detect.escapes import BACKSLASH
from zoneproxy.detect.stretches import IS_COMPILED

if TYPE_CHECKING:
    from mypy_extensions import i64  # what compiled loops count with; to Python these are ints as all others

# A string, which is a name if a colon follows, a bracket, or a comma. Numbers and literals are passed over. The closing
# quote may be missing: looking for it again from each quote on would take quadratic time.
_STEP: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?[ \t\n\r]*+(:)?|(,)|([\[{])|([\]}])', re.DOTALL)
NAME: Final = 1
_COMMA: Final = 2
_OPEN: Final = 3
_CLOSE: Final = 4
# The way down to a hit: what is complete and has a comma behind it, of which only that comma matters; then a name, and
# a bracket. The first is passed over in one go, with all that is in it if it is nested no deeper than this: that is the
# bound on how often anything is gone over in vain where a bracket stays open.
_STRING: Final = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_FLAT: Final = rb'[\[{](?:[^"\[\]{}]++|%b)*+[\]}]' % _STRING
_NESTED: Final = rb'[\[{](?:[^"\[\]{}]++|%b|%b)*+[\]}]' % (_STRING, _FLAT)
_SPACE: Final = rb"[ \t\n\r]*+"
_WAY: Final = re.compile(
    rb'((?:(?:[^",\[\]{}]++|%b|%b)*+,)*+)%b(%b%b:)?%b([\[{])?' % (_STRING, _NESTED, _SPACE, _STRING, _SPACE, _SPACE),
    re.DOTALL,
).match
_COMPLETE: Final = 1
_MEMBER_NAME: Final = 2
_BRACKET: Final = 3
_BRACKETS: Final = (b"{", b"[")

_QUOTE: Final = 0x22
_A_COMMA: Final = 0x2C
_COLON: Final = 0x3A
_BRACE: Final = 0x7B
_SQUARE: Final = 0x5B
_END_BRACE: Final = 0x7D
_END_SQUARE: Final = 0x5D
_BLANK: Final = 0x20
_BLANKS: Final = b" \t\n\r"


Step = tuple[int, int, int]
"""Start, end, and what it is: NAME, or something else."""


class Path:
    """The containers around a place: where each begins, and its latest name. Goes forward from step to step."""

    __slots__ = ("_by_bytes", "_ended", "_next", "_source", "begins", "end", "names")

    def __init__(self, source: bytes, by_bytes: bool = IS_COMPILED) -> None:
        """``by_bytes``: how steps are taken many at once."""
        self.names = [b""]  # that of the document, and one for each open container
        self.begins = [0]
        self.end = 0  # of the latest step
        self._source = source
        self._by_bytes = by_bytes
        self._next: Step | None = None  # the step after that, if it is known
        self._ended = False  # there is none

    def to(self, offset: int) -> Step | None:
        """Take all steps that end before ``offset``, or there. Returns the one after them, None at the end."""
        step = self._next
        if step is not None and step[1] > offset:
            return step
        if not self.end and offset > 0 and self._source[:1] in _BRACKETS:
            self._enter(1)
            step = None
        goes_down = self.end > 0  # before the first bracket nothing is complete
        while not self._ended:
            if self._pass_over(offset) if self._by_bytes else goes_down and self._go_down(offset):
                step = None
            step = step or (self._next_by_bytes() if self._by_bytes else self._next_step())
            if step is None:
                self._ended = True
            elif step[1] > offset:
                break
            else:
                self._take(step)
                goes_down = step[2] == _OPEN
                step = None
        self._next = step
        return step

    def _next_step(self) -> Step | None:
        step = _STEP.search(self._source, self.end)
        return None if step is None else (step.start(), step.end(), step.lastindex or 0)

    def _next_by_bytes(self) -> Step | None:
        source = self._source
        at: i64 = self.end
        size: i64 = len(source)
        while at < size:
            byte = source[at]
            at += 1
            if byte == _QUOTE:
                end = _behind_string(source, at, size)
                if end == 0:  # perhaps it stays open
                    return self._next_step()
                return at - 1, end, NAME if source[end - 1] == _COLON else 0
            if byte == _A_COMMA:
                return at - 1, at, _COMMA
            if byte in (_BRACE, _SQUARE):
                return at - 1, at, _OPEN
            if byte in (_END_BRACE, _END_SQUARE):
                return at - 1, at, _CLOSE
        return None

    def _pass_over(self, offset: int) -> bool:
        """Take the steps before ``offset``, but for a string that may end there or behind. False: there was none."""
        source, names = self._source, self.names
        begun: i64 = self.end
        stop: i64 = offset
        end: i64 = begun  # of the latest step
        name: i64 = -1  # where the latest name begins: it is not among them yet, as most are followed by another one
        behind: i64 = -1
        at = begun
        while at < stop:
            byte = source[at]
            at += 1
            if byte == _QUOTE:
                begin = at - 1
                at = _behind_string(source, at, stop)
                if at == 0:
                    break
                end = at
                if source[at - 1] == _COLON:
                    name, behind = begin, at
            elif byte == _A_COMMA:
                names[-1] = b""
                name, end = -1, at
            elif byte in (_BRACE, _SQUARE, _END_BRACE, _END_SQUARE):
                if name >= 0:
                    names[-1] = source[name:behind]
                name, end = -1, at
                if byte in (_BRACE, _SQUARE):
                    self._enter(at)
                else:
                    self._leave()
        if name >= 0:
            names[-1] = source[name:behind]
        self.end = end
        return end > begun

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

    def _take(self, step: Step) -> None:
        names, (start, self.end, kind) = self.names, step
        if kind == NAME:
            names[-1] = self._source[start : self.end]
        elif kind == _COMMA:
            names[-1] = b""
        elif kind == _OPEN:
            self._enter(self.end)
        elif kind == _CLOSE:
            self._leave()

    def _leave(self) -> None:
        if len(self.names) > 1:
            self.names.pop()
            self.begins.pop()


def _behind_string(source: bytes, pos: i64, offset: i64) -> i64:
    """Where the step ends that is a string whose text begins at ``pos``; 0 if that may be at ``offset`` or behind."""
    at = pos
    while at < offset and source[at] != _QUOTE:
        at += 2 if source[at] == BACKSLASH else 1
    at += 1
    while at < offset and source[at] <= _BLANK and source[at] in _BLANKS:
        at += 1
    if at >= offset:
        return 0
    return at + 1 if source[at] == _COLON else at
