"""Entries of maps, removed: their block has fewer of them then, or is not there."""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator

from zoneproxy.formats.avro.walk import Entry, Walk
from zoneproxy.formats.lengths import Change
from zoneproxy.formats.varints import zigzag
from zoneproxy.transform.splice import Edit

Span = tuple[int, int]


def removed(walk: Walk, names: Iterable[int]) -> tuple[list[Change], list[Span]]:
    """What is to be changed for the entries with these names (their leaves) to go, and where nothing else has to be."""
    by_block: dict[int, list[Entry]] = {}
    for name in names:
        entry = walk.entries[name]
        by_block.setdefault(entry.block, []).append(entry)
    changes: list[Change] = []
    for number, entries in by_block.items():
        changes += _of_block(walk, number, entries)
    spans = _outermost((change.edit.start, change.edit.end) for change in changes if change.removal)
    return [change for change in changes if change.removal or not is_within(change.edit, spans)], spans


def is_within(edit: Edit, spans: list[Span]) -> bool:
    """Whether what the edit is about goes anyway. ``spans`` are in order and do not overlap."""
    before = bisect_right(spans, (edit.start, sys.maxsize)) - 1
    return before >= 0 and edit.end <= spans[before][1]


def _of_block(walk: Walk, number: int, entries: list[Entry]) -> Iterator[Change]:
    block = walk.blocks[number]
    left = block.entries - len(entries)
    if not left:  # a count of zero would end the map
        yield Change(Edit(block.start, block.end, b""), block.inside, removal=True)
        return
    has_size = walk.data[block.start] & 1
    yield Change(Edit(block.start, block.counted, zigzag(-left if has_size else left)), block.inside)
    for entry in entries:
        yield Change(Edit(entry.start, entry.end, b""), entry.inside, removal=True)


def _outermost(spans: Iterable[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept
