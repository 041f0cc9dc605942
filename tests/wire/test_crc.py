from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.wire.crc import crc32c


def by_definition(data: bytes) -> int:
    """Bit by bit with the reversed Castagnoli polynomial, as RFC 3720 describes it."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


@pytest.mark.parametrize(
    ("data", "expected"),
    [  # RFC 3720, B.4
        (bytes(32), 0x8A9136AA),
        (b"\xff" * 32, 0x62A8AB43),
        (bytes(range(32)), 0x46DD794E),
        (b"123456789", 0xE3069283),
        (b"", 0),
    ],
)
def test_published_values(data, expected):
    assert crc32c(data) == expected


@given(st.binary(max_size=100), st.binary(max_size=100))
def test_goes_on_from_where_it_stopped(first, second):
    assert crc32c(second, crc32c(first)) == by_definition(first + second)


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
@pytest.mark.parametrize("size", [1 << 18, (1 << 18) + 1, 1_000_003])
def test_pieces_and_kinds_of_buffers_make_no_difference(kind, size):
    data = b"0123456789abcdef" * (size // 16) + b"x" * (size % 16)
    assert crc32c(kind(data)) == crc32c(data[100_000:], crc32c(data[:100_000]))
