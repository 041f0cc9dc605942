"""Values of which a schema registry knows the schema: what stands in front of them, or in a header, says which one."""

from __future__ import annotations

from zoneproxy.formats.book import SchemaBook
from zoneproxy.formats.document import Document, FormatLimits, Malformed
from zoneproxy.formats.framing import frame_of, frame_of_header


class RegisteredReader:
    """Reads values of the schemas of one registry, if they are of ``kind``."""

    def __init__(self, book: SchemaBook, kind: str) -> None:
        self._book = book
        self._kind = kind

    def read(self, value: bytes, limits: FormatLimits, told: bytes | None = None) -> Document:
        """The value, which begins with the number of its schema; or stands alone, if a header has ``told`` of it.

        Raises Malformed, UnknownSchema among them.
        """
        frame = frame_of(value) if told is None else frame_of_header(told)
        schema = self._book.schema(frame.schema)
        if schema.kind != self._kind:
            raise Malformed("schema_kind")
        if told is None:
            return schema.read(value, frame.end, limits)
        return schema.told(told, frame.end).read(value, 0, limits)
