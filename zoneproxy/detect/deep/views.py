"""All readings of a value that are worth a look: each decoder's of the value, and of what came out of another decoder.

A value is decoded more often than anybody would nest encodings, within a budget. Over that there is no telling what
the value holds, and ProtocolError (``budget``) says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from zoneproxy.detect.deep import base85, characters, packed, quoted, runs, siblings, spelled, wide, wrapped
from zoneproxy.detect.deep.budget import Budget
from zoneproxy.detect.deep.pieces import Piece, View
from zoneproxy.detect.patterns import Pattern, compile_pattern

MAX_DEPTH = 5  # opaque encodings one within another, and others, such as JSON in strings of JSON, just as many
_REACH = 64  # bytes: readings of places that are farther apart than that have nothing to do with one another


class Decoder(NamedTuple):
    """``pattern`` matches wherever ``pieces`` could find anything."""

    pattern: Pattern
    pieces: Callable[[bytes, Budget], Iterable[Piece]]
    opaque: bool


def _coded(text: bytes, _budget: Budget) -> Iterator[Piece]:
    for code in runs.CODES:
        yield from code.pieces(text)
    yield from base85.pieces(text)


@cache
def _shapes() -> tuple[bytes, ...]:
    coded = b"|".join((*(code.shape for code in runs.CODES), base85.SHAPE))
    return (
        coded,
        packed.SHAPE,
        characters.shape(),
        wide.SHAPE,
        spelled.SHAPE,
        siblings.SHAPE,
        quoted.SHAPE,
        wrapped.SHAPE,
    )


@cache
def decoders() -> tuple[Decoder, ...]:
    """All of them. Those that bring out most come first."""
    coded, packed_, characters_, wide_, spelled_, siblings_, quoted_, wrapped_ = map(compile_pattern, _shapes())
    return (
        Decoder(coded, _coded, True),
        Decoder(packed_, packed.pieces, True),
        Decoder(characters_, lambda text, _: characters.pieces(text), False),
        Decoder(wide_, lambda text, _: wide.pieces(text), False),
        Decoder(spelled_, lambda text, _: spelled.pieces(text), False),
        Decoder(siblings_, lambda text, _: siblings.pieces(text), False),
        Decoder(quoted_, lambda text, _: quoted.pieces(text), False),
        Decoder(wrapped_, lambda text, _: wrapped.pieces(text), False),
    )


@cache
def anything() -> Pattern:
    """Matches wherever any decoder could find anything."""
    return compile_pattern(*_shapes())


class _Level(NamedTuple):
    view: View
    opaque: int
    others: int


def views(value: bytes) -> Iterator[View]:
    """Other readings of ``value``, if there are any. Raises ProtocolError (``budget``): there are too many."""
    if anything().search(value) is None:
        return
    budget = Budget(len(value))
    seen = {value}
    waiting = [_Level(View(value), 0, 0)]
    while waiting:
        level = waiting.pop(0)
        for decoder in decoders():
            view = _decoded(level, decoder, budget)
            if view is None or view.text in seen:
                continue
            budget.view(len(view.text))
            seen.add(view.text)
            yield view
            waiting.append(_Level(view, level.opaque + decoder.opaque, level.others + (not decoder.opaque)))


def _decoded(level: _Level, decoder: Decoder, budget: Budget) -> View | None:
    view = level.view
    if (level.opaque if decoder.opaque else level.others) == MAX_DEPTH:
        return None
    if decoder.pattern.search(view.text) is None:
        return None
    pieces = _apart(decoder.pieces(view.text, budget))
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
