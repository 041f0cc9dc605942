"""XML leaf by leaf.

Paths are made of local names (``$.order.card.number``, whatever the prefixes are), those of attributes with an @
(``$.order['@id']``); elements of the same name in one place have the same path. The text of an element is one leaf,
however it is cut up by CDATA, comments or other elements. Comments and instructions say something, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from zoneproxy.formats.document import CannotChange, FormatLimits, Kind, Malformed, Path
from zoneproxy.formats.leaves import Leaves, outermost
from zoneproxy.formats.xml.grammar import Token, attributes, check, encoding_of, tokens
from zoneproxy.formats.xml.markup import Place, said, written
from zoneproxy.transform.splice import Edit, splice


class _Piece(NamedTuple):
    """Markup that says ``text``, or a part of it."""

    start: int
    end: int
    place: Place
    text: bytes


class _Element:
    """An open element."""

    __slots__ = ("name", "path", "pieces")

    def __init__(self, path: Path, name: int) -> None:
        self.path = path
        self.name = name  # the leaf that names it
        self.pieces: list[_Piece] = []


class XmlDocument:
    """See the module."""

    def __init__(self, value: bytes, limits: FormatLimits) -> None:
        """Raises Malformed."""
        self.leaves = Leaves(value, limits)
        self._bom, self._encoding = encoding_of(value)
        try:
            self._text = value[len(self._bom) :].decode(self._encoding).encode()
        except UnicodeError:
            raise Malformed("encoding") from None
        self._pieces: list[list[_Piece]] = []  # of each leaf
        self._whole: list[tuple[int, int]] = []  # what goes if the leaf is removed
        self._open: list[_Element] = []
        for token in tokens(self._text):
            self._take(token)
        check(self._text)

    def rewritten(self, changed: Mapping[int, bytes | None]) -> bytes:
        """See Document. Of an element whose text is removed the tags are left, unless its name is removed, too."""
        edits = [edit for index, text in changed.items() for edit in self._edits(index, text)]
        text = splice(self._text, outermost(edits))
        return self._bom + text.decode().encode(self._encoding, errors="xmlcharrefreplace")

    # --- reading

    def _take(self, token: Token) -> None:
        inside = slice(*token.inside)
        if token.kind == "open":
            self._enter(token)
        elif token.kind == "close":
            self._close(token)
        elif token.kind in ("text", "cdata"):
            if self._open:
                place = Place(token.kind)
                self._open[-1].pieces.append(_Piece(*token.inside, place, said(self._text[inside], place)))
        else:
            self.leaves.enter(len(self._open))  # counted even if there is nothing in it
            path = (*(self._open[-1].path if self._open else ()), b"#" + token.kind.encode())
            self._add(path, [_Piece(*token.inside, Place(token.kind), self._text[inside])], (token.start, token.end))

    def _enter(self, tag: Token) -> None:
        name = self._text[slice(*tag.inside)]
        path = (*(self._open[-1].path if self._open else ()), _local(name))
        element = _Element(path, len(self.leaves))
        self.leaves.enter(len(self._open) + 1)
        self._add(path, [_Piece(*tag.inside, Place.NAME, name)], (tag.start, tag.end), Kind.NAME)
        for attribute in attributes(self._text, tag):
            name, value = (self._text[slice(*span)] for span in (attribute.name, attribute.value))
            below, whole = (*path, b"@" + _local(name)), (attribute.start, attribute.end)
            self._add(below, [_Piece(*attribute.name, Place.NAME, name)], whole, Kind.NAME)
            place = Place.ATTRIBUTE
            self._add(below, [_Piece(*attribute.value, place, said(value, place))], whole)
        if self._text[tag.end - 2] != _SLASH:
            self._open.append(element)

    def _close(self, tag: Token) -> None:
        if not self._open:
            raise Malformed("xml")
        element = self._open.pop()
        start, _ = self._whole[element.name]
        self._whole[element.name] = (start, tag.end)
        self._add(element.path, element.pieces, None)

    def _add(self, path: Path, pieces: list[_Piece], whole: tuple[int, int] | None, kind: Kind = Kind.TEXT) -> None:
        text = b"".join(piece.text for piece in pieces)
        if text and not text.isspace():
            self.leaves.add(path, text, kind)
            self._pieces.append(pieces)
            self._whole.append(whole or (_NOTHING, _NOTHING))

    # --- writing

    def _edits(self, index: int, text: bytes | None) -> Iterator[Edit]:
        start, end = self._whole[index]
        if text is None and start != _NOTHING:
            if self.leaves[index].kind is Kind.NAME and len(self.leaves[index].path) == 1:
                raise CannotChange  # a document has a root
            yield Edit(start, end, b"")
            return
        for piece, part in _apart(self._pieces[index], self.leaves[index].text, text or b""):
            yield Edit(piece.start, piece.end, written(part, piece.place))


_NOTHING = -1
_SLASH = ord("/")


def _local(name: bytes) -> bytes:
    return name.rpartition(b":")[2]


def _apart(pieces: list[_Piece], before: bytes, after: bytes) -> Iterator[tuple[_Piece, bytes]]:
    """What the pieces that have to say now that all of them together do not say ``before`` but ``after``.

    The ones in front and behind that can stay as they are do; the first of the others gets what is new.
    """
    first = _alike(before, after)
    last = _alike(before[first:][::-1], after[first:][::-1])
    while first and (_within_character(before, first) or _within_character(after, first)):
        first -= 1
    while last and _within_character(before, len(before) - last):
        last -= 1
    new: bytes | None = after[first : len(after) - last]
    start = 0
    for piece in pieces:
        end = start + len(piece.text)
        touched = start < len(before) - last and end > first
        if touched or (new and (end > first or piece is pieces[-1])):
            front, back = before[start : max(start, first)], before[max(start, len(before) - last) : end]
            yield piece, front + (new or b"") + back
            new = None
        start = end


def _within_character(text: bytes, pos: int) -> bool:
    return pos < len(text) and text[pos] & 0xC0 == 0x80


def _alike(one: bytes, other: bytes) -> int:
    """How many bytes they begin with that are the same."""
    most = min(len(one), len(other))
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def read_xml(value: bytes, limits: FormatLimits) -> XmlDocument:
    """See Document."""
    return XmlDocument(value, limits)
