"""One TCP or TLS connection, client's or broker's: frames in, writes out in few calls, and its flow control."""

from __future__ import annotations

import asyncio
from typing import Protocol, cast

from zoneproxy.errors import ProtocolError
from zoneproxy.wire.framing import FrameReader

READ_BUFFER = 256 * 1024  # one for each event loop: the size of a read decides the CPU per byte, more than all else

# From here on a transport's write buffer makes the other side's reading stop.
HIGH_WATER = 1024 * 1024

# Small frames of one turn are joined up to this size; a larger one is written as it is, without a copy.
JOIN = 64 * 1024


class LinkOwner(Protocol):
    """What is told of a link's fate. Called on the event loop, never from within ``Link.send`` or ``Link.close``."""

    def link_readable(self, link: Link) -> None:
        """Bytes have come: take frames from ``link.reader``."""
        ...

    def link_writable(self, link: Link) -> None:
        """``link.writable`` has become True again."""
        ...

    def link_ended(self, link: Link) -> None:
        """The peer sends nothing more (half-close); it may still read. Never for TLS, which cannot half-close."""
        ...

    def link_broken(self, link: Link, error: ProtocolError) -> None:
        """The peer sent more than it may before anybody has taken it."""
        ...

    def link_lost(self, link: Link, clean: bool) -> None:
        """The connection is gone. The last call; frames that came before may still be in ``link.reader``.

        ``clean`` is False if it broke or was aborted.
        """
        ...


class Link(asyncio.BufferedProtocol):
    """A protocol for ``loop.create_connection`` and ``loop.connect_accepted_socket``.

    Args:
        owner: may be replaced at any time.
        shared: the event loop's read buffer.
        cap: the greatest length of a frame, see FrameReader.
    """

    __slots__ = (
        "_discarding",
        "_ended",
        "_out",
        "_shared",
        "_size",
        "_tls",
        "_transport",
        "dirty",
        "lost",
        "owner",
        "reader",
        "reading",
        "writable",
    )

    def __init__(self, owner: LinkOwner, shared: memoryview, cap: int) -> None:
        self.owner = owner
        self.reader = FrameReader(cap)
        self.writable = True
        self.lost = False
        self.dirty = False  # there is something to flush
        self._shared = shared
        self._transport: asyncio.Transport | None = None
        self.reading = True  # the last word of ``read``
        self._ended = False  # the peer sends nothing more
        self._discarding = False  # what it sends goes nowhere
        self._tls = False
        self._out: list[bytes | bytearray] = []
        self._size = 0

    # --- for the owner

    @property
    def transport(self) -> asyncio.Transport:
        """The transport, once connected."""
        assert self._transport is not None
        return self._transport

    @property
    def unsent(self) -> int:
        """Bytes that wait to be written."""
        return self._size + (0 if self.lost else self.transport.get_write_buffer_size())

    def send(self, data: bytes | bytearray) -> None:
        """Write ``data`` with the next ``flush``; large data at once."""
        if self.lost:
            return
        self._out.append(data)
        self._size += len(data)
        self.dirty = True
        if self._size >= JOIN:
            self.flush()

    def flush(self) -> None:
        """Hand what ``send`` collected to the transport."""
        out = self._out
        self._size, self.dirty = 0, False
        if len(out) == 1 and self._transport is not None:  # nearly always
            self._transport.write(out.pop())
            return
        self._out = []
        if self._transport is None or not out:
            return
        large = out.pop() if len(out[-1]) >= JOIN else None
        self._transport.write(b"".join(out))
        if large is not None:
            self._transport.write(large)

    def read(self, on: bool) -> None:
        """Let bytes come, or not."""
        if on is self.reading or self._ended or self.lost:
            return
        if not self.transport.is_closing():
            self.reading = on
            if on:
                self.transport.resume_reading()
            else:
                self.transport.pause_reading()

    def close(self) -> None:
        """Close once everything is written. Bytes of the peer that nobody reads any more make that a reset."""
        if not self.lost:
            self.flush()
            self.transport.close()

    def finish(self) -> None:
        """Close in good order: stop sending, and let the peer, which may be sending, close its side.

        A reset could overtake the last replies. Its owner must see to a deadline.
        """
        if self.lost or self._ended or self._tls:  # TLS has a shutdown of its own
            self.close()
            return
        self.flush()
        self.read(True)
        self._discarding = True
        self.transport.write_eof()

    def abort(self) -> None:
        """Close now; what is not written is lost."""
        if not self.lost:
            self.transport.abort()

    def drop(self) -> None:
        """``abort``, whether or not it was ever connected."""
        if self._transport is not None:
            self.abort()

    # --- for the event loop

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(high=HIGH_WATER)
        self._tls = transport.get_extra_info("sslcontext") is not None

    def get_buffer(self, sizehint: int) -> memoryview:
        """See asyncio."""
        if self._discarding or self.reader.part is None:
            return self._shared
        return self.reader.buffer(self._shared)

    def buffer_updated(self, nbytes: int) -> None:
        """See asyncio."""
        reader = self.reader
        if self._discarding:
            return
        try:
            reader.received(self._shared, nbytes)
        except ProtocolError as error:
            self.owner.link_broken(self, error)
        else:
            self.owner.link_readable(self)
            if not reader.drained:
                reader.keep()

    def pause_writing(self) -> None:
        """See asyncio. Called from within writes, so the owner looks at ``writable`` after it has written."""
        self.writable = False

    def resume_writing(self) -> None:
        """See asyncio."""
        self.writable = True
        self.owner.link_writable(self)

    def eof_received(self) -> bool:
        """See asyncio. True keeps the way to a client that only stopped sending open."""
        self._ended = True
        if self._tls or self._discarding:
            return False
        self.owner.link_ended(self)
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio."""
        self.lost = True
        self.writable = True  # what is sent now goes nowhere, and nothing has to wait for that
        self._out.clear()
        self.owner.link_lost(self, exc is None)
