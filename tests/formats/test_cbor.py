from __future__ import annotations

import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.kit import change, index_of, names, reads_or_refuses, texts
from tests.formats.test_msgpack import ORDER
from zoneproxy.formats.cbor import read_cbor
from zoneproxy.formats.document import DEFAULT_LIMITS, CannotChange, FormatLimits, Kind, Malformed


def head(major: int, argument: int) -> bytes:
    if argument < 24:
        return bytes((major << 5 | argument,))
    for info, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if argument < 1 << 8 * size:
            return bytes((major << 5 | info,)) + argument.to_bytes(size)
    raise AssertionError(argument)


def encoded(value: Any) -> bytes:
    """In its preferred form, but for floats."""
    match value:
        case None | False | True:
            return {None: b"\xf6", False: b"\xf4", True: b"\xf5"}[value]
        case int():
            if not -(1 << 64) <= value < 1 << 64:
                magnitude = -1 - value if value < 0 else value
                return head(6, 3 if value < 0 else 2) + encoded(magnitude.to_bytes((magnitude.bit_length() + 7) // 8))
            return head(1, -1 - value) if value < 0 else head(0, value)
        case float():
            return b"\xfb" + struct.pack(">d", value)
        case str():
            return head(3, len(value.encode())) + value.encode()
        case bytes():
            return head(2, len(value)) + value
        case list():
            return head(4, len(value)) + b"".join(map(encoded, value))
    return head(5, len(value)) + b"".join(encoded(key) + encoded(inner) for key, inner in value.items())


def read(value: bytes):
    return read_cbor(value, DEFAULT_LIMITS)


def changed(value: bytes, text: bytes, to: bytes | None) -> bytes:
    document = read(value)
    return document.rewritten({index_of(document, text): to})


def test_all_that_is_said():
    order = read(encoded(ORDER))
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


@pytest.mark.parametrize(
    ("written", "text", "kind"),
    [
        # RFC 8949, appendix A.
        ("00", "0", Kind.NUMBER),
        ("1b000000e8d4a51000", "1000000000000", Kind.NUMBER),
        ("1bffffffffffffffff", "18446744073709551615", Kind.NUMBER),
        ("c249010000000000000000", "18446744073709551616", Kind.NUMBER),
        ("3bffffffffffffffff", "-18446744073709551616", Kind.NUMBER),
        ("c349010000000000000000", "-18446744073709551617", Kind.NUMBER),
        ("3903e7", "-1000", Kind.NUMBER),
        ("f93e00", "1.5", Kind.NUMBER),
        ("fa47c35000", "100000", Kind.NUMBER),
        ("fbc010666666666666", "-4.1", Kind.NUMBER),
        ("f97c00", "inf", Kind.NUMBER),
        ("f4", "false", Kind.OTHER),
        ("f7", "undefined", Kind.OTHER),
        ("f0", "16", Kind.OTHER),
        ("f8ff", "255", Kind.OTHER),
        ("c074323031332d30332d32315432303a30343a30305a", "2013-03-21T20:04:00Z", Kind.TEXT),
        ("c11a514b67b0", "1363896240", Kind.NUMBER),
        ("d74401020304", "\x01\x02\x03\x04", Kind.BYTES),
        ("4401020304", "\x01\x02\x03\x04", Kind.BYTES),
        ("62c3bc", "\u00fc", Kind.TEXT),
        ("5f42010243030405ff", "\x01\x02\x03\x04\x05", Kind.BYTES),
        ("7f657374726561646d696e67ff", "streaming", Kind.TEXT),
        ("c48221196ab3", "273.15", Kind.NUMBER),
        ("c5822003", "1.5", Kind.NUMBER),
        # As the RFC allows, and nobody should write.
        ("1b0000000000000001", "1", Kind.NUMBER),
        ("d9d9f7d9d9f701", "1", Kind.NUMBER),
        ("c482 20 c242 0101", "25.7", Kind.NUMBER),
        ("c482 20 c342 0101", "-25.8", Kind.NUMBER),
    ],
)
def test_items(written, text, kind):
    (leaf,) = read(bytes.fromhex(written)).leaves
    assert (leaf.text, leaf.kind) == (text.encode(), kind)


@pytest.mark.parametrize(
    "written",
    ["c48221", "c4832119aa00", "c482c1196ab301", "c482410101", "c4820141aa", "c4821903e801"],
)
def test_fractions_that_are_none_are_arrays_or_nothing(written):
    document = reads_or_refuses(read_cbor, bytes.fromhex(written))
    assert document is None or len(document.leaves) >= 2


def test_text_that_is_not_utf_8():
    (leaf,) = read(b"\x62\xff\xfe").leaves
    assert leaf.kind is Kind.BYTES


def test_containers_that_do_not_say_how_long_they_are():
    document = read(bytes.fromhex("bf 61 61 01 61 62 9f 02 03 ff ff"))
    assert texts(document) == [(b"a", b"1"), (b"b.0", b"2"), (b"b.1", b"3")]
    assert document.rewritten({index_of(document, b"2"): None}) == bytes.fromhex("bf 61 61 01 61 62 9f 03 ff ff")


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "truncated"),
        ("18", "truncated"),
        ("62c3", "truncated"),
        ("8201", "truncated"),
        ("9bffffffffffffffff", "truncated"),
        ("5bffffffffffffffff", "truncated"),
        ("9f01", "truncated"),
        ("7f6161", "truncated"),
        ("c2", "truncated"),
        ("0102", "trailing"),
        ("1c", "type"),
        ("1f", "type"),
        ("df00", "type"),
        ("ff", "break"),
        ("81ff", "break"),
        ("bf01ff", "break"),
        ("c1ff", "break"),
        ("7f4161ff", "chunk"),
        ("7f7f6161ffff", "chunk"),
        ("c2" + "5906a5" + "ff" * 0x6A5, "number"),
    ],
)
def test_what_is_none(written, reason):
    with pytest.raises(Malformed, match=reason):
        read(bytes.fromhex(written))


