"""Values of which a schema registry knows the schema: what stands in front of them, or in a header, says which one."""

from __future__ import annotations

from collections.abc import Sequence

from zoneproxy.formats.book import SchemaBook
from zoneproxy.formats.document import Document, FormatLimits, Malformed
from zoneproxy.formats.framing import frame_of, frame_of_header, header_for
from zoneproxy.formats.schema import Schema

Headers = Sequence[tuple[bytes, bytes | None]]


class RegisteredReader:
    """Reads values of the schemas of one registry, if they are of ``kind``."""

    def __init__(self, book: SchemaBook, kind: str) -> None:
        self._book = book
        self._kind = kind

    def read(self, value: bytes, limits: FormatLimits) -> Document:
        """The value, which begins with the number of its schema. Raises Malformed, UnknownSchema among them."""
        frame = frame_of(value)
        return self._of_kind(self._book.schema(frame.schema)).read(value, frame.end, limits)

    def read_with(self, value: bytes, header: bytes, headers: Headers, limits: FormatLimits) -> Document:
        """As ``read``; if there is a header called ``header``, that has number or GUID, and the value stands alone."""
        told = header_for(header, headers)
        if told is None:
            return self.read(value, limits)
        frame = frame_of_header(told)
        return self._of_kind(self._book.schema(frame.schema)).told(told, frame.end).read(value, 0, limits)

    def _of_kind(self, schema: Schema) -> Schema:
        if schema.kind != self._kind:
            raise Malformed("schema_kind")
        return schema
