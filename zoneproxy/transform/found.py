"""Findings changed where they are: inside the strings and numbers of JSON, or in text of any other kind."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from zoneproxy.transform.change import Change
from zoneproxy.transform.characters import character_starts
from zoneproxy.transform.json_text import BACKSLASH
from zoneproxy.transform.json_tokens import Kind, NotJson, tokens
from zoneproxy.transform.put_out import PutOut
from zoneproxy.transform.splice import Edit, splice

_NUMBER: Final = int(Kind.NUMBER)
_NAME: Final = int(Kind.NAME)
_STRINGS: Final = frozenset({int(Kind.STRING), _NAME})


class Spot:
    """``text[start:end]`` is to be changed, as something of these types."""

    __slots__ = ("change", "end", "start", "types")

    def __init__(self, start: int, end: int, change: Change, types: Collection[str] = ()) -> None:
        self.start: Final = start
        self.end: Final = end
        self.change: Final = change
        self.types: Final = types


_QUOTE: Final = 0x22
_MAY_BE_JSON: Final = (b"{", b"[", b'"')  # a bare number is more often a text


def change_found(text: bytes, spots: Sequence[Spot], put_out: PutOut | None = None) -> bytes | None:
    """``text`` with all ``spots`` changed. None: one of them is where a JSON document cannot be cut.

    What is JSON stays JSON: a number that a spot lies in becomes a string, or null if it is removed, unless its change
    keeps numbers. Of spots that overlap the strictest change wins, for all of the bytes that they cover. What takes
    their places is added to ``put_out``.
    """
    apart, put_out = _apart(spots), PutOut() if put_out is None else put_out
    if text.lstrip(b" \t\n\r")[:1] in _MAY_BE_JSON:
        alike = _either_way(text, apart)
        if alike is not None:
            for number, spot in enumerate(apart):
                put_out.add(alike[2 * number + 1], spot.change, spot.types)
            return b"".join(alike)
        try:
            edits = _in_json(text, apart, put_out)
        except NotJson:
            pass
        else:
            return None if edits is None else splice(text, edits)
    return splice(text, (_edit(spot, 0, spot.change.text(text[spot.start : spot.end]), put_out) for spot in apart))


def _either_way(text: bytes, spots: Sequence[Spot]) -> list[bytes] | None:
    """What comes out whether ``text`` is JSON or not; None where that makes a difference, or may make one.

    In pieces, of which every second one takes the place of a spot. To tell takes longer than all else that is done to
    a value. But what stands behind an odd number of quotes, where nothing is escaped, is in a string if there are
    strings at all: between its quotes if there is none in it, and of whole characters if it is ASCII and has ASCII
    behind it.
    """
    if not spots or BACKSLASH in text[: spots[-1].end]:
        return None
    pieces: list[bytes] = []
    quotes = done = 0
    for spot in spots:
        start, end, change = spot.start, spot.end, spot.change
        found = text[start:end]
        before = text[done:start]
        quotes += before.count(b'"')
        if not quotes & 1 or _QUOTE in found or not text[start : end + 1].isascii() or end == len(text) or change.nulls:
            return None
        replacement = change.alike(found)
        if replacement is None:
            return None
        pieces.append(before)
        pieces.append(replacement)
        done = end
    pieces.append(text[done:])
    return pieces


def _edit(spot: Spot, shift: int, replacement: bytes, put_out: PutOut) -> Edit:
    put_out.add(replacement, spot.change, spot.types)
    return Edit(spot.start - shift, spot.end - shift, replacement)


def _apart(spots: Sequence[Spot]) -> Sequence[Spot]:
    if _are_apart(spots):
        return spots
    apart: list[Spot] = []
    for spot in sorted(spots, key=lambda spot: (spot.start, spot.end)):
        if apart and spot.start < apart[-1].end:
            last = apart.pop()
            strictest = max(last.change, spot.change, key=lambda change: change.strictness)
            spot = Spot(last.start, max(last.end, spot.end), strictest, (*last.types, *spot.types))
        apart.append(spot)
    return apart


def _are_apart(spots: Sequence[Spot]) -> bool:
    """In order and without overlaps, as findings mostly are."""
    end = 0
    for spot in spots:
        if spot.start < end:
            return False
        end = spot.end
    return True


def _in_json(text: bytes, spots: Sequence[Spot], put_out: PutOut) -> list[Edit] | None:
    """Raises NotJson."""
    edits: list[Edit] = []
    waiting = deque(spots)
    for kind, start, end in tokens(text):
        inside = []
        while waiting and waiting[0].start < end:
            inside.append(waiting.popleft())
        if not inside:
            continue
        if inside[0].start < start or inside[-1].end > end:
            return None
        if kind == _NUMBER:
            edits.append(_in_number(text, start, end, inside, put_out))
        elif kind in _STRINGS and _can_be_cut(text, start, end, inside):
            edits += _in_string(text, kind, start, end, inside, put_out)
        else:
            return None
    return None if waiting else edits


def _in_number(text: bytes, start: int, end: int, spots: Sequence[Spot], put_out: PutOut) -> Edit:
    if any(spot.change.removes or spot.change.nulls for spot in spots):
        return Edit(start, end, b"null")
    whole = spots[0]
    if whole.start == start and whole.end == end:
        replacement = whole.change.value(text[start:end])
        put_out.add(replacement.strip(b'"'), whole.change, whole.types)
        return Edit(start, end, replacement)
    inside = (_edit(spot, start, spot.change.in_string(text[spot.start : spot.end]), put_out) for spot in spots)
    return Edit(start, end, b'"' + splice(text[start:end], inside) + b'"')


def _in_string(text: bytes, kind: int, start: int, end: int, spots: Sequence[Spot], put_out: PutOut) -> Iterator[Edit]:
    if kind != _NAME and any(spot.change.nulls for spot in spots):
        yield Edit(start, end, b"null")
        return
    for spot in spots:
        yield _edit(spot, 0, spot.change.in_string(text[spot.start : spot.end]), put_out)


def _can_be_cut(text: bytes, start: int, end: int, spots: Sequence[Spot]) -> bool:
    """The spots lie between the quotes and cut no character and no escape in two."""
    if spots[0].start == start or spots[-1].end == end:
        return False
    inside = text[start + 1 : end - 1]
    cuts = {at - start - 1 for spot in spots for at in (spot.start, spot.end)} - {len(inside)}
    return cuts <= character_starts(inside, cuts)
