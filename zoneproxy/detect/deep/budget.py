"""How much may be decoded of one value before it is given up: its sender could make every look cost a thousand."""

from __future__ import annotations

from zoneproxy.errors import ProtocolError

FREE_BYTES = 4096
RATIO = 64  # bytes that may be decoded for each byte of a value; what is compressed honestly stays below
MAX_BYTES = 32 << 20
AGAIN = 4  # times that much may be inflated: what is compressed may stand in several readings, or say nothing
MAX_VIEWS = 64  # other readings of one value
MAX_STREAMS = 256  # places at which something compressed may begin; each costs microseconds


class Budget:
    """What is left for one value. All methods raise ProtocolError (``budget``) once nothing is."""

    __slots__ = ("_streams", "_to_inflate", "_views", "left")

    def __init__(self, size: int) -> None:
        self.left = min(FREE_BYTES + RATIO * size, MAX_BYTES)
        self._to_inflate = AGAIN * self.left
        self._views = MAX_VIEWS
        self._streams = MAX_STREAMS

    def spend(self, size: int) -> None:
        """So many bytes are decoded."""
        self.left -= size
        if self.left < 0:
            raise ProtocolError("budget")

    def view(self, size: int) -> None:
        """Another reading, of so many bytes."""
        self._views -= 1
        if self._views < 0:
            raise ProtocolError("budget")
        self.spend(size)

    def stream(self) -> None:
        """Another place is tried at which something compressed may begin."""
        self._streams -= 1
        if self._streams < 0:
            raise ProtocolError("budget")

    def inflate(self, size: int) -> None:
        """So many bytes came out of something compressed."""
        self._to_inflate -= size
        if self._to_inflate < 0:
            raise ProtocolError("budget")
