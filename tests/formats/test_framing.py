"""Which schema a value is of."""

from __future__ import annotations

from uuid import UUID

import pytest

from zoneproxy.formats.document import Malformed
from zoneproxy.formats.framing import (
    VALUE_HEADER,
    Frame,
    frame_of,
    frame_of_header,
    header_for,
    message_indexes,
)

GUID = UUID("89791762-2336-4186-9674-299b90a802e2")


def test_a_value_begins_with_the_number_of_its_schema() -> None:
    assert frame_of(b"\x00\x00\x00\x01\x02rest") == Frame(258, 5)
    assert frame_of(b"\x00\xff\xff\xff\xff") == Frame(0xFFFFFFFF, 5)


@pytest.mark.parametrize("value", [b"", b"\x00\x00\x00\x01", b'{"a": 1}', b"\x01" + GUID.bytes])
def test_a_value_without_is_refused(value: bytes) -> None:
    with pytest.raises(Malformed, match="framing"):
        frame_of(value)


def test_a_header_has_a_guid_or_a_number() -> None:
    assert frame_of_header(b"\x01" + GUID.bytes) == Frame(GUID, 17)
    assert frame_of_header(b"\x00\x00\x00\x00\x07\x00") == Frame(7, 5)


@pytest.mark.parametrize("header", [b"", b"\x01", b"\x01" + GUID.bytes[1:], b"\x02" + GUID.bytes])
def test_another_header_is_refused(header: bytes) -> None:
    with pytest.raises(Malformed, match="framing"):
        frame_of_header(header)


def test_the_header_is_found_among_others() -> None:
    assert header_for(VALUE_HEADER, [(b"a", b"1"), (VALUE_HEADER, b"2")]) == b"2"
    assert header_for(VALUE_HEADER, [(b"a", None)]) is None


@pytest.mark.parametrize("headers", [[(VALUE_HEADER, None)], [(VALUE_HEADER, b"1"), (VALUE_HEADER, b"2")]])
def test_a_header_that_readers_may_take_for_different_schemas_is_refused(
    headers: list[tuple[bytes, bytes | None]],
) -> None:
    with pytest.raises(Malformed, match="framing"):
        header_for(VALUE_HEADER, headers)


@pytest.mark.parametrize(
    ("data", "expected"),
    [(b"\x00abc", ((0,), 1)), (b"\x02\x02", ((1,), 2)), (b"\x04\x00\x06", ((0, 3), 3))],
)
def test_the_message_of_a_protobuf_schema_is_named_by_indexes(
    data: bytes, expected: tuple[tuple[int, ...], int]
) -> None:
    assert message_indexes(data, 0) == expected


@pytest.mark.parametrize("data", [b"\x01", b"\x02\x01", b"\x82\x01" + b"\x00" * 65])
def test_indexes_that_cannot_be_are_refused(data: bytes) -> None:
    with pytest.raises(Malformed, match="framing"):
        message_indexes(data, 0)


def test_indexes_that_are_not_there_are_refused() -> None:
    with pytest.raises(Malformed, match="truncated"):
        message_indexes(b"\x04\x00", 0)
