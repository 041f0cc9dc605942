"""Schemas: what a value of them is read with, and where those are found that values name by number or GUID."""

from __future__ import annotations

from typing import Protocol

from zoneproxy.errors import ZoneproxyError
from zoneproxy.formats.document import Document, FormatLimits


class InvalidSchema(ZoneproxyError):
    """A schema that cannot be read with. ``reason`` is a fixed word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Reader(Protocol):
    """Reads values."""

    def read(self, data: bytes, start: int, limits: FormatLimits) -> Document:
        """The value that stands in ``data`` from ``start`` on; what comes before is kept as it is. Raises Malformed."""
        ...


class Schema(Reader, Protocol):
    """A schema, ready to read values. Some write more in front of them than which schema it is."""

    @property
    def kind(self) -> str:
        """The format of its values: ``avro``, ``protobuf``."""
        ...

    def told(self, header: bytes, start: int) -> Reader:
        """What values are read with that stand alone, of which ``header`` tells from ``start`` on. Raises Malformed."""
        ...
