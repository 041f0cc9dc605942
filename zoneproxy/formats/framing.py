"""What serialisers of a schema registry write before a value: which schema it is of.

    00 <id: 4 bytes>  value          the schema's number, in the value itself
    01 <GUID: 16 bytes>              its GUID, in a header; the value stands alone
    00 <id: 4 bytes>                 the same header with a number

In front of Protobuf, behind the number or GUID, stand the indexes of the message within its schema.
Source: Confluent's wire format (docs.confluent.io, "Wire format"), and ``io.confluent.kafka.serializers.schema.id``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from zoneproxy.formats.document import Malformed
from zoneproxy.formats.varints import read_zigzag

BY_NUMBER = 0
BY_GUID = 1
_NUMBER_SIZE = 5
_GUID_SIZE = 17
MAX_INDEXES = 64  # messages in one another

KEY_HEADER = b"__key_schema_id"
VALUE_HEADER = b"__value_schema_id"

SchemaId = int | UUID


@dataclass(frozen=True, slots=True)
class Frame:
    """The schema, and where what comes behind it begins: in the value, or in the header that told of it."""

    schema: SchemaId
    end: int


def frame_of(value: bytes) -> Frame:
    """What a value begins with. Raises Malformed (``framing``): no number of a schema."""
    if len(value) < _NUMBER_SIZE or value[0] != BY_NUMBER:
        raise Malformed("framing")
    return Frame(int.from_bytes(value[1:_NUMBER_SIZE]), _NUMBER_SIZE)


def frame_of_header(header: bytes) -> Frame:
    """What a header says. Raises Malformed (``framing``): neither a number nor a GUID."""
    if len(header) >= _GUID_SIZE and header[0] == BY_GUID:
        return Frame(UUID(bytes=header[1:_GUID_SIZE]), _GUID_SIZE)
    return frame_of(header)


def header_for(name: bytes, headers: Iterable[tuple[bytes, bytes | None]]) -> bytes | None:
    """The one header called ``name``; None if there is none.

    Raises Malformed (``framing``): there are several, or it is null.
    """
    found = [value for header, value in headers if header == name]
    if not found:
        return None
    (value, *more) = found
    if more or value is None:
        raise Malformed("framing")
    return value


def message_indexes(data: bytes, pos: int) -> tuple[tuple[int, ...], int]:
    """Which message of a Protobuf schema it is, from the outermost on, and the position behind that.

    Raises Malformed (``framing``, ``truncated``, ``varint``).
    """
    count, pos = read_zigzag(data, pos, len(data))
    if count == 0:  # short for the first message
        return (0,), pos
    if not 0 < count <= MAX_INDEXES:
        raise Malformed("framing")
    indexes = []
    for _ in range(count):
        index, pos = read_zigzag(data, pos, len(data))
        if index < 0:
            raise Malformed("framing")
        indexes.append(index)
    return tuple(indexes), pos
