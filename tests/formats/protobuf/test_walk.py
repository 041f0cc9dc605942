"""Values of Protobuf, read."""

from __future__ import annotations

from typing import Any

import pytest

from tests.formats.protobuf.kit import Order, field, leaves, read, tag
from zoneproxy.formats.document import DEFAULT_LIMITS, FormatLimits, Kind, Malformed
from zoneproxy.formats.lengths import OUTERMOST
from zoneproxy.formats.protobuf.messages import UNKNOWN
from zoneproxy.formats.protobuf.walk import Walk
from zoneproxy.formats.varints import unsigned

CARD = 4111111111111111


def written(**said: Any) -> bytes:
    data: bytes = Order(**said).SerializePartialToString()
    return data


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"id": CARD}, {(b"id",): b"4111111111111111"}),
        ({"email": "a@b.c"}, {(b"email",): b"a@b.c"}),
        ({"notes": ["x", "y"]}, {(b"notes", 0): b"x", (b"notes", 1): b"y"}),
        ({"counts": [1, -2]}, {(b"counts", 0): b"1", (b"counts", 1): b"-2"}),
        ({"deltas": [-CARD]}, {(b"deltas", 0): b"-4111111111111111"}),
        ({"line": {"sku": "s", "weight": 0.5}}, {(b"line", b"sku"): b"s", (b"line", b"weight"): b"0.5"}),
        ({"lines": [{"sku": "s"}, {"sku": "t"}]}, {(b"lines", 0, b"sku"): b"s", (b"lines", 1, b"sku"): b"t"}),
        ({"line": {"order": {"id": 5}}}, {(b"line", b"order", b"id"): b"5"}),
        ({"names": {7: "x"}}, {(b"names", b"7"): b"x"}),
        ({"marks": [7, 8]}, {(b"marks", 0): b"7", (b"marks", 1): b"8"}),
        ({"paid": True, "colour": 1, "price": 2.5}, {(b"paid",): b"true", (b"colour",): b"1", (b"price",): b"2.5"}),
        ({"raw": b"\xff"}, {(b"raw",): b"\xff"}),
        ({"counts": []}, {}),
    ],
)
def test_what_another_library_writes_is_read(said: dict[str, Any], expected: dict[Any, bytes]) -> None:
    assert leaves(read(written(**said))) == expected


def test_names_of_a_map_come_from_the_data() -> None:
    document = read(written(by_sku={"a@b.c": {"sku": "s"}}))
    assert [(leaf.path, leaf.text, leaf.kind) for leaf in document.leaves] == [
        ((b"by_sku", b"a@b.c"), b"a@b.c", Kind.NAME),
        ((b"by_sku", b"a@b.c", b"sku"), b"s", Kind.TEXT),
    ]


def test_an_entry_of_a_map_may_be_in_any_order_and_say_more_than_once_what_it_is() -> None:
    entry = field(2, b"one") + tag(1, 0) + b"\x05" + field(2, b"two") + field(1, b"odd") + tag(3, 0) + b"\x09"
    said = [(leaf.path, leaf.text) for leaf in read(field(9, entry)).leaves]
    assert said == [
        ((b"names", b"odd"), b"5"),
        ((b"names", b"odd"), b"odd"),
        ((b"names", b"odd"), b"one"),
        ((b"names", b"odd"), b"two"),
        ((b"names", b"odd", b"3"), b"9"),
    ]
    assert [leaf.path for leaf in read(field(9, field(2, b"x"))).leaves] == [(b"names", b"")] * 2


def test_tags_are_those_of_the_schema() -> None:
    tagged = {
        leaf.path for leaf in read(written(id=1, email="a@b.c", line={"order": {"email": "x"}})).leaves if leaf.tags
    }
    assert tagged == {(b"email",), (b"line", b"order", b"email")}


def test_numbers_may_be_packed_or_not_whatever_the_schema_says() -> None:
    unpacked = tag(4, 0) + b"\x01" + tag(4, 0) + b"\x02"
    packed = field(5, b"\x02\x04")
    both = unpacked + field(4, b"\x03\x04")
    assert leaves(read(unpacked)) == {(b"counts", 0): b"1", (b"counts", 1): b"2"}
    assert leaves(read(packed)) == {(b"deltas", 0): b"1", (b"deltas", 1): b"2"}
    assert [leaf.path for leaf in read(both).leaves] == [(b"counts", index) for index in range(4)]


def test_a_field_of_another_type_than_the_schema_says_is_looked_into_all_the_same() -> None:
    assert leaves(read(field(1, b"4111"))) == {(b"id",): b"4111"}
    assert leaves(read(tag(2, 0) + b"\x07")) == {(b"email",): b"7"}
    assert leaves(read(tag(6, 3) + field(1, b"x") + tag(6, 4))) == {(b"line", b"sku"): b"x"}


def test_a_string_that_is_none_is_bytes() -> None:
    (leaf,) = read(field(2, b"\xff")).leaves
    assert (leaf.text, leaf.kind) == (b"\xff", Kind.BYTES)


