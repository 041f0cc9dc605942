from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.primitives import LAID_OUT, LAYOUT, LENGTHS, NUMBERS, VALUES
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.buffer import Buffer
from zoneproxy.wire.reader import HEAP_CEILING, HEAP_FLOOR, HEAP_PER_BYTE, MAX_STRING, MAX_TAGS, Reader

METHODS = sorted({method for method, _, _ in VALUES} - {"unknown_tags"})


def reason(raw: bytes, method: str, *arguments: object) -> str:
    """The reason for which reading ``raw`` is refused."""
    with pytest.raises(ProtocolError) as refused:
        getattr(Reader(raw), method)(*arguments)
    return refused.value.reason


# --- what is read --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hold", [bytes, bytearray, memoryview])
@pytest.mark.parametrize(("method", "value", "raw"), VALUES)
def test_values_are_read_out_of_the_middle(method: str, value: object, raw: bytes, hold: type[Buffer]) -> None:
    r = Reader(hold(b"before" + raw + b"after"), 6, 6 + len(raw))
    assert getattr(r, method)() == value
    assert r.remaining == 0


@pytest.mark.parametrize(("method", "values", "raw"), NUMBERS)
def test_elements_are_read(method: str, values: list[int], raw: bytes) -> None:
    r = Reader(raw)
    assert getattr(r, method)(len(values)) == values
    assert r.remaining == 0


@pytest.mark.parametrize(("method", "length", "raw"), LENGTHS)
def test_lengths_are_read(method: str, length: int, raw: bytes) -> None:
    r = Reader(raw + bytes(400))
    assert getattr(r, method)(2, 50) == length
    assert r.remaining == 400


def test_numbers_side_by_side_are_read_at_once() -> None:
    values, raw = LAID_OUT
    assert Reader(raw).fixed(LAYOUT) == values


def test_nullable_structs_are_introduced() -> None:
    assert Reader(b"\x01").present()
    assert not Reader(b"\xff").present()


def test_any_byte_but_zero_is_true() -> None:
    assert Reader(b"\x02").boolean()


def test_records_are_views_of_the_buffer() -> None:
    frame = bytearray(b"\x03ab\x03cd")
    r = Reader(frame)
    first, second = r.compact_records(), r.compact_nullable_records()
    assert second is not None
    frame[1:3], frame[4:6] = b"AB", b"CD"
    assert (bytes(first), bytes(second)) == (b"AB", b"CD")


def test_bytes_are_copies() -> None:
    frame = bytearray(b"\x03ab")
    value = Reader(frame).compact_bytes()
    frame[1:] = b"AB"
    assert value == b"ab"


# --- what is refused -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("method", "value", "raw"), VALUES)
def test_a_missing_byte_is_noticed(method: str, value: object, raw: bytes) -> None:
    expected = {"tags", "truncated"} if method == "unknown_tags" else {"truncated"}
    for end in range(len(raw)):
        assert reason(raw[:end], method) in expected


@pytest.mark.parametrize(("method", "values", "raw"), [case for case in NUMBERS if case[1]])
def test_a_missing_element_is_noticed(method: str, values: list[int], raw: bytes) -> None:
    assert reason(raw[:-1], method, len(values)) == "truncated"


def test_a_missing_number_is_noticed() -> None:
    assert reason(LAID_OUT[1][:-1], "fixed", LAYOUT) == "truncated"
    assert reason(b"", "present") == "truncated"


def test_the_end_is_the_end_although_the_buffer_goes_on() -> None:
    for method in METHODS:
        with pytest.raises(ProtocolError):
            getattr(Reader(bytes(100), 50, 50), method)()


@pytest.mark.parametrize(
    "raw",
    [
        b"\x80\x00",  # zero in two bytes
        b"\xff\x80\x00",
        b"\xff\xff\xff\xff\x10",  # the 33rd bit
        b"\xff\xff\xff\xff\x7f",
        b"\xff\xff\xff\xff\x8f\x01",  # a sixth byte
        b"\x80\x80\x80\x80\x80\x80",
    ],
)
def test_varints_are_minimal_and_of_32_bits(raw: bytes) -> None:
    for method in METHODS:
        if method.startswith("compact") or method == "unsigned_varint":
            assert reason(raw + bytes(100), method) == "varint"
    assert reason(raw + bytes(100), "compact_array_length", 1, 1) == "varint"
    assert reason(raw + bytes(100), "unknown_tags") == "varint"


@pytest.mark.parametrize(
    ("method", "raw"),
    [
        ("string", b"\xff\xff"),
        ("string", b"\x80\x00"),
        ("nullable_string", b"\xff\xfe"),
        ("compact_string", b"\x00"),
        ("bytes_", b"\xff\xff\xff\xff"),
        ("nullable_bytes", b"\xff\xff\xff\xfe"),
        ("compact_bytes", b"\x00"),
        ("records", b"\x80\x00\x00\x00"),
        ("nullable_records", b"\xff\xff\xff\xfe"),
        ("compact_records", b"\x00"),
        ("compact_nullable_string", b"\x82\x80\x02"),  # one byte more than Kafka writes
    ],
)
def test_lengths_that_cannot_be_are_refused(method: str, raw: bytes) -> None:
    assert reason(raw + bytes(100), method) == "length"


def test_the_longest_string_is_read() -> None:
    assert len(Reader(b"\x80\x80\x02" + bytes(MAX_STRING)).compact_string()) == MAX_STRING


