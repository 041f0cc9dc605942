from __future__ import annotations

import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.kit import change, index_of, names, reads_or_refuses, texts
from zoneproxy.formats.document import DEFAULT_LIMITS, CannotChange, FormatLimits, Kind, Malformed
from zoneproxy.formats.msgpack import read_msgpack


def packed(value: Any) -> bytes:
    """As its specification says, in the smallest form."""
    match value:
        case None | False | True:
            return {None: b"\xc0", False: b"\xc2", True: b"\xc3"}[value]
        case int():
            return packed_int(value)
        case float():
            return b"\xcb" + struct.pack(">d", value)
        case str():
            return head(len(value.encode()), 0xA0, 31, 0xD9, 0xDA, 0xDB) + value.encode()
        case bytes():
            return head(len(value), 0, -1, 0xC4, 0xC5, 0xC6) + value
        case list():
            return head(len(value), 0x90, 15, None, 0xDC, 0xDD) + b"".join(map(packed, value))
    members = [packed(key) + packed(inner) for key, inner in value.items()]
    return head(len(value), 0x80, 15, None, 0xDE, 0xDF) + b"".join(members)


def packed_int(value: int) -> bytes:
    if -32 <= value <= 127:
        return struct.pack(">b", value)
    firsts = (
        zip((0xCC, 0xCD, 0xCE, 0xCF), "BHIQ", strict=True)
        if value > 0
        else zip((0xD0, 0xD1, 0xD2, 0xD3), "bhiq", strict=True)
    )
    for first, code in firsts:
        try:
            return bytes((first,)) + struct.pack(">" + code, value)
        except struct.error:
            continue
    raise AssertionError(value)


def head(size: int, short: int, shortest: int, one: int | None, two: int, four: int) -> bytes:
    if size <= shortest:
        return bytes((short | size,))
    if one is not None and size < 1 << 8:
        return bytes((one, size))
    return bytes((two,)) + size.to_bytes(2) if size < 1 << 16 else bytes((four,)) + size.to_bytes(4)


def read(value: bytes):
    return read_msgpack(value, DEFAULT_LIMITS)


ORDER = {
    "id": 4111111111111111,
    "card": {"number": "4111 1111", "tags": ["a", None, -7, 1.5, True]},
    "raw": b"\x00\xff",
}


def test_all_that_is_said():
    order = read(packed(ORDER))
    assert texts(order) == [
        (b"id", b"4111111111111111"),
        (b"card.number", b"4111 1111"),
        (b"card.tags.0", b"a"),
        (b"card.tags.1", b"null"),
        (b"card.tags.2", b"-7"),
        (b"card.tags.3", b"1.5"),
        (b"card.tags.4", b"true"),
        (b"raw", b"\x00\xff"),
    ]
    assert names(order) == [b"id", b"card", b"number", b"tags", b"raw"]
    assert [leaf.kind for leaf in order.leaves if leaf.kind in (Kind.BYTES, Kind.NUMBER)] == [
        *(Kind.NUMBER, Kind.NUMBER, Kind.NUMBER, Kind.BYTES)
    ]


@pytest.mark.parametrize(
    ("written", "text", "kind"),
    [
        (b"\xe0", b"-32", Kind.NUMBER),
        (b"\xd3" + b"\x80" + bytes(7), b"-9223372036854775808", Kind.NUMBER),
        (b"\xcf" + b"\xff" * 8, b"18446744073709551615", Kind.NUMBER),
        (b"\xca" + struct.pack(">f", 0.5), b"0.5", Kind.NUMBER),
        (b"\xcb" + struct.pack(">d", 4.111111111111111e15), b"4111111111111111", Kind.NUMBER),
        (b"\xa2\xff\xfe", b"\xff\xfe", Kind.BYTES),
        (b"\xd9\x01x", b"x", Kind.TEXT),
        (b"\xdb\x00\x00\x00\x01x", b"x", Kind.TEXT),
        (b"\xc6\x00\x00\x00\x01x", b"x", Kind.BYTES),
        (b"\xd4\x05x", b"x", Kind.BYTES),
        (b"\xc8\x00\x02\x05xy", b"xy", Kind.BYTES),
        (b"\xd6\xff" + (1_700_000_000).to_bytes(4), b"2023-11-14T22:13:20Z", Kind.TEXT),
        (b"\xd7\xff" + (5 << 34 | 1_700_000_000).to_bytes(8), b"2023-11-14T22:13:20.000000005Z", Kind.TEXT),
        (b"\xc7\x0c\xff" + bytes(4) + (-1).to_bytes(8, signed=True), b"1969-12-31T23:59:59Z", Kind.TEXT),
        (b"\xc7\x0c\xff" + bytes(4) + (4111111111111111).to_bytes(8), b"4111111111111111", Kind.TEXT),
        (b"\xc7\x03\xffabc", b"abc", Kind.BYTES),
    ],
)
def test_items(written, text, kind):
    (leaf,) = read(written).leaves
    assert (leaf.text, leaf.kind) == (text, kind)


