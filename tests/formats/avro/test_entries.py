"""Entries of maps, removed."""

from __future__ import annotations

import pytest

from tests.formats.avro.kit import read, said
from zoneproxy.formats.avro.entries import is_within
from zoneproxy.formats.document import Kind
from zoneproxy.formats.varints import zigzag
from zoneproxy.transform.splice import Edit

COUNTS = {"type": "map", "values": "int"}
MAPS = {"type": "map", "values": COUNTS}


def entry(name: bytes, value: bytes) -> bytes:
    return zigzag(len(name)) + name + value


def block(*entries: bytes, sized: bool = False) -> bytes:
    inner = b"".join(entries)
    return zigzag(-len(entries)) + zigzag(len(inner)) + inner if sized else zigzag(len(entries)) + inner


ONE, TWO, THREE = (entry(name, zigzag(number)) for name, number in ((b"one", 1), (b"two", 2), (b"three", 3)))


@pytest.mark.parametrize("sized", [False, True])
@pytest.mark.parametrize(
    ("going", "left"),
    [
        ((b"one",), [(TWO,), (THREE,)]),
        ((b"one", b"two"), [(THREE,)]),
        ((b"three",), [(ONE, TWO)]),
        ((b"one", b"two", b"three"), []),
        ((), [(ONE, TWO), (THREE,)]),
    ],
)
def test_blocks_have_fewer_entries_then_or_are_not_there(
    sized: bool, going: tuple[bytes, ...], left: list[tuple[bytes, ...]]
) -> None:
    document = read(COUNTS, block(ONE, TWO, sized=sized) + block(THREE, sized=sized) + b"\x00")
    names = {i: None for i, leaf in enumerate(document.leaves) if leaf.kind is Kind.NAME and leaf.text in going}
    values = {i: None for i, leaf in enumerate(document.leaves) if leaf.kind is not Kind.NAME and leaf.path[0] in going}
    expected = b"".join(block(*entries, sized=sized) for entries in left) + b"\x00"
    assert document.rewritten(names) == expected
    assert document.rewritten(names | values) == expected


@pytest.mark.parametrize("sized", [False, True])
def test_what_is_in_an_entry_that_goes_needs_no_change(sized: bool) -> None:
    inner = block(ONE, TWO, sized=sized) + b"\x00"
    document = read(MAPS, block(entry(b"a", inner), entry(b"b", inner), sized=sized) + b"\x00")
    paths = {leaf.path: i for i, leaf in enumerate(document.leaves) if leaf.kind is Kind.NAME}
    values = {leaf.path: i for i, leaf in enumerate(document.leaves) if leaf.kind is not Kind.NAME}
    going = {paths[b"a",]: None, paths[b"a", b"one"]: None, values[b"a", b"two"]: b"300", paths[b"b", b"two"]: None}
    assert said(MAPS, document.rewritten(going)) == {"b": {"one": 1}}


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [(2, 4, True), (2, 3, True), (4, 4, True), (1, 3, False), (3, 5, False), (6, 7, False)],
)
def test_what_goes_anyway(start: int, end: int, expected: bool) -> None:
    assert is_within(Edit(start, end, b""), [(2, 4), (8, 9)]) is expected
    assert not is_within(Edit(start, end, b""), [])
