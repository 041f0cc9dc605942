"""Fields of Protobuf without a schema."""

from __future__ import annotations

import pytest

from tests.formats.protobuf.kit import Order, field, tag
from zoneproxy.formats.document import Malformed
from zoneproxy.formats.protobuf import wire
from zoneproxy.formats.protobuf.scalars import Wire
from zoneproxy.formats.protobuf.wire import MAX_DEPTH, WireField, is_message, read_field


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\x08\x96\x01", WireField(1, Wire.VARINT, 0, 1, 1, 3, 150)),
        (b"\x12\x03abc", WireField(2, Wire.LEN, 0, 1, 2, 5, 0)),
        (b"\x09" + bytes(8), WireField(1, Wire.I64, 0, 1, 1, 9, 0)),
        (b"\x0d" + bytes(4), WireField(1, Wire.I32, 0, 1, 1, 5, 0)),
        (b"\x0b", WireField(1, Wire.START_GROUP, 0, 1, 1, 1, 0)),
        (b"\x80\x01\x00", WireField(16, Wire.VARINT, 0, 2, 2, 3, 0)),
    ],
)
def test_a_field_has_a_number_and_a_place(data: bytes, expected: WireField) -> None:
    assert read_field(data, 0, len(data)) == expected
    assert read_field(b"xx" + data + b"yy", 2, len(data) + 2).end == len(data) + 2


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x00\x00", "field"),
        (b"\x0e", "field"),
        (b"\x0f", "field"),
        (b"\xff\xff\xff\xff\xff\x01", "field"),
        (b"\x12\x04abc", "truncated"),
        (b"\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", "truncated"),
        (b"\x09\x00", "truncated"),
        (b"\x0d\x00", "truncated"),
        (b"\x08", "truncated"),
        (b"\x08" + b"\xff" * 11, "varint"),
    ],
)
def test_what_is_none_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        read_field(data, 0, len(data))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", True),
        (Order(id=5, reference="a", notes=["x"]).SerializeToString(), True),
        (tag(1, 3) + field(2, b"x") + tag(1, 4), True),
        (tag(1, 3) * MAX_DEPTH + b"".join([tag(1, 4)] * MAX_DEPTH), True),
        (tag(1, 3) * (MAX_DEPTH + 1) + b"".join([tag(1, 4)] * (MAX_DEPTH + 1)), False),
        (tag(1, 3), False),
        (tag(1, 4), False),
        (tag(1, 3) + tag(2, 4), False),
        (b"hello", False),
    ],
)
def test_whether_it_is_a_message(data: bytes, expected: bool) -> None:
    assert is_message(b"\x01" + data + b"\x00", 1, len(data) + 1) is expected


def test_very_many_fields_are_left_to_whoever_reads_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MAX_FIELDS", 3)
    assert is_message(tag(1, 3) * 3 + b"\xff", 0, 4)
    assert not is_message(tag(1, 3) * 2 + b"\xff", 0, 3)
