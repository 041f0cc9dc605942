"""All readings of a value that are worth a look: each decoder's of the value, and of what came out of another decoder.

A value is decoded more often than anybody would nest encodings, within a budget. Over that there is no telling what
the value holds, and ProtocolError (``budget``) says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import IntEnum
from functools import cache
from itertools import chain
from typing import NamedTuple

from zoneproxy.detect.deep import base85, characters, packed, quoted, runs, siblings, spelled, wide, wrapped
from zoneproxy.detect.deep.budget import Budget
from zoneproxy.detect.deep.pieces import Piece, View
from zoneproxy.detect.deep.runs import segment_spans
from zoneproxy.detect.patterns import PatternSet

MAX_DEPTH = 5  # opaque encodings one within another, and others, such as JSON in strings of JSON, just as many
_REACH = 64  # bytes: readings of places that are farther apart than that have nothing to do with one another

_SMALL = 4096  # bytes
_MANY = 50  # one byte of so many is a control character: that is no text
_NO_CONTROLS = bytes([*b"\t\n\r", *range(0x20, 0x100)])


class Decoder(IntEnum):
    """What is decoded at once. Those that bring out most come first."""

    CODED = 0
    PACKED = 1
    CHARACTERS = 2
    WIDE = 3
    SPELLED = 4
    SIBLINGS = 5
    QUOTED = 6
    WRAPPED = 7

    @property
    def is_opaque(self) -> bool:
        """It brings out what is made of other bytes altogether."""
        return self <= Decoder.PACKED


class Source(NamedTuple):
    """Where pieces come from: ``shape`` matches wherever ``pieces`` could find any."""

    decoder: Decoder
    shape: bytes
    pieces: Callable[[bytes], Iterable[Piece]]


@cache
def sources() -> tuple[Source, ...]:
    """All but what is compressed, which takes a budget."""
    return (
        *(Source(Decoder.CODED, code.shape, code.pieces) for code in (*runs.CODES, *base85.ALPHABETS)),
        Source(Decoder.CHARACTERS, characters.shape(), characters.pieces),
        Source(Decoder.WIDE, wide.SHAPE, wide.pieces),
        Source(Decoder.SPELLED, spelled.SHAPE, spelled.pieces),
        Source(Decoder.SIBLINGS, siblings.SHAPE, siblings.pieces),
        Source(Decoder.QUOTED, quoted.SHAPE, quoted.pieces),
        Source(Decoder.WRAPPED, wrapped.SHAPE, wrapped.pieces),
    )


@cache
def _shapes() -> PatternSet:
    return PatternSet([*(source.shape for source in sources()), packed.SHAPE])


Found = dict[Decoder, Iterable[Piece]]


def _found(text: bytes, budget: Budget) -> Found:
    """What the decoders that could find anything in ``text`` do find, in their order."""
    found: Found = {}
    known = sources()
    for index in sorted(_shapes().matching(text)):
        if index == len(known):
            found[Decoder.PACKED] = packed.pieces(text, budget)
        else:
            source = known[index]
            found[source.decoder] = chain(found.get(source.decoder, ()), source.pieces(text))
    return found


class _Level(NamedTuple):
    view: View
    opaque: int
    others: int


def views(value: bytes) -> Iterator[View]:
    """Other readings of ``value``, if there are any. Raises ProtocolError (``budget``): there are too many."""
    budget = Budget(len(value))
    found = _found(value, budget)
    if not found:
        return
    waiting = [(_Level(view, 0, 0), found) for view, found in _first(value, found, budget)]
    seen = {value}
    while waiting:
        level, found = waiting.pop(0)
        for decoder in sorted(found):
            view = _decoded(level, decoder, found[decoder])
            if view is None or view.text in seen:
                continue
            budget.view(len(view.text))
            seen.add(view.text)
            yield view
            deeper = _Level(view, level.opaque + decoder.is_opaque, level.others + (not decoder.is_opaque))
            waiting.append((deeper, _found(view.text, budget)))


def _first(value: bytes, found: Found, budget: Budget) -> Iterator[tuple[View, Found]]:
    """The value itself. If it is large and no text, all but its pieces of text are passed over by most decoders."""
    if len(value) <= _SMALL or len(value.translate(None, _NO_CONTROLS)) * _MANY < len(value):
        yield View(value), found
        return
    yield View(value), {decoder: found[decoder] for decoder in (Decoder.PACKED, Decoder.WIDE) if decoder in found}
    gaps, end = [], 0
    for start, finish in segment_spans(value):
        gaps.append(Piece(end, start, runs.APART))
        end = finish
    view = View(value, [*gaps, Piece(end, len(value), runs.APART)])
    yield view, _found(view.text, budget)


def _decoded(level: _Level, decoder: Decoder, found: Iterable[Piece]) -> View | None:
    view = level.view
    if (level.opaque if decoder.is_opaque else level.others) == MAX_DEPTH:
        return None
    pieces = _apart(found)
    is_first = not level.opaque and not level.others
    if not pieces or not (is_first or view.concerns(pieces, _REACH)):
        return None
    return View(view.text, pieces, view)


def _apart(pieces: Iterable[Piece]) -> Sequence[Piece]:
    """In order. Of pieces that overlap all readings are taken, one after another, for all that they cover."""
    apart: list[Piece] = []
    for piece in sorted(pieces):
        if apart and piece.start < apart[-1].end:
            last = apart.pop()
            says = last.says + piece.says
            piece = Piece(last.start, max(last.end, piece.end), says)
        apart.append(piece)
    return apart
