"""Requests of our own: one at a time over a link, each waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from zoneproxy.errors import ProtocolError
from zoneproxy.net.link import Link
from zoneproxy.wire.codec import RequestHeader, encode_request
from zoneproxy.wire.messages.message import Message

CLIENT_ID = "zoneproxy"


class UpstreamError(Exception):
    """A broker could not be reached or did not answer as it should. ``reason`` is a fixed word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Asker:
    """Owns a link while it asks. Give ``link.owner`` another value when done. ``lost`` is called if it breaks."""

    def __init__(self) -> None:
        self.link: Link | None = None
        self.lost: Callable[[], None] = _nothing
        self._correlation = -1
        self._answer: asyncio.Future[bytes | bytearray] | None = None

    async def ask(self, message: Message, version: int) -> bytes | bytearray:
        """The frame that answers ``message``. Raises UpstreamError; ProtocolError for bytes that are no answer.

        There is no deadline in it.
        """
        link = self.link
        assert link is not None
        assert self._answer is None
        if link.lost:
            raise UpstreamError("closed")
        self._correlation += 1
        self._answer = asyncio.get_running_loop().create_future()
        header = RequestHeader(message.API_KEY, version, self._correlation, CLIENT_ID)
        try:
            link.send(encode_request(header, message))
            link.flush()
            return await self._answer
        finally:
            self._answer = None

    def link_readable(self, link: Link) -> None:
        """See LinkOwner."""
        try:
            frame = link.reader.next_frame()
        except ProtocolError as error:
            self._fail(error)
            return
        if frame is None:
            return
        if len(frame) < 8 or int.from_bytes(frame[4:8], "big", signed=True) != self._correlation:
            self._fail(ProtocolError("correlation_id"))
        elif self._answer is None or self._answer.done():
            self._fail(ProtocolError("unasked_reply"))
        else:
            self._answer.set_result(frame)

    def link_writable(self, link: Link) -> None:
        """See LinkOwner."""

    def link_ended(self, link: Link) -> None:
        """See LinkOwner."""
        self._fail(UpstreamError("closed"))

    def link_broken(self, link: Link, error: ProtocolError) -> None:
        """See LinkOwner."""
        self._fail(error)

    def link_lost(self, link: Link, clean: bool) -> None:
        """See LinkOwner."""
        self._fail(UpstreamError("closed"))

    def _fail(self, error: Exception) -> None:
        if self.link is not None:
            self.link.abort()
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)
        self.lost()


def _nothing() -> None:
    pass
