from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.primitives import LAID_OUT, LAYOUT, LENGTHS, NUMBERS, VALUES
from zoneproxy.errors import EncodeError
from zoneproxy.wire.reader import MAX_STRING, Reader
from zoneproxy.wire.writer import LARGE, Writer


def written(method: str, *arguments: object) -> bytes:
    w = Writer()
    getattr(w, method)(*arguments)
    return w.getvalue()


@pytest.mark.parametrize(("method", "value", "raw"), VALUES)
def test_values_are_written(method: str, value: object, raw: bytes) -> None:
    assert written(method, value) == raw


@pytest.mark.parametrize(("method", "values", "raw"), NUMBERS)
def test_elements_are_written(method: str, values: list[int], raw: bytes) -> None:
    assert written(method, values) == raw


@pytest.mark.parametrize(("method", "length", "raw"), LENGTHS)
def test_lengths_are_written(method: str, length: int, raw: bytes) -> None:
    assert written(method, None if length < 0 else range(length)) == raw


def test_numbers_side_by_side_are_written_at_once() -> None:
    values, raw = LAID_OUT
    assert written("fixed", LAYOUT, *values) == raw


def test_nullable_structs_are_introduced() -> None:
    assert (written("present", object()), written("present", None)) == (b"\x01", b"\xff")


# --- what is refused -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "value"),
    [
        ("int8", 128),
        ("int16", -32769),
        ("uint16", -1),
        ("int32", 1 << 31),
        ("int64", 1 << 63),
        ("int32", None),
        ("float64", "x"),
        ("uuid", bytes(15)),
        ("uuid", bytes(17)),
        ("unsigned_varint", -1),
        ("unsigned_varint", 1 << 32),
        ("string", None),
        ("string", "x" * (MAX_STRING + 1)),
        ("string", "\ud800"),
        ("compact_string", None),
        ("compact_string", "x" * (MAX_STRING + 1)),
        ("compact_nullable_string", "\ud800"),
        ("bytes_", None),
        ("compact_bytes", None),
        ("records", None),
        ("compact_records", None),
        ("array_length", None),
        ("compact_array_length", None),
        ("int32s", [1, 1 << 31]),
        ("unknown_tags", ((1, b""), (1, b""))),
    ],
)
def test_values_that_a_type_cannot_hold_are_refused(method: str, value: object) -> None:
    with pytest.raises(EncodeError):
        written(method, value)


def test_a_number_among_others_is_refused() -> None:
    with pytest.raises(EncodeError):
        written("fixed", LAYOUT, 1 << 15, 0)


# --- tagged fields -------------------------------------------------------------------------------------------


def test_known_and_unknown_tags_are_written_in_order() -> None:
    w = Writer()
    tag = w.tag()
    tag.string("a")
    w.tagged_fields([(1, tag.getvalue())], ((0, b"x"), (2, b"")))
    assert w.getvalue() == b"\x03\x00\x01x\x01\x03\x00\x01a\x02\x00"


def test_a_tag_both_known_and_unknown_is_refused() -> None:
    with pytest.raises(EncodeError):
        written("tagged_fields", [(1, b"")], ((1, b""),))


def test_unknown_tags_are_left_out_if_asked() -> None:
    w = Writer(keep_unknown_tags=False)
    w.unknown_tags(((1, b"x"),))
    w.tagged_fields([(0, b"y")], ((1, b"x"),))
    w.tag().unknown_tags(((1, b"x"),))
    assert w.getvalue() == b"\x00" + b"\x01\x00\x01y"
    assert not w.tag().keep_unknown_tags


# --- the whole -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, LARGE - 1, LARGE, 3 * LARGE])
def test_frames_begin_with_their_length(size: int) -> None:
    w = Writer()
    w.int8(1)
    w.nullable_records(memoryview(b"x" * size))
    w.int8(2)
    payload = b"\x01" + size.to_bytes(4, "big") + b"x" * size + b"\x02"
    assert w.getvalue() == payload
    assert w.frame() == len(payload).to_bytes(4, "big") + payload


class TwoGigabytes(bytes):
    """Bytes that say that they are more than a frame holds."""

    def __len__(self) -> int:
        return 1 << 31


def test_frames_of_more_than_2_gib_are_refused() -> None:
    w = Writer()
    w.compact_records(TwoGigabytes())
    with pytest.raises(EncodeError):
        w.frame()


@given(st.lists(st.binary(max_size=20) | st.just(b"x" * LARGE) | st.none(), max_size=8))
def test_bytes_of_any_size_come_back(values: list[bytes | None]) -> None:
    w = Writer()
    for value in values:
        w.compact_nullable_bytes(value)
    r = Reader(w.getvalue())
    assert [r.compact_nullable_bytes() for _ in values] == values
    assert r.remaining == 0


@given(st.integers(0, 0xFFFFFFFF))
def test_varints_come_back(value: int) -> None:
    assert Reader(written("unsigned_varint", value)).unsigned_varint() == value
