"""Where the clients of one zone connect: every port bound up front, TLS shaken, everyone told apart and counted."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from collections.abc import Sequence
from itertools import count
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from zoneproxy.errors import ProtocolError
from zoneproxy.identity.certificate import peer_facts, valid_until
from zoneproxy.identity.sasl.shapes import Refused
from zoneproxy.net.authentication import authenticate
from zoneproxy.net.observer import Connection
from zoneproxy.net.session import Session
from zoneproxy.net.strength import admits, version_of
from zoneproxy.net.tasks import Tasks

if TYPE_CHECKING:
    from zoneproxy.boundary.advertised import SniAddresses
    from zoneproxy.net.admission import Admission
    from zoneproxy.net.reauthentication import Reauthentication
    from zoneproxy.net.sessions import Sessions
    from zoneproxy.net.tls import TlsContext
    from zoneproxy.net.worker import Route, Worker
    from zoneproxy.policy.model import PeerFacts

BACKLOG = 1024
PAUSE_SECONDS = 0.5  # when the operating system has no more sockets to give
BURST = 32  # connections accepted before others have their turn

# Why OpenSSL ends a handshake, as far as it helps whoever has to find out.
_TLS_REASONS = {
    "HTTP_REQUEST": "not_tls",
    "WRONG_VERSION_NUMBER": "not_tls",
    "RECORD_LAYER_FAILURE": "not_tls",
    "UNSUPPORTED_PROTOCOL": "tls_version",
    "PEER_DID_NOT_RETURN_A_CERTIFICATE": "no_certificate",
    "CERTIFICATE_VERIFY_FAILED": "certificate",
    "CALLBACK_FAILED": "server_name",
}


class ServerNames:
    """Tells connections of one port apart by TLS server name (RFC 6066, section 3). Unknown or none: refused."""

    def __init__(self, addresses: SniAddresses) -> None:
        self._addresses = addresses
        self._nodes: WeakKeyDictionary[ssl.SSLObject, int | None] = WeakKeyDictionary()

    def attach(self, context: ssl.SSLContext) -> ssl.SSLContext:
        """Ask here for each handshake of ``context``."""
        context.sni_callback = self._named
        return context

    def node(self, tls: ssl.SSLObject) -> int | None:
        """The node that a connection named, None for bootstrap. KeyError if it named none."""
        return self._nodes[tls]

    def _named(self, tls: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> int | None:
        node = self._addresses.node_at(name or "")
        if node is None and (name or "").lower() != self._addresses.bootstrap.lower():
            return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
        self._nodes[tls] = node
        return None


class Listener:
    """One listener of the configuration.

    Args:
        places: ports, each with the node it stands for (None: any).
        tls: None for plaintext.
        names: tells the node where one port stands for all.
        numbers: numbers connections.
    """

    def __init__(
        self,
        worker: Worker,
        route: Route,
        bind: str,
        places: Sequence[tuple[int, int | None]],
        tls: TlsContext | None,
        names: ServerNames | None,
        admission: Admission,
        sessions: Sessions,
        numbers: count[int],
    ) -> None:
        self._worker = worker
        self._route = route
        self._bind = bind
        self._places = places
        self._tls = tls
        self._names = names
        self._admission = admission
        self._sessions = sessions
        self._numbers = numbers
        self._sockets: list[tuple[socket.socket, int | None]] = []
        self._accepting = Tasks()
        self._welcoming = Tasks()

    @property
    def ports(self) -> list[int]:
        """The ports that are bound, in the order of ``places``."""
        return [sock.getsockname()[1] for sock, _ in self._sockets]

    def bind(self) -> None:
        """Bind every port. Raises OSError that names the one that cannot be; ``close`` frees the others."""
        for port, node in self._places:
            self._sockets.append((_listening(self._bind, port), node))

    def start(self) -> None:
        """Accept connections."""
        for sock, node in self._sockets:
            self._accepting.start(self._accept(sock, node), f"accept {self._route.listener}")

    async def close(self) -> None:
        """Accept no more, and give up those that have not begun."""
        await self._accepting.stop()
        for sock, _ in self._sockets:
            sock.close()
        self._sockets.clear()
        await self._welcoming.stop()

    async def _accept(self, listening: socket.socket, node: int | None) -> None:
        burst = 0
        while True:
            try:
                sock, address = await self._worker.loop.sock_accept(listening)
            except OSError as error:
                await self._pause(error)
                continue
            self._enter(sock, address[0], node)
            burst += 1
            if burst % BURST == 0:
                await asyncio.sleep(0)

    async def _pause(self, error: OSError) -> None:
        """A client that gave up while it waited is no reason to pause; no more file descriptors are."""
        if error.errno not in (errno.ECONNABORTED, errno.EPROTO, errno.EINTR):
            reason = errno.errorcode.get(error.errno or 0, "unknown").lower()
            self._worker.observer.accept_paused(self._route.listener, reason)
            await asyncio.sleep(PAUSE_SECONDS)

    def _enter(self, sock: socket.socket, host: str, node: int | None) -> None:
        if node is not None and self._route.cluster.node(node) is None:
            reason: str | None = "node_unknown"
        else:
            reason = self._admission.enter(host)
        if reason is None:
            self._welcoming.start(self._welcome(sock, host, node), f"welcome {self._route.listener}")
        else:
            sock.close()
            self._refused(host, reason)

    async def _welcome(self, sock: socket.socket, host: str, node: int | None) -> None:
        """Shake hands; find out who it is; begin."""
        route = self._route
        connection = Connection(next(self._numbers), route.listener, route.zone, host, node)
        session = Session(self._worker, route, connection, self._over)
        entered = False
        try:
            async with asyncio.timeout(self._worker.bounds.handshake):
                await self._shake(sock, session)
                peer, ends = (None, None) if self._tls is None else self._peer(session)
                sasl = None
                if route.sasl is not None:
                    self._sessions.entering(session)
                    peer, sasl = await authenticate(session, route.sasl, peer)
            entered = self._begin(session, peer, sasl, ends)
        except Refused:
            self._refused(host, "authentication_failed")
        except (OSError, ProtocolError) as error:
            self._refused(host, _reason_of(error))
        finally:
            self._sessions.entered(session)
            if not entered:
                session.client.drop()
                self._admission.leave(host)

    async def _shake(self, sock: socket.socket, session: Session) -> None:
        bounds = self._worker.bounds
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._tls is None:
            await self._worker.loop.connect_accepted_socket(lambda: session.client, sock)
        else:
            await self._worker.loop.connect_accepted_socket(
                lambda: session.client,
                sock,
                ssl=self._tls.context,
                ssl_handshake_timeout=2 * bounds.handshake,  # ours comes first
                ssl_shutdown_timeout=bounds.close,
            )

    def _begin(
        self, session: Session, peer: PeerFacts | None, sasl: Reauthentication | None, ends: float | None
    ) -> bool:
        """Whether the client is somebody, at a node that is there."""
        snapshot = self._worker.policy.snapshot.at(self._worker.clock())
        principal = self._route.identify(snapshot, peer)
        node = session.connection.node
        if not admits(snapshot.zones.get(self._route.zone), session.connection.tls, peer):
            self._refused(session.connection.host, "encryption")
        elif principal is None:
            self._refused(session.connection.host, "unknown_principal")
        elif node is not None and self._route.cluster.node(node) is None:
            self._refused(session.connection.host, "node_unknown")
        else:
            self._sessions.add(session)
            session.begin(principal, peer, snapshot, sasl, ends)
            return True
        return False

    def _peer(self, session: Session) -> tuple[PeerFacts | None, float | None]:
        """What the client's certificate says, and when it ends. Raises ProtocolError if there has to be one."""
        tls: ssl.SSLObject = session.client.transport.get_extra_info("ssl_object")
        session.connection.tls = version_of(tls)
        certificate = tls.getpeercert(binary_form=True)
        if self._names is not None:
            session.connection.node = self._names.node(tls)
        if certificate is None:
            if self._route.certificates:
                raise ProtocolError("no_certificate")
            return None, None
        return peer_facts(certificate), valid_until(certificate)

    def _over(self, session: Session) -> None:
        self._sessions.discard(session)
        self._admission.leave(session.connection.host)

    def _refused(self, host: str, reason: str) -> None:
        self._worker.observer.connection_refused(self._route.listener, self._route.zone, host, reason)


def _listening(host: str, port: int) -> socket.socket:
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
        sock.listen(BACKLOG)
    except OSError as error:
        sock.close()
        raise OSError(error.errno, f"cannot listen on {host} port {port}: {error.strerror}") from error
    return sock


def _reason_of(error: OSError | ProtocolError) -> str:
    """A fixed word for why a client did not get in."""
    if isinstance(error, ProtocolError):
        return error.reason
    if isinstance(error, TimeoutError):
        return "slow"
    if isinstance(error, ssl.SSLError):
        return _TLS_REASONS.get(error.reason or "", "tls")
    return "gone"
