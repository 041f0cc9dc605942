"""Connections to brokers: dialled, host name verified, versions asked for (KIP-511), logged in, within a deadline."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zoneproxy.boundary.node_versions import NodeVersions
from zoneproxy.errors import ProtocolError
from zoneproxy.net.asking import Asker, UpstreamError
from zoneproxy.net.link import Link
from zoneproxy.wire.codec import decode_response
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_versions_request import ApiVersionsRequest
from zoneproxy.wire.messages.api_versions_response import ApiVersionsResponse

if TYPE_CHECKING:
    from zoneproxy.boundary.cluster import ClusterView
    from zoneproxy.config.addresses import HostPort
    from zoneproxy.net.login import Login
    from zoneproxy.net.observer import Observer
    from zoneproxy.net.tls import TlsContext

__all__ = ["Dialled", "Dialler", "UpstreamError"]

MAX_HANDSHAKE_FRAME = 1024 * 1024  # Kafka's ApiVersions reply is about 1 KiB
SHUTDOWN_SECONDS = 0.5  # for a broker to say that it closes, too: Kafka does not, and nothing is lost by that
MAX_SPOKEN = 64  # different ApiVersions replies remembered

_ERROR = slice(8, 10)  # of an ApiVersions reply: behind length and correlation id, in every version


@dataclass(frozen=True, slots=True)
class Dialled:
    """A connection to a broker that is ready for requests. Whoever takes it sets ``link.owner``."""

    link: Link
    versions: NodeVersions
    asker: Asker
    host: str = ""  # as it was dialled
    renew: float | None = None  # seconds after which to log in again; None: never


class Dialler:
    """Makes the connections to one upstream.

    Args:
        name: of the upstream, for the observer.
        servers: from the configuration: any of them stands for the cluster.
        tls: None for plaintext.
        shared: the event loop's read buffer.
        seconds: for one connection, from name look-up to versions and login.
        login: how the proxy proves who it is, beyond its certificate.
    """

    def __init__(
        self,
        name: str,
        servers: Sequence[HostPort],
        cluster: ClusterView,
        tls: TlsContext | None,
        observer: Observer,
        shared: memoryview,
        seconds: float,
        login: Login | None = None,
    ) -> None:
        self.login = login
        self._name = name
        self._servers = servers
        self._cluster = cluster
        self._tls = tls
        self._observer = observer
        self._shared = shared
        self._seconds = seconds
        self._turn = 0
        self._spoken: OrderedDict[bytes, NodeVersions] = OrderedDict()

    async def dial(self, node: int | None) -> Dialled:
        """Connect to a broker, or to any for None. Raises UpstreamError; it was told to the observer."""
        try:
            async with asyncio.timeout(self._seconds):
                return await (self._dial_any() if node is None else self._dial_node(node))
        except UpstreamError as error:
            self._observer.upstream_failure(self._name, error.reason)
            raise
        except TimeoutError as error:
            self._observer.upstream_failure(self._name, "timeout")
            raise UpstreamError("timeout") from error

    async def _dial_node(self, node: int) -> Dialled:
        where = self._cluster.node(node)
        if where is None:
            raise UpstreamError("node_unknown")
        dialled = await self._connect(where.host, where.port)
        self._cluster.learn_versions(node, dialled.versions)
        return dialled

    async def _dial_any(self) -> Dialled:
        """Each known broker and each configured server once, beginning with another one each time."""
        known = [node for node in map(self._cluster.node, self._cluster.node_ids()) if node is not None]
        places = [(node.host, node.port) for node in known]
        self._turn += 1
        start = self._turn % len(places) if places else 0
        places = [*places[start:], *places[:start], *((server.host, server.port) for server in self._servers)]
        places = list(dict.fromkeys(places))
        error = UpstreamError("unreachable")
        for host, port in places:
            try:
                # One that swallows what is sent to it must not use up the time of the others.
                async with asyncio.timeout(self._seconds / min(len(places), 3)):
                    return await self._connect(host, port)
            except UpstreamError as failed:
                error = failed
            except TimeoutError:
                error = UpstreamError("timeout")
        raise error

    async def _connect(self, host: str, port: int) -> Dialled:
        asker = Asker()
        link = Link(asker, self._shared, MAX_HANDSHAKE_FRAME)
        asker.link = link
        context = self._tls.context if self._tls else None
        loop = asyncio.get_running_loop()
        try:
            await loop.create_connection(
                lambda: link,
                host,
                port,
                ssl=context,
                server_hostname=host if context else None,
                ssl_shutdown_timeout=SHUTDOWN_SECONDS if context else None,
            )
            sock: socket.socket = link.transport.get_extra_info("socket")
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            versions = await self._ask_versions(asker)
            renew = await self.login.run(asker.ask, versions, host) if self.login else None
            return Dialled(link, versions, asker, host, renew)
        except (OSError, ProtocolError) as error:
            link.drop()
            raise UpstreamError(_reason_of(error)) from error
        except BaseException:
            link.drop()
            raise

    async def _ask_versions(self, asker: Asker) -> NodeVersions:
        """What the broker speaks. One that is too old for our question says so in version 0 of the answer (KIP-511)."""
        version = ApiVersionsRequest.MAX_VERSION
        frame = await asker.ask(_question(), version)
        if int.from_bytes(frame[_ERROR], "big") == ErrorCode.UNSUPPORTED_VERSION:
            version = _offered(frame)
            frame = await asker.ask(_question(), version)
        body = bytes(frame[_ERROR.start :])
        spoken = self._spoken.get(body)
        if spoken is None:
            spoken = NodeVersions.from_response(_answer(frame, version))
            self._spoken[body] = spoken
            if len(self._spoken) > MAX_SPOKEN:
                self._spoken.popitem(last=False)
        return spoken


def _question() -> ApiVersionsRequest:
    return ApiVersionsRequest(client_software_name="zoneproxy", client_software_version="1")


def _answer(frame: bytes | bytearray, version: int) -> ApiVersionsResponse:
    message = decode_response(frame, ApiVersionsRequest.API_KEY, version).message
    assert isinstance(message, ApiVersionsResponse)
    return message


def _offered(frame: bytes | bytearray) -> int:
    """The version to ask again in: the highest that both know, 0 where the broker names none (before 2.4).

    librdkafka's mock cluster says so in a layout that is no version's: 0 is what it gets, as from its own clients.
    """
    try:
        answer = _answer(frame, 0)
    except ProtocolError:
        return 0
    for api in answer.api_keys:
        if api.api_key == ApiVersionsRequest.API_KEY:
            return max(0, min(api.max_version, ApiVersionsRequest.MAX_VERSION - 1))
    return 0


def _reason_of(error: OSError | ProtocolError) -> str:
    """A fixed word for why a connection could not be made."""
    if isinstance(error, ProtocolError):
        return error.reason
    if isinstance(error, ssl.SSLCertVerificationError):
        return "certificate"
    if isinstance(error, ssl.SSLError):
        return "tls"
    return "name" if isinstance(error, socket.gaierror) else "unreachable"
