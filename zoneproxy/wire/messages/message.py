"""What every request and response offers, whatever its API."""

from __future__ import annotations

from typing import ClassVar, Final, Protocol, Self

from zoneproxy.wire.buffer import Tags
from zoneproxy.wire.reader import Reader
from zoneproxy.wire.writer import Writer

NEVER_FLEXIBLE: Final = 0x8000
"""``FLEXIBLE_FROM`` of a message that no version of writes with tagged fields: above any int16 version."""


class Message(Protocol):
    """The root of a generated module: the body of one request or response, all versions in one class."""

    API_KEY: ClassVar[int]
    MIN_VERSION: ClassVar[int]
    MAX_VERSION: ClassVar[int]
    FLEXIBLE_FROM: ClassVar[int]

    unknown_tags: Tags

    @classmethod
    def read(cls, r: Reader, version: int) -> Self:
        """Read a body of ``version``, which must be within the valid range. Raises ProtocolError."""
        ...

    def write(self, w: Writer, version: int) -> None:
        """Write a body of ``version``. Raises EncodeError for a value that the version cannot carry."""
        ...
