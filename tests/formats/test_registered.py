"""Values that say of which schema they are."""

from __future__ import annotations

from uuid import UUID

import pytest

from zoneproxy.formats.avro.schema import avro_schema
from zoneproxy.formats.book import SchemaBook, UnknownSchema
from zoneproxy.formats.document import DEFAULT_LIMITS, Malformed
from zoneproxy.formats.protobuf.schema import protobuf_schema
from zoneproxy.formats.registered import RegisteredReader

GUID, OTHER = UUID(int=1), UUID(int=2)
AVRO, PROTOBUF = avro_schema('"string"'), protobuf_schema("message A {} message B { string b = 1; }")
BOOK = SchemaBook("main", {1: AVRO, 2: PROTOBUF, GUID: AVRO, OTHER: PROTOBUF}, asks=True)
READER, PROTOBUF_READER = RegisteredReader(BOOK, "avro"), RegisteredReader(BOOK, "protobuf")


def test_the_value_says_it() -> None:
    document = READER.read(b"\x00\x00\x00\x00\x01\x02x", DEFAULT_LIMITS)
    assert document.leaves[0].text == b"x"
    assert document.rewritten({0: b"yz"}) == b"\x00\x00\x00\x00\x01\x04yz"
    message = PROTOBUF_READER.read(b"\x00\x00\x00\x00\x02\x02\x02\x0a\x01x", DEFAULT_LIMITS)
    assert message.leaves[0].path == (b"b",)
    assert message.rewritten({0: b"yz"}) == b"\x00\x00\x00\x00\x02\x02\x02\x0a\x02yz"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"\x02x", "framing"),
        (b"\x00\x00\x00\x00\x02\x00", "schema_kind"),
        (b"\x00\x00\x00\x00\x01\x09", "length"),
    ],
)
def test_other_values_are_refused(value: bytes, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        READER.read(value, DEFAULT_LIMITS)


def test_a_schema_that_nobody_knows_is_named() -> None:
    with pytest.raises(UnknownSchema) as caught:
        READER.read(b"\x00\x00\x00\x00\x07\x02x", DEFAULT_LIMITS)
    assert caught.value.schema == 7


def told(reader: RegisteredReader, value: bytes, header: bytes) -> list[bytes]:
    document = reader.read(value, DEFAULT_LIMITS, header)
    assert document.rewritten({}) == value
    return [leaf.text for leaf in document.leaves]


def test_or_a_header_does() -> None:
    assert told(READER, b"\x02x", b"\x01" + GUID.bytes) == [b"x"]
    assert told(READER, b"\x02x", b"\x00\x00\x00\x00\x01") == [b"x"]
    assert told(PROTOBUF_READER, b"\x0a\x01x", b"\x01" + OTHER.bytes + b"\x02\x02") == [b"x"]


@pytest.mark.parametrize("header", [b"", b"\x01" + GUID.bytes + b"\x00", b"\x02" + GUID.bytes])
def test_another_header_is_refused(header: bytes) -> None:
    with pytest.raises(Malformed, match="framing"):
        told(READER, b"\x02x", header)
