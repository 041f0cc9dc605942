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


class Schema(Protocol):
    """A schema, ready to read values."""

    def read(self, data: bytes, start: int, limits: FormatLimits) -> Document:
        """The value that stands in ``data`` from ``start`` on; what comes before is kept as it is. Raises Malformed."""
        ...
