"""What field rules come to in one JSON document: which spans of it are changed or go, and what is noted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from zoneproxy.transform.change import Change
from zoneproxy.transform.json_text import decode_string
from zoneproxy.transform.json_tokens import Kind, Token, tokens
from zoneproxy.transform.places import Place

GONE = -1

_CLOSE, _NAME = int(Kind.CLOSE), int(Kind.NAME)
_OPEN_OBJECT, _OPEN_ARRAY = int(Kind.OPEN_OBJECT), int(Kind.OPEN_ARRAY)


class Cut(NamedTuple):
    """``text[start:end]`` is a value that ``rule`` changes, or goes with the commas around it if that is GONE."""

    start: int
    end: int
    rule: int


class Outline(NamedTuple):
    """Depends on how a document is built and on its names, not on what its scalars are."""

    tokens: list[Token]
    cuts: list[Cut]  # in order, apart from each other
    noted: list[int]  # the rules that take note or remove, once for each value


class _Container:
    """An open object or array, and which of its children go.

    A child that goes takes the comma behind it along, or the one before it if nothing is left behind it.
    """

    __slots__ = ("_going", "_gone", "_kept", "begin", "index", "place", "rule", "start", "within")

    def __init__(self, place: Place, begin: int, start: int, in_array: bool, rule: int, within: bool) -> None:
        self.place = place
        self.begin = begin  # where it starts, its name included
        self.start = start
        self.index = 0 if in_array else None  # of the next child
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
    walk = _Walk(text, root, changes)
    walk.run()
    walk.cuts.sort()
    return Outline(walk.tokens, walk.cuts, walk.noted)


class _Walk:
    """One way through a document."""

    def __init__(self, text: bytes, root: Place, changes: Sequence[Change | None]) -> None:
        self.tokens: list[Token] = list(tokens(text))
        self.cuts: list[Cut] = []
        self.noted: list[int] = []
        self._text = text
        self._changes = changes
        self._containers: list[_Container] = []
        self._place = root  # of the next value
        self._begin = 0  # of the next value, its name included

    def run(self) -> None:
        passed = 0  # how deep in a value that no rule leads into
        for kind, start, end in self.tokens:
            if passed:
                passed += (kind in _OPENING) - (kind == _CLOSE)
                if not passed:
                    self._close(end)
            elif kind == _NAME:
                self._place = self._containers[-1].place.member(decode_string(self._text[start:end]))
                self._begin = start
            elif kind == _CLOSE:
                self._close(end)
            else:
                self._arrive(start)
                if kind in _OPENING:
                    passed = self._open(kind, start)
                else:
                    self._end(self._begin, start, end, self._place.scalar)

    def _arrive(self, start: int) -> None:
        """At a value, whose place is known already if it has a name."""
        parent = self._containers[-1] if self._containers else None
        if parent and parent.index is not None:
            self._place = parent.place.element(parent.index)
            self._begin = start
            parent.index += 1
        self.noted += self._place.notes

    def _open(self, kind: int, start: int) -> int:
        """At an object or array; 1 if nothing in it matters."""
        place = self._place
        within = place.whole >= 0 or bool(self._containers and self._containers[-1].within)
        inside = place.inside() if place.whole >= 0 else place
        container = _Container(inside, self._begin, start, kind == _OPEN_ARRAY, place.whole, within)
        self._containers.append(container)
        return not inside.leads_on

    def _close(self, end: int) -> None:
        container = self._containers.pop()
        if not container.within:
            self._cut(container.close())
        self._end(container.begin, container.start, end, container.rule)

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


_OPENING = frozenset({_OPEN_OBJECT, _OPEN_ARRAY})
