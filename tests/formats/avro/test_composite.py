"""Records, arrays, maps and unions of Avro."""

from __future__ import annotations

import pytest

from tests.formats.avro.kit import changed, read, record, said, written
from zoneproxy.formats.document import CannotChange, FormatLimits, Kind, Malformed
from zoneproxy.formats.varints import zigzag

TEXTS = {"type": "array", "items": "string"}
COUNTS = {"type": "map", "values": "int"}
MAYBE = ["null", "string"]
LIST = {
    "type": "record",
    "name": "L",
    "fields": [{"name": "v", "type": "int"}, {"name": "next", "type": ["null", "L"]}],
}


def test_paths_have_the_names_of_fields_and_the_indexes_of_items() -> None:
    schema = record("int", TEXTS, record("string", name="S"))
    document = read(schema, written(schema, {"f0": 1, "f1": ["a", "b"], "f2": {"f0": "c"}}))
    paths = [leaf.path for leaf in document.leaves]
    assert paths == [(b"f0",), (b"f1", 0), (b"f1", 1), (b"f2", b"f0")]


def test_names_in_a_map_come_from_the_data() -> None:
    document = read(COUNTS, written(COUNTS, {"a@b.c": 1}))
    assert [(leaf.path, leaf.text, leaf.kind) for leaf in document.leaves] == [
        ((b"a@b.c",), b"a@b.c", Kind.NAME),
        ((b"a@b.c",), b"1", Kind.NUMBER),
    ]


def test_they_cannot_become_others() -> None:
    with pytest.raises(CannotChange):
        changed(COUNTS, {"a": 1}, {0: b"x"})


def test_they_go_with_what_they_name() -> None:
    assert changed(COUNTS, {"a": 1, "b": 2}, {0: None}) == {"b": 2}


def test_what_may_be_null_becomes_null() -> None:
    schema = record("int", MAYBE, ["string", "null"], ["int", "string"])
    value = {"f0": 1, "f1": "a", "f2": "b", "f3": "c"}
    after = changed(schema, value, {1: None, 2: None, 3: None})
    assert after == {"f0": 1, "f1": None, "f2": None, "f3": ""}


def test_what_is_null_stays_null() -> None:
    schema = record(MAYBE, "int")
    assert changed(schema, {"f0": None, "f1": 1}, {0: None}) == {"f0": None, "f1": 1}


def test_a_value_in_a_record_that_may_be_null_is_emptied_and_the_record_stays() -> None:
    schema = record(["null", record("string", "int", name="S")])
    assert changed(schema, {"f0": {"f0": "a", "f1": 2}}, {0: None}) == {"f0": {"f0": "", "f1": 2}}


def test_a_record_may_hold_itself() -> None:
    value = {"v": 1, "next": {"v": 2, "next": None}}
    document = read(LIST, written(LIST, value))
    assert [leaf.path for leaf in document.leaves] == [(b"v",), (b"next", b"v"), (b"next", b"next")]
    assert said(LIST, document.rewritten({1: b"3000"})) == {"v": 1, "next": {"v": 3000, "next": None}}


def test_but_not_for_ever() -> None:
    deep = zigzag(1) + zigzag(1)
    assert len(read(LIST, deep * 99 + b"\x02\x00").leaves) == 101
    with pytest.raises(Malformed, match="deep"):
        read(LIST, deep * 100 + b"\x02\x00")
    with pytest.raises(Malformed, match="deep"):
        read(LIST, deep * 5 + b"\x02\x00", FormatLimits(depth=5))


def test_the_size_of_a_block_stays_right() -> None:
    inner = zigzag(-2) + zigzag(4) + zigzag(1) + b"a" + zigzag(1) + b"b" + b"\x00"
    schema = {"type": "array", "items": TEXTS}
    data = zigzag(-1) + zigzag(len(inner)) + inner + b"\x00"
    document = read(schema, data)
    assert [leaf.path for leaf in document.leaves] == [(0, 0), (0, 1)]
    after = document.rewritten({1: b"x" * 100})
    assert said(schema, after) == [["a", "x" * 100]]
    assert read(schema, after).rewritten({1: b"b"}) == data


def test_several_blocks_are_one_array() -> None:
    data = zigzag(1) + zigzag(1) + b"a" + zigzag(1) + zigzag(1) + b"b" + b"\x00"
    document = read(TEXTS, data)
    assert [leaf.path for leaf in document.leaves] == [(0,), (1,)]
    assert said(TEXTS, document.rewritten({1: b""})) == ["a", ""]


@pytest.mark.parametrize(
    "data",
    [
        zigzag(-1) + zigzag(3) + zigzag(1) + b"a" + b"\x00\x00",
        zigzag(-1) + zigzag(1) + zigzag(1) + b"a" + b"\x00",
    ],
)
def test_a_block_that_is_not_as_long_as_it_says_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed, match="block"):
        read(TEXTS, data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "truncated"),
        (zigzag(1), "truncated"),
        (zigzag(-1) + zigzag(-1), "length"),
        (zigzag(-1) + zigzag(9), "truncated"),
    ],
)
def test_an_array_that_ends_too_early_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        read(TEXTS, data)


@pytest.mark.parametrize("items", ["null", {"type": "record", "name": "Empty", "fields": []}])
def test_items_that_take_no_bytes_come_to_an_end(items: object) -> None:
    with pytest.raises(Malformed, match="leaves"):
        read({"type": "array", "items": items}, zigzag(2**62) + b"\x00")


def test_a_branch_that_there_is_not_is_refused() -> None:
    for index in (-1, 2):
        with pytest.raises(Malformed, match="range"):
            read(MAYBE, zigzag(index))


def test_a_name_twice_may_be_refused() -> None:
    twice = zigzag(2) + b"\x02a\x02" + b"\x02a\x04" + b"\x00"
    assert len(read(COUNTS, twice).leaves) == 4
    with pytest.raises(Malformed, match="duplicate"):
        read(COUNTS, twice, FormatLimits(unique_names=True))
