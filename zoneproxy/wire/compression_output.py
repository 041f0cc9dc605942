"""Where decompressed bytes are collected, within a cap."""

from __future__ import annotations

from zoneproxy.errors import ProtocolError

# Gzip members or zstd frames in one batch; clients write one. Without a bound, starting on each of millions of empty
# ones would be work out of all proportion to their bytes.
MAX_PARTS = 256


class Output:
    """Chunks put together. The usual batch is one chunk, which is never copied."""

    __slots__ = ("cap", "data")

    def __init__(self, cap: int) -> None:
        self.cap = cap
        self.data: bytes | bytearray = b""

    def room(self, step: int) -> int:
        """How much to ask the codec for: up to ``step`` bytes, one more than the cap at most, so that a bomb shows."""
        return min(step, self.cap - len(self.data) + 1)

    def add(self, chunk: bytes) -> None:
        """Take what the codec gave. Raises ProtocolError ``bomb`` over the cap."""
        if len(self.data) + len(chunk) > self.cap:
            raise ProtocolError("bomb")
        if not self.data:
            self.data = chunk
            return
        if isinstance(self.data, bytes):
            self.data = bytearray(self.data)
        self.data += chunk