def test_keys_of_all_kinds():
    keyed = b"\x84" + b"\x01\xa1a" + b"\xc0\xa1b" + b"\x91\xa1k\xa1c" + b"\xc4\x01\xff\xa1d"
    assert texts(read(keyed)) == [(b"1", b"a"), (b"null", b"b"), (b".0", b"k"), (b"", b"c"), (b"\xff", b"d")]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"", "truncated"),
        (b"\xc1", "type"),
        (b"\xa2x", "truncated"),
        (b"\xcb\x00", "truncated"),
        (b"\x92\x01", "truncated"),
        (b"\x81\x01", "truncated"),
        (b"\xdd\xff\xff\xff\xff", "truncated"),
        (b"\xdf\xff", "truncated"),
        (b"\xd4", "truncated"),
        (b"\x01\x02", "trailing"),
    ],
)
def test_what_is_none(value, reason):
    with pytest.raises(Malformed, match=reason):
        read(value)


def test_limits():
    with pytest.raises(Malformed, match="deep"):
        read(b"\x91" * 513 + b"\xc0")
    assert read(b"\x91" * 512 + b"\xc0")
    with pytest.raises(Malformed, match="leaves"):
        read_msgpack(b"\x94" + b"\x90" * 4, FormatLimits(leaves=3))
    with pytest.raises(Malformed, match="duplicate"):
        read_msgpack(b"\x82\xa1a\x01\xa1a\x02", FormatLimits(unique_names=True))


# --- changes -------------------------------------------------------------------------------------------------


def changed(value: bytes, text: bytes, to: bytes | None) -> bytes:
    document = read(value)
    return document.rewritten({index_of(document, text): to})


@pytest.mark.parametrize("length", [0, 1, 31, 32, 255, 256, 65_535, 65_536])
def test_texts_of_all_lengths(length):
    assert changed(packed(ORDER), b"4111 1111", b"x" * length) == packed(
        ORDER | {"card": ORDER["card"] | {"number": "x" * length}}
    )


@pytest.mark.parametrize(
    ("text", "to", "after"),
    [
        (b"4111111111111111", b"****", ORDER | {"id": "****"}),
        (b"\x00\xff", b"****", ORDER | {"raw": b"****"}),
        (b"4111111111111111", None, {key: value for key, value in ORDER.items() if key != "id"}),
        (b"card", None, {key: value for key, value in ORDER.items() if key != "card"}),
        (b"a", None, ORDER | {"card": {"number": "4111 1111", "tags": [None, -7, 1.5, True]}}),
    ],
)
def test_changes(text, to, after):
    assert changed(packed(ORDER), text, to) == packed(after)


def test_counts_keep_their_width():
    assert changed(b"\xdc\x00\x02\x01\x02", b"1", None) == b"\xdc\x00\x01\x02"
    assert changed(b"\xdf\x00\x00\x00\x01\x01\x02", b"2", None) == b"\xdf\x00\x00\x00\x00"


def test_names_can_be_changed_if_they_say_text():
    assert changed(b"\x81\xa4name\x01", b"name", b"**") == b"\x81\xa2**\x01"


def test_all_of_it_removed():
    assert changed(b"\x05", b"5", None) == b"\xc0"


def test_what_cannot_be_said():
    with pytest.raises(CannotChange):
        changed(b"\xd4\x05x", b"x", b"y")
    with pytest.raises(CannotChange):
        changed(b"\xa1x", b"x", b"\xff")


# --- properties ----------------------------------------------------------------------------------------------

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(1 << 63), (1 << 64) - 1)
    | st.floats(allow_nan=False)
    | st.text(max_size=40)
    | st.binary(max_size=5)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES, st.text(max_size=40), st.data())
def test_one_changed_leaf(value, text, data):
    written = packed(value)
    leaves = read(written).leaves
    if leaves:
        change(read_msgpack, written, data.draw(st.integers(0, len(leaves) - 1)), text.encode())


@given(st.dictionaries(st.text(max_size=3), VALUES, max_size=6), st.data())
def test_removed_members(value, data):
    gone = data.draw(st.sets(st.sampled_from(sorted(value)))) if value else set()
    document = read(packed(value))
    indexes = [index for index, leaf in enumerate(document.leaves) if leaf.kind is Kind.NAME and len(leaf.path) == 1]
    assert document.rewritten(
        {index: None for index in indexes if document.leaves[index].text.decode() in gone}
    ) == packed({key: inner for key, inner in value.items() if key not in gone})


@given(st.binary(max_size=60))
def test_any_bytes(value):
    reads_or_refuses(read_msgpack, value)
