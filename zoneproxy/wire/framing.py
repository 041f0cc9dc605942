"""Kafka frames out of a stream of bytes: a big-endian int32 length, then that many bytes. Sans-IO.

Frames come out with their length prefix, so an untouched one can be written on as it is.

What keeps memory flat, whatever a peer sends:

- a length is judged as soon as its four bytes are known, before anything is kept for its sake;
- nothing is allocated because a length was *declared*: an unfinished frame owns at most four times the bytes that
  have arrived of it;
- what is left when the owner stops taking frames is at most one read, and more than ``MAX_KEPT`` of it is refused.

The order of calls is ``buffer`` (where the next bytes go), ``received`` (how many came), ``next_frame`` until None
or until the owner has had enough, ``keep`` before anybody else may use the shared buffer.
"""

from __future__ import annotations

from struct import Struct

from zoneproxy.errors import ProtocolError

PREFIX = 4

# From here on an unfinished frame is received straight into memory of its own instead of through the shared buffer.
DIRECT = 64 * 1024

# Own memory grows by this factor: few copies for big frames, and little to gain for whoever only declares one.
GROWTH = 4

# Bytes that may arrive although the owner asked its transport to pause (uvloop 0.23 ignores pause_reading() in
# connection_made).
MAX_KEPT = 1024 * 1024

_EMPTY = memoryview(b"")
_LENGTH = Struct(">i").unpack_from


class FrameReader:
    """Cuts one peer's bytes into frames.

    Args:
        cap: the greatest length that a frame may declare, in bytes. It may be raised once a peer is authenticated.

    A ProtocolError (``frame_length``, ``frame_too_large``, ``flood``) is final: the stream has no next frame.
    """

    __slots__ = ("_at", "_end", "_filled", "_only", "_total", "_view", "cap", "drained", "part")

    def __init__(self, cap: int) -> None:
        self.cap = cap
        self.drained = True  # no byte waits that next_frame has not seen; may be False too often
        # A frame that came as a whole, and nothing beside it: nearly all that are small do. Then nothing else waits.
        self._only: bytes | None = None
        # Bytes not looked at yet: in the shared buffer, or kept.
        self._view = _EMPTY
        self._at = 0
        self._end = 0
        # The frame that has begun: _filled bytes of it are here, in memory that is longer only while it is received
        # directly. _total is its whole size, 0 until that is known.
        self.part: bytearray | None = None
        self._filled = 0
        self._total = 0

    @property
    def held(self) -> int:
        """Bytes of memory that this reader owns now."""
        own = self._only if self.part is None else self.part
        return (0 if own is None else len(own)) + self._end - self._at

    @property
    def partial(self) -> bool:
        """Whether a frame has begun and is not whole, or bytes wait that nobody has looked at."""
        return self.part is not None or self._only is not None or self._at < self._end

    def buffer(self, shared: memoryview) -> memoryview:
        """Where the next bytes are to be written: ``shared`` from its start, or a big frame's own memory."""
        part = self.part
        if part is None or self._at < self._end:
            return shared
        if len(part) == self._filled:
            size = self._direct_size(self._filled, self._total)
            if not size:
                return shared
            self.part = grown = bytearray(size)
            grown[: self._filled] = part
            part = grown
        return memoryview(part)[self._filled :]

    def received(self, shared: memoryview, count: int) -> None:
        """``count`` bytes were written to what ``buffer`` gave."""
        self.drained = False
        part = self.part
        if part is None and self._at == self._end:
            if self._only is not None:
                self._view, self._at, self._end = memoryview(self._only), 0, len(self._only)
                self._only = None
            elif count > PREFIX and _LENGTH(shared, 0)[0] == count - PREFIX <= self.cap:
                self._only = bytes(shared[:count])
                return
        if part is not None and len(part) > self._filled:
            self._filled += count
        elif self._at < self._end:
            self._keep_more(shared[:count])
        else:
            self._view, self._at, self._end = shared, 0, count

    def next_frame(self) -> bytes | bytearray | None:
        """The next whole frame, prefix included; None if more bytes are needed."""
        only = self._only
        if only is not None:
            self._only, self.drained = None, True
            return only
        if self.part is not None:
            finished = self._finish(self.part)
            if self._at == self._end:
                self._drop()
            return finished
        view, at = self._view, self._at
        have = self._end - at
        if have < PREFIX:
            self._begin(0)
            return None
        length: int = _LENGTH(view, at)[0]
        if not 0 < length <= self.cap:
            self._refuse(length)
        total = length + PREFIX
        if total > have:
            self._begin(total)
            return None
        frame = bytes(view[at : at + total])
        if total == have:
            self._drop()
        else:
            self._at = at + total
        return frame

    def keep(self) -> None:
        """Copy what is left out of the shared buffer, which the next connection may use from now on."""
        if self._at < self._end:
            self._view = memoryview(bytes(self._view[self._at : self._end]))
            self._end -= self._at
            self._at = 0

    def _keep_more(self, view: memoryview) -> None:
        if self._end - self._at + len(view) > MAX_KEPT:
            raise ProtocolError("flood")
        self._view = memoryview(b"".join((self._view[self._at : self._end], view)))
        self._at, self._end = 0, len(self._view)

    def _refuse(self, length: int) -> None:
        raise ProtocolError("frame_length" if length <= 0 else "frame_too_large")

    def _drop(self) -> None:
        """All bytes were taken: hold on to none of their memory."""
        self.drained = True
        self._view, self._at, self._end = _EMPTY, 0, 0

    def _begin(self, total: int) -> None:
        """Take what is there of an unfinished frame."""
        have = self._end - self._at
        if have:
            self.part = bytearray(self._direct_size(have, total) or have)
            self.part[:have] = self._view[self._at : self._end]
            self._filled, self._total = have, total
        self._drop()

    def _direct_size(self, have: int, total: int) -> int:
        """How much memory a frame of which ``have`` bytes have come gets to be received into; 0: it is too small."""
        return min(total, GROWTH * have) if have >= DIRECT and total - have >= DIRECT else 0

    def _finish(self, part: bytearray) -> bytearray | None:
        """Add to the frame that has begun; the frame once it is whole."""
        if not self._total:
            self._take(part, PREFIX)
            if self._filled < PREFIX:
                return None
            length: int = _LENGTH(part, 0)[0]
            if not 0 < length <= self.cap:
                self._refuse(length)
            self._total = length + PREFIX
        if len(part) == self._filled:  # not received directly
            self._take(part, self._total)
        if self._filled < self._total:
            return None
        self.part, self._filled, self._total = None, 0, 0
        return part

    def _take(self, part: bytearray, size: int) -> None:
        """Append waiting bytes until ``part`` has ``size`` of them."""
        end = min(self._at + size - self._filled, self._end)
        part += self._view[self._at : end]
        self._filled, self._at = len(part), end
