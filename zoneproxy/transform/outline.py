"""What field rules come to in one JSON document: which spans of it are changed or go, and what is noted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from zoneproxy.transform.change import Change
from zoneproxy.transform.json_text import NotJson, decode_string
from zoneproxy.transform.json_tokens import MAX_DEPTH, NUMBER, SPACE, STRING, after_spaces, ended
from zoneproxy.transform.passing import PASSED_DEPTH, Matcher, pass_value
from zoneproxy.transform.places import Place

GONE: Final = -1

_SCALAR, _ARRAY = 1, 3
_VALUE: Final = re.compile(rb"(?:(%b|%b|true|false|null)|(\{)|(\[))%b" % (STRING, NUMBER, SPACE)).match
_NAME: Final = re.compile(b"%b(%b)%b:%b" % (SPACE, STRING, SPACE, SPACE)).match
_COMMA, _END_OBJECT, _END_ARRAY = b",}]"


class Cut(NamedTuple):
    """``text[start:end]`` is a value that ``rule`` changes, or goes with the commas around it if that is GONE."""

    start: int
    end: int
    rule: int


class Outline(NamedTuple):
    """Depends on how a document is built and on its names, not on what its scalars are."""

    cuts: list[Cut]  # in order, apart from each other
    noted: list[int]  # the rules that take note or remove, once for each value


class _Container:
    """An open object or array, and which of its children go.

    A child that goes takes the comma behind it along, or the one before it if nothing is left behind it.
    """

    __slots__ = ("_going", "_gone", "_kept", "begin", "closer", "index", "place", "rule", "start", "within")

    def __init__(self, place: Place, begin: int, start: int, in_array: bool, rule: int, within: bool) -> None:
        self.place = place
        self.begin = begin  # where it starts, its name included
        self.start = start
        self.index = 0 if in_array else None  # of the next child
        self.closer = _END_ARRAY if in_array else _END_OBJECT
        self.rule = rule  # by which it is changed as a whole
        self.within = within  # it, or what it is in, is changed as a whole
        self._going: int | None = None  # where the children that go now began
        self._gone = 0  # where the last of them ended
        self._kept: int | None = None  # where the last child that stays ended

    def drop(self, start: int, end: int) -> None:
        if self._going is None:
            self._going = start
        self._gone = end

    def keep(self, start: int, end: int) -> Cut | None:
        """A child stays; what goes before it."""
        cut = None if self._going is None else Cut(self._going, start, GONE)
        self._going = None
        self._kept = end
        return cut

    def close(self) -> Cut | None:
        """What goes at the end."""
        if self._going is None:
            return None
        return Cut(self._going if self._kept is None else self._kept, self._gone, GONE)


def outline(text: bytes, root: Place, changes: Sequence[Change | None]) -> Outline:
    """The outline of ``text``, which has ``root`` for its place. Raises NotJson."""
    walk = _Walk(text, changes)
    walk.run(root)
    walk.cuts.sort()
    return Outline(walk.cuts, walk.noted)


class _Walk:
    """One way through a document. ``begin`` is where a value starts, its name included, ``start`` without that."""

    def __init__(self, text: bytes, changes: Sequence[Change | None]) -> None:
        self.cuts: list[Cut] = []
        self.noted: list[int] = []
        self._data = ended(text)
        self._size = len(text)
        self._changes = changes
        self._containers: list[_Container] = []

    def run(self, place: Place) -> None:
        containers, data = self._containers, self._data
        begin = pos = after_spaces(data, 0)
        while True:
            pos, is_open = self._value(place, begin, pos)
            while containers and not is_open and data[pos] != _COMMA:
                pos = self._close(pos)
            if not containers:
                break
            if not is_open:
                pos += 1
            place, begin, pos = self._next(containers[-1], pos)
        if pos != self._size:
            raise NotJson

    def _next(self, container: _Container, pos: int) -> tuple[Place, int, int]:
        """The place of the next child, where it begins, and where its value starts."""
        data, index = self._data, container.index
        if index is not None:
            container.index = index + 1
            pos = after_spaces(data, pos)
            return container.place.element(index), pos, pos
        if container.place.pass_members:
            pos = self._pass_members(container, container.place.pass_members, pos)
        match = _NAME(data, pos)
        if match is None:
            raise NotJson
        return container.place.member(decode_string(match[1])), match.start(1), match.end()

    def _pass_members(self, container: _Container, matcher: Matcher, pos: int) -> int:
        match = matcher(self._data, pos)
        if match is None or match.end() == pos:
            return pos
        if not container.within:
            begin = after_spaces(self._data, pos)
            last = self._data[begin : match.end() - 1].rstrip(b" \t\n\r")
            self._cut(container.keep(begin, begin + len(last)))
        return match.end()

    def _value(self, place: Place, begin: int, pos: int) -> tuple[int, bool]:
        """At a value: the position behind it and the spaces there, or in it and True if it has children to look at."""
        data = self._data
        self.noted += place.notes
        if place.is_dull and len(self._containers) + PASSED_DEPTH <= MAX_DEPTH:
            match = pass_value(data, pos)
            if match:
                self._end(begin, pos, match.end(), -1)
                return after_spaces(data, match.end()), False
        match = _VALUE(data, pos)
        if match is None:
            raise NotJson
        kind = match.lastindex or 0
        if kind == _SCALAR:
            self._end(begin, pos, match.end(1), place.scalar)
            return match.end(), False
        self._open(place, begin, pos, in_array=kind == _ARRAY)
        pos = match.end()
        return pos, data[pos] != self._containers[-1].closer

    def _open(self, place: Place, begin: int, start: int, *, in_array: bool) -> None:
        if len(self._containers) >= MAX_DEPTH:
            raise NotJson
        within = place.whole >= 0 or bool(self._containers and self._containers[-1].within)
        inside = place.inside() if place.whole >= 0 else place
        self._containers.append(_Container(inside, begin, start, in_array, place.whole, within))

    def _close(self, pos: int) -> int:
        """At the end of a container, if it is one; the position behind it and the spaces there."""
        container = self._containers.pop()
        if self._data[pos] != container.closer:
            raise NotJson
        if not container.within:
            self._cut(container.close())
        self._end(container.begin, container.start, pos + 1, container.rule)
        return after_spaces(self._data, pos + 1)

    def _end(self, begin: int, start: int, end: int, rule: int) -> None:
        """A value is over."""
        parent = self._containers[-1] if self._containers else None
        if parent and parent.within:
            return
        change = self._changes[rule] if rule >= 0 else None
        if change and change.removes and parent:
            parent.drop(begin, end)
            self.noted.append(rule)
            return
        if parent:
            self._cut(parent.keep(begin, end))
        if change:
            self._cut(Cut(start, end, rule))

    def _cut(self, cut: Cut | None) -> None:
        if cut:
            self.cuts.append(cut)
