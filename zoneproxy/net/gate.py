"""Where a client proves who it is, before it has a session: SASL over Kafka's frames, and ApiVersions, nothing else.

    ApiVersions? -> SaslHandshake -> SaslAuthenticate ... -> in, or refused and closed

The order is Kafka's (SaslServerAuthenticator). Nothing is dialled for a client that has not come through here.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, TypeVar, cast

from zoneproxy.boundary.interceptor import Close, Reply
from zoneproxy.boundary.versions import admit_api_versions, before_authentication
from zoneproxy.errors import ProtocolError
from zoneproxy.identity.sasl.server import Accept, Answer, SaslServer
from zoneproxy.identity.sasl.shapes import Refused
from zoneproxy.wire.codec import RequestHeader, decode_request, encode_response, is_known, read_request_header
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.api_versions_request import ApiVersionsRequest
from zoneproxy.wire.messages.sasl_authenticate_request import SaslAuthenticateRequest
from zoneproxy.wire.messages.sasl_handshake_request import SaslHandshakeRequest

if TYPE_CHECKING:
    from zoneproxy.boundary.node_versions import NodeVersions
    from zoneproxy.net.link import Link
    from zoneproxy.net.sasl import ListenerSasl
    from zoneproxy.wire.messages.message import Message

MAX_SASL_FRAME = 512 * 1024  # Kafka's sasl.server.max.receive.size
MAX_ATTEMPTS = 3  # at ApiVersions in a version that we know; a client needs two
FAREWELL_SECONDS = 1.0  # for a refusal to be sent


class Gate:
    """Owns one client's link until the client is in.

    Args:
        versions: what is known of the upstream; None: nothing yet.
        accept: see SaslServer.
    """

    def __init__(self, link: Link, sasl: ListenerSasl, versions: NodeVersions | None, accept: Accept) -> None:
        self._link = link
        self._sasl = sasl
        self._versions = versions
        self._server = SaslServer(sasl.mechanisms(), accept, max_session=sasl.max_session)
        self._asked_versions = 0
        self._news = asyncio.Event()
        self._over = False  # nothing more comes
        self._error: ProtocolError | None = None

    @property
    def mechanism(self) -> str:
        """That the client has chosen, "" before."""
        return self._server.mechanism

    @property
    def refused(self) -> Refused | None:
        """Why the client is refused already, although it has yet to say that it knows."""
        return self._server.refused

    async def enter(self) -> Answer:
        """Let the client prove who it is; its last answer, which says who that is or why it is refused.

        The answer has been sent. Raises ProtocolError for anything that is not part of this, ConnectionResetError
        if the client has gone.
        """
        while True:
            answer = await self._answer(await self._frame())
            if answer is not None and (answer.refused or answer.proven):
                return answer

    async def farewell(self) -> None:
        """Close the connection of a refused client, once it has been told."""
        self._link.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FAREWELL_SECONDS):
                while not self._link.lost:
                    self._news.clear()
                    await self._news.wait()

    async def _frame(self) -> bytes | bytearray:
        while True:
            if self._error is not None:
                raise self._error
            frame = self._link.reader.next_frame()
            if frame is not None:
                return frame
            if self._over:
                raise ConnectionResetError
            self._news.clear()
            await self._news.wait()

    async def _answer(self, frame: bytes | bytearray) -> Answer | None:
        header = read_request_header(frame)
        if header.api_key == ApiKey.API_VERSIONS and not self.mechanism:
            self._answer_versions(frame, header)
            return None
        if header.api_key == ApiKey.SASL_HANDSHAKE and _readable(header):
            answer = self._server.handshake(_decoded(frame, header, SaslHandshakeRequest), header.api_version)
            self._link.reader.cap = max(self._link.reader.cap, MAX_SASL_FRAME)
        elif header.api_key == ApiKey.SASL_AUTHENTICATE and _readable(header) and self.mechanism:
            message = _decoded(frame, header, SaslAuthenticateRequest)
            self._link.read(False)  # a client that does not wait for its answer is not kept for
            answer = await self._sasl.needs.run(self._server.authenticate(message, self._sasl.clock()))
            self._link.read(True)
        else:
            raise ProtocolError("unauthenticated_request")
        self._send(header, answer.message)
        return answer

    def _answer_versions(self, frame: bytes | bytearray, header: RequestHeader) -> None:
        self._asked_versions += 1
        if self._versions is None:
            raise ProtocolError("upstream_unknown")
        if self._asked_versions > MAX_ATTEMPTS:
            raise ProtocolError("unauthenticated_request")
        refused = admit_api_versions(header.api_version)
        if isinstance(refused, Close):
            raise ProtocolError(refused.reason)
        if isinstance(refused, Reply):
            self._send(header, refused.message, refused.version)
            return
        message = _decoded(frame, header, ApiVersionsRequest)
        answer = before_authentication(message, header.api_version, self._versions)
        self._send(header, answer)
        if answer.error_code == ErrorCode.NONE:
            self._asked_versions = MAX_ATTEMPTS  # Kafka takes one good question

    def _send(self, header: RequestHeader, message: Message, version: int | None = None) -> None:
        written_in = header.api_version if version is None else version
        self._link.send(encode_response(header.correlation_id, header.api_key, written_in, message))
        self._link.flush()

    # --- what the link tells

    def link_readable(self, link: Link) -> None:
        """See LinkOwner."""
        self._news.set()

    def link_writable(self, link: Link) -> None:
        """See LinkOwner."""

    def link_ended(self, link: Link) -> None:
        """See LinkOwner."""
        self._over = True
        self._news.set()

    def link_broken(self, link: Link, error: ProtocolError) -> None:
        """See LinkOwner."""
        self._error = error
        link.abort()
        self._news.set()

    def link_lost(self, link: Link, clean: bool) -> None:
        """See LinkOwner."""
        self.link_ended(link)


M = TypeVar("M")


def _readable(header: RequestHeader) -> bool:
    return is_known(header.api_key, header.api_version)


def _decoded(frame: bytes | bytearray, header: RequestHeader, _kind: type[M]) -> M:
    return cast("M", decode_request(frame, header).message)
