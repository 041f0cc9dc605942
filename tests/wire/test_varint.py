from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.errors import ProtocolError
from zoneproxy.wire.varint import append_varint, read_long_number, read_number, read_varint, varint

CASES = [
    (0, "00"),
    (-1, "01"),
    (1, "02"),
    (63, "7e"),
    (-64, "7f"),
    (64, "8001"),
    (-65, "8101"),
    (8191, "fe7f"),
    (8192, "808001"),
    (2**31 - 1, "feffffff0f"),
    (-(2**31), "ffffffff0f"),
]
LONG_CASES = [
    (2**31, "8080808010"),
    (-(2**31) - 1, "8180808010"),
    (2**63 - 1, "feffffffffffffffff01"),
    (-(2**63), "ffffffffffffffffff01"),
]


def zigzag(value: int) -> int:
    return value << 1 ^ value >> 63


def written(value: int) -> bytes:
    out = bytearray(b"before")
    append_varint(out, value)
    return bytes(out[6:])


@pytest.mark.parametrize(("value", "data"), CASES + LONG_CASES)
def test_writes(value, data):
    assert written(value).hex() == data
    assert varint(value).hex() == data


@pytest.mark.parametrize(("value", "data"), CASES)
def test_reads(value, data):
    data = b"..." + bytes.fromhex(data) + b"\xff" * 12
    assert read_varint(data, 3) == (value, len(data) - 12)
    assert read_number(data, 3) == (zigzag(value), len(data) - 12)


@pytest.mark.parametrize(("value", "data"), CASES + LONG_CASES)
def test_reads_long(value, data):
    data = bytes.fromhex(data)
    assert read_long_number(data + b"\xff", 0) == (zigzag(value), len(data))


@given(st.integers(-(2**31), 2**31 - 1), st.binary(max_size=3))
def test_round_trip(value, tail):
    data = written(value)
    assert read_varint(data + tail, 0) == (value, len(data))


@given(st.integers(-(2**63), 2**63 - 1))
def test_long_round_trip(value):
    data = written(value)
    assert read_long_number(data, 0) == (zigzag(value), len(data))


@pytest.mark.parametrize("read", [read_varint, read_long_number])
@pytest.mark.parametrize("data", ["8000", "818000", "80808000"])
def test_only_the_shortest_form_is_read(read, data):
    with pytest.raises(ProtocolError, match="varint"):
        read(bytes.fromhex(data), 0)


@pytest.mark.parametrize(
    ("read", "data"),
    [
        (read_varint, "ffffffff10"),
        (read_varint, "ffffffff7f"),
        (read_varint, "808080808001"),
        (read_varint, "ffffffffffffffffffffffff"),
        (read_long_number, "ffffffffffffffffff02"),
        (read_long_number, "8080808080808080808001"),
        (read_long_number, "ff" * 20),
    ],
)
def test_numbers_that_are_too_long_are_refused(read, data):
    with pytest.raises(ProtocolError, match="varint"):
        read(bytes.fromhex(data), 0)


@pytest.mark.parametrize("data", ["", "80", "ffffffff"])
def test_an_end_within_a_number_is_an_index_error(data):
    with pytest.raises(IndexError):
        read_varint(bytes.fromhex(data), 0)
