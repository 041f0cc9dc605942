"""JSON (RFC 8259): every string and number, those under names that are given twice, too."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise

from zoneproxy.formats.document import CannotChange, FormatLimits, Kind, Malformed, Path
from zoneproxy.formats.leaves import Leaves, outermost
from zoneproxy.formats.numbers import plain
from zoneproxy.transform.json_text import BACKSLASH, decode_string, encode_string
from zoneproxy.transform.json_tokens import Kind as Token
from zoneproxy.transform.json_tokens import NotJson, tokens
from zoneproxy.transform.splice import Edit, splice

_STRING, _NUMBER, _CLOSE, _NAME = map(int, (Token.STRING, Token.NUMBER, Token.CLOSE, Token.NAME))
_OPEN_OBJECT, _OPEN_ARRAY = int(Token.OPEN_OBJECT), int(Token.OPEN_ARRAY)
_NOWHERE = -1
_CHILD = 2  # in the place of a leaf
_BEGIN, _END, _IN = range(3)  # of a child


class _Container:
    """An open object or array."""

    __slots__ = ("child", "index", "path", "serial")

    def __init__(self, serial: int, child: int, path: Path, in_array: bool) -> None:
        self.serial = serial
        self.child = child  # which one of its parent's it is
        self.path = path
        self.index = 0 if in_array else None  # of the next child


class JsonDocument:
    """See the module."""

    def __init__(self, value: bytes, limits: FormatLimits) -> None:
        """Raises Malformed (``json`` and those of the limits)."""
        self.leaves = Leaves(value, limits)
        self._value = value
        self._places: list[tuple[int, int, int]] = []  # of each leaf: its token, and the child that it is or names
        self._children: list[list[int]] = []  # members and elements: begin, with the name; end; in which container
        self._open: list[_Container] = []
        self._containers = 0
        try:
            self._read()
        except NotJson:
            raise Malformed("json") from None

    def rewritten(self, changed: Mapping[int, bytes | None]) -> bytes:
        """See Document. What is no longer a number is a string; where the whole value is removed, null is left."""
        edits = list(self._removals({self._places[i][_CHILD] for i, text in changed.items() if text is None}))
        for index, text in changed.items():
            if text is not None:
                start, end, _ = self._places[index]
                edits.append(Edit(start, end, _said_anew(self._value[start:end], text)))
        return splice(self._value, outermost(edits))

    def _read(self) -> None:
        path: Path = ()
        begin = _NOWHERE  # of the member whose value comes next
        for kind, start, end in tokens(self._value):
            if kind == _CLOSE:
                self._children[self._open.pop().child][_END] = end
                continue
            parent = self._open[-1] if self._open else None
            if kind == _NAME:
                assert parent
                name = decode_string(self._value[start:end])
                path, begin = (*parent.path, name), start
                self.leaves.add_name(path, name)
                self._places.append((start, end, len(self._children)))
                continue
            if parent and parent.index is not None:
                path, begin = (*parent.path, parent.index), start
                parent.index += 1
            child = len(self._children)
            self._children.append([begin, end, parent.serial] if parent else [start, end, _NOWHERE])
            if kind in _OPENING:
                self._containers += 1
                self._open.append(_Container(self._containers, child, path, in_array=kind == _OPEN_ARRAY))
                self.leaves.enter(len(self._open))
            else:
                self._scalar(path, kind, self._value[start:end])
                self._places.append((start, end, child))

    def _scalar(self, path: Path, kind: int, token: bytes) -> None:
        if kind == _STRING:
            self.leaves.add(path, decode_string(token), Kind.TEXT)
        elif kind == _NUMBER:
            self.leaves.add(path, plain(token), Kind.NUMBER)
        else:
            self.leaves.add(path, token, Kind.OTHER)

    def _removals(self, going: Collection[int]) -> Iterator[Edit]:
        if not going:
            return
        siblings: dict[int, list[int]] = {self._children[child][_IN]: [] for child in going}
        for child, (_, _, container) in enumerate(self._children):
            if container in siblings:
                siblings[container].append(child)
        if siblings.pop(_NOWHERE, None):  # all there is
            begin, end, _ = self._children[0]
            yield Edit(begin, end, b"null")
        for children in siblings.values():
            yield from self._gaps(children, going)

    def _gaps(self, children: list[int], going: Collection[int]) -> Iterator[Edit]:
        """What goes of one container, with the commas: behind each child that stays, all up to the next one that does.

        In front of the first that stays nothing does, and if none stays there are no commas.
        """
        begins, ends = ([self._children[child][of] for child in children] for of in (_BEGIN, _END))
        staying = [at for at, child in enumerate(children) if child not in going]
        if not staying:
            yield Edit(begins[0], ends[-1], b"")
            return
        if staying[0]:
            yield Edit(begins[0], begins[staying[0]], b"")
        for left, right in pairwise(staying):
            if right != left + 1:
                yield Edit(begins[left + 1], begins[right], b"")
        if staying[-1] != len(children) - 1:
            yield Edit(ends[staying[-1]], ends[-1], b"")


_OPENING = frozenset({_OPEN_OBJECT, _OPEN_ARRAY})


_CHARACTERS = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\\x80-\xff]|[\x80-\xff]+"
)


def _said_anew(token: bytes, text: bytes) -> bytes:
    """A string that says ``text`` in the place of ``token``: what it begins and ends with as before, escapes and all.

    Raises CannotChange: it is not UTF-8 (a surrogate alone may be: JSON has those).
    """
    front, back = [], []
    begin, end = 0, len(text)  # what is left of it to be said
    if b"\\" in token:
        written = deque(_CHARACTERS.findall(token[1:-1]))
        while written and text.startswith(said := _said(written[0]), begin):
            begin += len(said)
            front.append(written.popleft())
        while written and text.endswith(said := _said(written[-1]), begin, end):
            end -= len(said)
            back.append(written.pop())
    try:
        middle = encode_string(text[begin:end])[1:-1]
    except UnicodeDecodeError:
        raise CannotChange from None
    return b'"' + b"".join(front) + middle + b"".join(reversed(back)) + b'"'


def _said(written: bytes) -> bytes:
    """What one character, or some beyond ASCII, say between quotes."""
    return decode_string(b'"' + written + b'"') if written[0] == BACKSLASH else written


def read_json(value: bytes, limits: FormatLimits) -> JsonDocument:
    """See Document."""
    return JsonDocument(value, limits)


_HIDES = re.compile(rb'\\|[0-9][eE]|\.0+(?![0-9])|" *\[').search
_CONTAINER = re.compile(rb"[ \t\r\n]*[{\[]").match


def is_open_json(value: bytes) -> bool:
    """Whether ``value`` is an object or array that says nothing but what stands there.

    It has no escapes, so no objects or strings in its strings, and no arrays either; no exponents, and no whole
    numbers with fractions.
    """
    if _HIDES(value) or not _CONTAINER(value):
        return False
    try:
        deque(tokens(value), maxlen=0)
    except NotJson:
        return False
    return True