def test_limits():
    assert read(b"\x81" * 512 + b"\x00")
    with pytest.raises(Malformed, match="deep"):
        read(b"\x81" * 513 + b"\x00")
    with pytest.raises(Malformed):
        read(b"\xc4\x82\x01\xc2" * 50_000)
    assert read(b"\xc1" * 50_000 + b"\x00").leaves[0].text == b"0"
    with pytest.raises(Malformed, match="duplicate"):
        read_cbor(b"\xa2\x01\x00\x01\x00", FormatLimits(unique_names=True))


# --- CBOR in CBOR --------------------------------------------------------------------------------------------


def wrapped(value: Any, levels: int) -> bytes:
    data = encoded(value)
    for _ in range(levels):
        data = b"\xa1\x61p\xd8\x18" + encoded(data)
    return data


def test_what_is_embedded():
    document = read(wrapped({"n": 4111, "m": "x"}, 2))
    assert texts(document) == [(b"p.p.n", b"4111"), (b"p.p.m", b"x")]
    assert document.rewritten({index_of(document, b"4111"): b"*" * 300}) == wrapped({"n": "*" * 300, "m": "x"}, 2)
    assert document.rewritten({index_of(document, b"m"): None}) == wrapped({"n": 4111}, 2)


def test_what_only_claims_to_be_embedded():
    value = b"\x82\xd8\x18\x42\xff\xff\xd8\x18\x01"
    assert texts(read(value)) == [(b"0", b"\xff\xff"), (b"1", b"1")]
    assert texts(read(wrapped(1, 6)))[0][1] == b"\x01"
    assert changed(value, b"1", b"x") == b"\x82\xd8\x18\x42\xff\xff\x61x"


def test_limits_hold_in_what_is_embedded():
    with pytest.raises(Malformed, match="duplicate"):
        read_cbor(b"\xd8\x18\x45\xa2\x01\x00\x01\x00", FormatLimits(unique_names=True))


# --- changes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [0, 1, 23, 24, 255, 256, 65_535, 65_536])
def test_texts_of_all_lengths(length):
    after = ORDER | {"card": ORDER["card"] | {"number": "x" * length}}
    assert changed(encoded(ORDER), b"4111 1111", b"x" * length) == encoded(after)


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
    assert changed(encoded(ORDER), text, to) == encoded(after)


@pytest.mark.parametrize(
    ("written", "text", "to", "after"),
    [
        ("c349010000000000000000", b"-18446744073709551617", b"x", "6178"),
        ("c1 1a514b67b0", b"1363896240", b"x", "6178"),
        ("7f657374726561646d696e67ff", b"streaming", b"x", "6178"),
        ("c48221196ab3", b"273.15", b"x", "6178"),
        ("d9d9f7 98 02 01 02", b"1", None, "d9d9f7 98 01 02"),
        ("c1 82 01 02", b"1", None, "c1 81 02"),
        ("9a 00000001 01", b"1", None, "9a 00000000"),
        ("01", b"1", None, "f6"),
    ],
)
def test_how_it_is_written(written, text, to, after):
    assert changed(bytes.fromhex(written), text, to) == bytes.fromhex(after)


def test_what_cannot_be_said():
    with pytest.raises(CannotChange):
        changed(b"\x61x", b"x", b"\xff")


# --- properties ----------------------------------------------------------------------------------------------

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(1 << 80), 1 << 80)
    | st.floats(allow_nan=False)
    | st.text(max_size=40)
    | st.binary(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES, st.text(max_size=40), st.data())
def test_one_changed_leaf(value, text, data):
    written = encoded(value)
    leaves = read(written).leaves
    if leaves:
        change(read_cbor, written, data.draw(st.integers(0, len(leaves) - 1)), text.encode())


@given(st.binary(max_size=60))
def test_any_bytes(value):
    reads_or_refuses(read_cbor, value)
