"""Field rules at work on one JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from zoneproxy.transform.change import Change
from zoneproxy.transform.json_text import decode_string
from zoneproxy.transform.json_tokens import Kind, tokens
from zoneproxy.transform.paths import PathTree, Step, tree_of
from zoneproxy.transform.splice import Edit, splice

_STRING, _NUMBER, _CLOSE, _NAME = map(int, (Kind.STRING, Kind.NUMBER, Kind.CLOSE, Kind.NAME))
_OPEN_OBJECT, _OPEN_ARRAY = int(Kind.OPEN_OBJECT), int(Kind.OPEN_ARRAY)


class Changed(NamedTuple):
    """A text after its edits, and for each one the index of the rule that asked for it."""

    text: bytes
    rules: Sequence[int]


class FieldRules:
    """Paths, and what becomes of the values there: all of them, where a name is given twice."""

    def __init__(self, rules: Sequence[tuple[tuple[Step, ...], Change]]) -> None:
        self._tree = tree_of(path for path, _ in rules)
        self._changes = [change for _, change in rules]

    def apply(self, text: bytes) -> Changed:
        """``text`` with the rules applied; ``text`` itself if none of them meets anything. Raises NotJson."""
        walk = _Walk(text, self._tree, self._changes)
        walk.run()
        return Changed(splice(text, walk.edits) if walk.edits else text, walk.rules)


class _Container:
    """An open object or array, and which of its children go.

    A child that goes takes the comma behind it along, or the one before it if nothing is left behind it.
    """

    __slots__ = ("_going", "_gone", "_kept", "index", "tree")

    def __init__(self, tree: PathTree, in_array: bool) -> None:
        self.tree = tree
        self.index = 0 if in_array else None  # of the next child
        self._going: int | None = None  # where the children that go now began
        self._gone = 0  # where the last of them ended
        self._kept: int | None = None  # where the last child that stays ended

    def drop(self, start: int, end: int) -> None:
        if self._going is None:
            self._going = start
        self._gone = end

    def keep(self, start: int) -> Edit | None:
        """A child stays that starts here; what goes before it."""
        if self._going is None:
            return None
        edit = Edit(self._going, start, b"")
        self._going = None
        return edit

    def kept(self, end: int) -> None:
        self._kept = end

    def close(self) -> Edit | None:
        """What goes at the end."""
        if self._going is None:
            return None
        return Edit(self._going if self._kept is None else self._kept, self._gone, b"")


class _Walk:
    """One way through a document."""

    def __init__(self, text: bytes, tree: PathTree, changes: Sequence[Change]) -> None:
        self.edits: list[Edit] = []
        self.rules: list[int] = []
        self._text = text
        self._changes = changes
        self._containers: list[_Container] = []
        self._tree: PathTree | None = tree  # what remains of the paths at the next value
        self._begin = 0  # of the next value, its name included

    def run(self) -> None:
        depth = 0  # in a value that is changed as a whole, or that no path leads into
        start_of_whole, rule_of_whole = 0, -1
        for kind, start, end in tokens(self._text):
            if depth:
                depth += (kind in _OPENING) - (kind == _CLOSE)
                if not depth:
                    self._end(_OPEN_OBJECT, start_of_whole, end, rule_of_whole)
            elif kind == _NAME:
                self._tree = self._containers[-1].tree.member(decode_string(self._text[start:end]))
                self._begin = start
            elif kind == _CLOSE:
                self._close(end)
            else:
                rule = self._start(start)
                if kind not in _OPENING:
                    self._end(kind, start, end, rule)
                elif self._tree is None or rule >= 0:
                    depth, start_of_whole, rule_of_whole = 1, start, rule
                else:
                    self._containers.append(_Container(self._tree, in_array=kind == _OPEN_ARRAY))

    def _start(self, start: int) -> int:
        """A value starts; the rule that it falls under, or -1."""
        parent = self._containers[-1] if self._containers else None
        if parent and parent.index is not None:
            self._tree = parent.tree.element(parent.index)
            self._begin = start
            parent.index += 1
        rules = self._tree.rules if self._tree else ()
        rule = max(rules, key=lambda rule: self._changes[rule].strictness, default=-1)
        if parent and (rule < 0 or not self._changes[rule].removes):
            self._edit(parent.keep(self._begin))
        return rule

    def _end(self, kind: int, start: int, end: int, rule: int) -> None:
        """A value is over that is changed as a whole or not at all."""
        parent = self._containers[-1] if self._containers else None
        if rule >= 0 and parent and self._changes[rule].removes:
            parent.drop(self._begin, end)
            self.rules.append(rule)
            return
        if rule >= 0:
            before = self._text[start:end]
            replacement = b"null" if self._changes[rule].removes else self._changes[rule].value(before)
            if replacement != before:
                self._edit(Edit(start, end, replacement))
                self.rules.append(rule)
        if parent:
            parent.kept(end)

    def _close(self, end: int) -> None:
        self._edit(self._containers.pop().close())
        if self._containers:
            self._containers[-1].kept(end)

    def _edit(self, edit: Edit | None) -> None:
        if edit:
            self.edits.append(edit)


_OPENING = frozenset({_OPEN_OBJECT, _OPEN_ARRAY})
