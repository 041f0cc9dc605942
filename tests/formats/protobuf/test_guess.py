"""What unknown fields may say."""

from __future__ import annotations

import struct

import pytest

from tests.formats.protobuf.kit import field, tag
from zoneproxy.formats.document import Malformed
from zoneproxy.formats.protobuf import guess as guessing
from zoneproxy.formats.protobuf.guess import Guess, fixed_as, guess, packed_as, varint_as
from zoneproxy.formats.protobuf.scalars import Fixed
from zoneproxy.formats.varints import unsigned

CARD = 4111111111111111


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", Guess.TEXT),
        (b"hello", Guess.TEXT),
        (b"1ABCDEFGH", Guess.TEXT),  # which is a fixed64 as well
        ("Zoë".encode(), Guess.TEXT),
        (b"two\nlines", Guess.TEXT),
        (field(1, b"x" * 65), Guess.TEXT_AND_NUMBERS),
        (field(1, b"short"), Guess.MESSAGE),
        (tag(1, 0) + unsigned(CARD), Guess.MESSAGE),
        (b"\xff\xfe", Guess.BYTES),
        (b"\x01\x02\x07", Guess.BYTES),
    ],
)
def test_bytes_are_text_or_a_message_or_neither(data: bytes, expected: Guess) -> None:
    assert guess(b"\x00" + data + b"\x00", 1, len(data) + 1) is expected


def test_a_large_varint_is_read_in_two_ways() -> None:
    assert [scalar.say(2 * CARD)[0] for scalar in varint_as(2 * CARD)] == [b"8222222222222222", b"4111111111111111"]
    assert [scalar.say(5)[0] for scalar in varint_as(5)] == [b"5"]


def test_fixed_bytes_may_be_a_whole_number_or_not() -> None:
    data = b"x" + struct.pack("<d", float(CARD))
    assert b"4111111111111111" in [scalar.say(data, 1)[0] for scalar in fixed_as(data, 1, 8)]
    whole = struct.pack("<Q", CARD)
    assert [scalar.say(whole, 0)[0] for scalar in fixed_as(whole, 0, 8)] == [b"4111111111111111"]
    small = struct.pack("<f", 1.5)
    assert [scalar.say(small, 0)[0] for scalar in fixed_as(small, 0, 4)] == [b"1069547520", b"1.5"]
    assert [scalar.say(b"\xff" * 4, 0)[0] for scalar in fixed_as(b"\xff" * 4, 0, 4)] == [b"4294967295"]


def test_bytes_may_be_a_list_of_varints() -> None:
    data = b"x" + unsigned(5) + unsigned(CARD)
    assert [(start, end) for _, start, end in packed_as(data, 1, len(data))] == [(2, len(data))] * 2
    assert not packed_as(b"\x05\x80", 0, 2)


def test_or_of_numbers_of_eight_bytes() -> None:
    data = b"x" + struct.pack("<QQ", 255, CARD)
    assert [(start, end) for scalar, start, end in packed_as(data, 1, 17) if isinstance(scalar, Fixed)] == [
        (1, 9),
        (9, 17),
    ]
    assert not packed_as(b"\xff" * 16, 0, 16)


@pytest.mark.parametrize("number", [unsigned(CARD), struct.pack("<Q", 255)])
def test_but_not_of_any_number_of_them(number: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guessing, "MAX_NUMBERS", 4)
    assert packed_as(number * 2, 0, 2 * len(number))
    with pytest.raises(Malformed, match="leaves"):
        packed_as(number * 5, 0, 5 * len(number))
