"""Edits of a value in which lengths stand before what they measure, one in another: these must stay right.

A length of more digits makes what it stands in longer as well, so the innermost come first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from zoneproxy.formats.document import CannotChange
from zoneproxy.transform.splice import Edit, splice

OUTERMOST = -1
"""Inside of no length."""


@dataclass(frozen=True, slots=True)
class Length:
    """``size`` is written at ``start:end`` by ``write``; ``inside`` says which length measures that place itself."""

    start: int
    end: int
    size: int
    write: Callable[[int], bytes]
    inside: int


@dataclass(frozen=True, slots=True)
class Change:
    """An edit inside of a length (its index). ``removal``: nothing that was there is left."""

    edit: Edit
    inside: int
    removal: bool = False


def spliced(data: bytes, lengths: Sequence[Length], changes: Iterable[Change]) -> bytes:
    """``data`` with ``changes`` made and ``lengths`` right. Each length comes before those inside of it.

    Raises CannotChange: two changes are about the same bytes, and are not removals both.
    """
    kept = _apart(changes)
    grown: dict[int, int] = {}
    for change in kept:
        grown[change.inside] = grown.get(change.inside, 0) + _growth(change.edit)
    edits = [change.edit for change in kept]
    for index in range(max(grown, default=OUTERMOST), OUTERMOST, -1):
        if grown.get(index):
            length = lengths[index]
            edit = Edit(length.start, length.end, length.write(length.size + grown[index]))
            grown[length.inside] = grown.get(length.inside, 0) + grown[index] + _growth(edit)
            edits.append(edit)
    return splice(data, sorted(edits))


def _growth(edit: Edit) -> int:
    return len(edit.replacement) - (edit.end - edit.start)


def _apart(changes: Iterable[Change]) -> list[Change]:
    kept: list[Change] = []
    for change in sorted(changes, key=lambda change: (change.edit.start, -change.edit.end)):
        if change.edit.start == change.edit.end and not change.edit.replacement:
            continue  # of nothing, nothing becomes
        if kept and change.edit.start < kept[-1].edit.end:
            within = change.edit.end <= kept[-1].edit.end
            if not (within and change.removal and kept[-1].removal):
                raise CannotChange
        else:
            kept.append(change)
    return kept