# --- fields that the schema has not


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (field(77, b"4111 1111"), [((b"77",), b"4111 1111")]),
        (field(77, field(1, b"in\x01")), [((b"77", b"1"), b"in\x01")]),
        (field(77, field(5, field(6, b"deep"))), [((b"77", b"5", b"6"), b"deep")]),
        (field(77, b"\xff\xfe"), [((b"77",), b"\xff\xfe")]),
        (tag(77, 0) + unsigned(2 * CARD), [((b"77",), b"8222222222222222"), ((b"77",), b"4111111111111111")]),
        (tag(77, 1) + CARD.to_bytes(8, "little"), [((b"77",), b"4111111111111111")]),
        (tag(77, 5) + b"\x05\0\0\0", [((b"77",), b"5")]),
        (tag(77, 3) + field(1, b"x") + tag(77, 4), [((b"77", b"1"), b"x")]),
    ],
)
def test_unknown_fields_are_guessed(content: bytes, expected: list[tuple[Any, bytes]]) -> None:
    assert [(leaf.path, leaf.text) for leaf in read(content).leaves] == expected


def test_numbers_in_a_list_are_found() -> None:
    assert b"4111111111111111" in [leaf.text for leaf in read(field(77, b"\x05" + unsigned(CARD))).leaves]


def test_numbers_in_what_reads_as_text_are_found_too() -> None:
    hidden = field(1, b"x" * 70) + tag(4, 1) + ("é" * 4).encode()
    said = [leaf.text for leaf in read(field(77, hidden)).leaves]
    assert said[0] == hidden
    assert b"%d" % int.from_bytes(("é" * 4).encode(), "little") in said
    assert b"x" * 70 not in said


# --- what is none


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x00", "field"),
        (b"\x0a\x05", "truncated"),
        (tag(1, 4), "group"),
        (tag(77, 3), "group"),
        (tag(77, 3) + tag(78, 4), "group"),
        (field(6, b"\x00"), "field"),
        (field(4, b"\x80"), "truncated"),
        (field(12, b"\0" * 5), "truncated"),
        (field(8, tag(1, 3) + tag(1, 4)), "group"),
        (field(9, b"\x0b"), "group"),
    ],
)
def test_other_bytes_are_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        read(data)


def test_messages_in_one_another_come_to_an_end() -> None:
    line = b""
    for _ in range(49):
        line = field(6, field(2, line))
    read(line)
    with pytest.raises(Malformed, match="deep"):
        read(field(6, field(2, line)))
    with pytest.raises(Malformed, match="deep"):
        read(field(6, b""), FormatLimits(depth=1))


def test_so_do_groups_and_unknown_messages() -> None:
    with pytest.raises(Malformed, match="deep"):
        read(tag(77, 3) * 200)
    deep = b"\x0a\x00"
    for _ in range(200):
        deep = field(1, deep)
    with pytest.raises(Malformed, match="deep"):
        read(field(77, deep))


def test_leaves_are_counted() -> None:
    with pytest.raises(Malformed, match="leaves"):
        read(field(4, b"\x01" * 11), FormatLimits(leaves=10))


def test_places_are_inside_of_the_lengths_around_them() -> None:
    walk = Walk(field(1, field(2, b"\x01x") + b"\x18\x05") + field(3, b"y"), DEFAULT_LIMITS)
    walk.message(UNKNOWN, 0, len(walk.data), (), frozenset(), 1)
    assert [(leaf.text, place.inside) for leaf, place in zip(walk.leaves, walk.places, strict=True)] == [
        (b"\x01x", 0),
        (b"5", 0),
        (b"y", OUTERMOST),
    ]


def test_a_name_twice_may_be_refused() -> None:
    twice = written(names={7: "x"}) * 2
    assert len(read(twice).leaves) == 4
    with pytest.raises(Malformed, match="duplicate"):
        read(twice, FormatLimits(unique_names=True))


@pytest.mark.parametrize("nothing", [tag(77, 3) + tag(77, 4), field(4, b""), field(6, b""), field(77, b"")])
def test_fields_that_say_nothing_are_counted_too(nothing: bytes) -> None:
    read(nothing * 5, FormatLimits(leaves=10))
    with pytest.raises(Malformed, match="leaves"):
        read(nothing * 11, FormatLimits(leaves=10))
    with pytest.raises(Malformed, match="leaves"):
        read(field(9, b"\x18\x01" * 11), FormatLimits(leaves=10))


@pytest.mark.parametrize("number", [219_099_998, -5, (1 << 31) - 1, -(1 << 31)])
def test_of_a_number_too_long_for_its_field_what_other_readers_take_is_said_as_well(number: int) -> None:
    long = unsigned((7 << 40) + (number & 0xFFFFFFFF))
    for data, path in (
        (tag(4, 0) + long, (b"counts", 0)),
        (field(4, long), (b"counts", 0)),
        (field(9, tag(1, 0) + long + field(2, b"x")), None),
    ):
        order = Order.FromString(data)
        (theirs,) = order.counts if path else order.names
        assert theirs == number
        said = [
            leaf.text for leaf in read(data).leaves if leaf.path == path or (path is None and leaf.kind is Kind.NAME)
        ]
        assert b"%d" % number in said
        assert len(said) == 2
    assert [leaf.text for leaf in read(tag(4, 0) + unsigned(number)).leaves] == [b"%d" % number]