@pytest.mark.parametrize(
    ("method", "raw", "expected"),
    [
        ("array_length", b"\xff\xff\xff\xff", "length"),
        ("array_length", b"\x80\x00\x00\x00", "length"),
        ("nullable_array_length", b"\xff\xff\xff\xfe", "length"),
        ("compact_array_length", b"\x00", "length"),
        ("array_length", b"\x7f\xff\xff\xff", "count"),
        ("array_length", b"\x00\x00\x00\x33", "count"),
        ("nullable_array_length", b"\x00\x00\x00\x33", "count"),
        ("compact_array_length", b"\x34", "count"),
        ("compact_array_length", b"\xff\xff\xff\xff\x0f", "count"),
        ("compact_nullable_array_length", b"\xff\xff\xff\xff\x0f", "count"),
    ],
)
def test_counts_must_fit_the_bytes_that_remain(method: str, raw: bytes, expected: str) -> None:
    """50 elements of two bytes would fit 100 bytes."""
    assert reason(raw + bytes(100), method, 2, 1) == expected


@pytest.mark.parametrize("text", [b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc3"])
def test_strings_are_utf_8(text: bytes) -> None:
    """Stray bytes, overlong forms, lone surrogates, beyond Unicode, cut short."""
    assert reason(bytes([len(text) + 1]) + text, "compact_string") == "utf8"
    assert reason(bytes([0, len(text)]) + text, "nullable_string") == "utf8"


@pytest.mark.parametrize("marker", [b"\x00", b"\x02", b"\xfe"])
def test_nullable_structs_are_introduced_by_one_or_minus_one(marker: bytes) -> None:
    assert reason(marker, "present") == "marker"


# --- memory --------------------------------------------------------------------------------------------------


def test_memory_is_bounded_over_all_arrays_of_a_message() -> None:
    r = Reader(b"\x7f" * 1000)
    limit = HEAP_FLOOR + HEAP_PER_BYTE * 1000
    for _ in range(3):
        assert r.compact_array_length(1, limit // 4 // 0x7E) == 0x7E
    with pytest.raises(ProtocolError, match="memory"):
        r.compact_array_length(1, limit // 2 // 0x7E)


def test_the_longest_messages_have_a_ceiling() -> None:
    length = HEAP_CEILING // HEAP_PER_BYTE
    assert Reader(b"", 0, length).heap_limit == HEAP_CEILING


def test_memory_of_tagged_fields_counts() -> None:
    r = Reader(b"\x01\x00\x02" + b"\x7f" * 2)
    ((_, field),) = r.tagged_fields()
    field.heap = field.heap_limit
    field.pos = field.end
    r.heap = r.heap_limit
    with pytest.raises(ProtocolError, match="memory"):
        r.end_tag(field)


# --- tagged fields -------------------------------------------------------------------------------------------


def test_unknown_tags_are_noticed() -> None:
    r = Reader(b"\x00\x01\x05\x01a")
    assert r.unknown_tags() == ()
    assert not r.saw_unknown_tags
    assert r.unknown_tags() == ((5, b"a"),)
    assert r.saw_unknown_tags


def test_known_tags_have_readers_of_their_own() -> None:
    r = Reader(b"\x02\x00\x02\x01a\x07\x01\x09!")
    (first, one), (second, two) = r.tagged_fields()
    assert (first, one.unsigned_varint(), one.int8()) == (0, 1, ord("a"))
    r.end_tag(one)
    assert (second, two.remaining) == (7, 1)
    assert r.unknown_tag(second, two) == (7, b"\x09")
    assert r.int8() == ord("!")


def test_what_the_reader_of_a_tag_noticed_is_known_to_its_parent() -> None:
    r = Reader(b"\x01\x00\x03\x01\x05\x00")
    ((_, field),) = r.tagged_fields()
    assert field.unknown_tags() == ((5, b""),)
    r.end_tag(field)
    assert r.saw_unknown_tags


def test_no_tags_are_no_fields() -> None:
    assert list(Reader(b"\x00").tagged_fields()) == []


@pytest.mark.parametrize(
    "raw",
    [
        b"\x02\x01\x00\x01\x00",  # twice
        b"\x02\x01\x00\x00\x00",  # descending
        b"\x01\x00\x02a",  # longer than the bytes
        bytes([MAX_TAGS + 1]) + b"".join(bytes([tag, 0]) for tag in range(MAX_TAGS + 1)),
        b"\xff\xff\xff\xff\x0f" + bytes(100),
    ],
)
def test_tags_out_of_order_or_bounds_are_refused(raw: bytes) -> None:
    assert reason(raw, "unknown_tags") == "tags"


def test_as_many_tags_as_allowed_are_read() -> None:
    raw = bytes([MAX_TAGS]) + b"".join(bytes([tag, 0]) for tag in range(MAX_TAGS))
    assert len(Reader(raw).unknown_tags()) == MAX_TAGS


def test_a_known_tag_is_read_to_its_end() -> None:
    r = Reader(b"\x01\x00\x02ab")
    ((_, field),) = r.tagged_fields()
    field.int8()
    with pytest.raises(ProtocolError, match="tags"):
        r.end_tag(field)


# --- any bytes -----------------------------------------------------------------------------------------------


@given(st.binary(max_size=20), st.sampled_from(METHODS))
def test_any_bytes_are_a_value_or_refused(raw: bytes, method: str) -> None:
    r = Reader(raw)
    try:
        getattr(r, method)()
    except ProtocolError:
        return
    assert 0 <= r.remaining < len(raw)


@given(st.binary(max_size=20), st.integers(0, 3))
def test_any_bytes_are_tags_or_refused(raw: bytes, pos: int) -> None:
    r = Reader(raw, min(pos, len(raw)))
    try:
        tags = r.unknown_tags()
    except ProtocolError:
        return
    assert [tag for tag, _ in tags] == sorted({tag for tag, _ in tags})
