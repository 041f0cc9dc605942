"""Numbers of seven bits to the byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.formats.document import Malformed
from zoneproxy.formats.varints import read_unsigned, read_zigzag, unsigned, zigzag


# Protobuf's encoding guide and Avro's specification.
@pytest.mark.parametrize(("number", "written"), [(0, "00"), (150, "9601"), (2**64 - 1, "ffffffffffffffffff01")])
def test_unsigned_numbers_are_written_as_others_write_them(number: int, written: str) -> None:
    assert unsigned(number).hex() == written
    assert read_unsigned(bytes.fromhex(written), 0, 10) == (number, len(written) // 2)


@pytest.mark.parametrize(("number", "written"), [(0, "00"), (-1, "01"), (1, "02"), (-64, "7f"), (64, "8001")])
def test_signed_numbers_go_to_and_fro(number: int, written: str) -> None:
    assert zigzag(number).hex() == written
    assert read_zigzag(bytes.fromhex(written), 0, 2) == (number, len(written) // 2)


def test_a_number_below_zero_is_written_in_twos_complement() -> None:
    assert unsigned(-1) == unsigned(2**64 - 1)


@given(st.integers(-(2**63), 2**63 - 1))
def test_all_signed_numbers_come_back(number: int) -> None:
    written = zigzag(number)
    assert read_zigzag(b"x" + written + b"x", 1, len(written) + 1) == (number, len(written) + 1)


def test_a_long_form_is_read_too() -> None:
    assert read_unsigned(b"\x81\x80\x00", 0, 3) == (1, 3)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "truncated"),
        (b"\x80\x80", "truncated"),
        (b"\x80" * 10, "varint"),
        (b"\xff" * 9 + b"\x02", "varint"),
        (b"\x80" * 11 + b"\x00", "varint"),
    ],
)
def test_what_is_no_number_of_64_bits_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        read_unsigned(data, 0, len(data))


def test_nothing_is_read_behind_the_end() -> None:
    with pytest.raises(Malformed, match="truncated"):
        read_unsigned(b"\x80\x01", 0, 1)
