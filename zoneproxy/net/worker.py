"""What the sessions of one process, and of one listener, have in common."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from zoneproxy.boundary.interceptor import SessionFacts
from zoneproxy.boundary.namespace.cluster_view import view_within
from zoneproxy.net.link import READ_BUFFER
from zoneproxy.policy.model import PeerFacts, Principal

if TYPE_CHECKING:
    from zoneproxy.boundary.advertised import Addresses
    from zoneproxy.boundary.chain import Chain
    from zoneproxy.boundary.cluster import ClusterView
    from zoneproxy.boundary.holes import ProducerHoles
    from zoneproxy.boundary.node_versions import NodeVersions
    from zoneproxy.config.model import Limits
    from zoneproxy.net.needs import Needs
    from zoneproxy.net.observer import Connection, Observer
    from zoneproxy.net.publishing.reporter import Reporter
    from zoneproxy.net.sasl import ListenerSasl
    from zoneproxy.net.upstream import Dialler
    from zoneproxy.policy.namespaces import Namespace
    from zoneproxy.policy.snapshot import PolicySnapshot


class PolicyHolder(Protocol):
    """Where the policy in force is found. Replacing ``snapshot`` is the whole of a reload."""

    @property
    def snapshot(self) -> PolicySnapshot:
        """The policy that the next request is decided under."""
        ...


@dataclass(frozen=True, slots=True)
class Bounds:
    """``config.model.Limits`` as sessions use them, and what is not for operators to set. Seconds and bytes."""

    max_frame: int = 100 * 1024 * 1024
    max_unauthenticated_frame: int = 64 * 1024
    max_in_flight_requests: int = 64
    max_in_flight_bytes: int = 128 * 1024 * 1024
    max_buffered: int = 1024 * 1024 * 1024
    max_connections: int = 10_000
    max_connections_per_host: int = 2_000
    handshake: float = 10.0
    connect: float = 10.0
    idle: float = 600.0
    drain: float = 15.0
    stall: float = 60.0  # a peer that takes nothing of what waits for it, for so long, is given up
    close: float = 10.0  # for what waits to be written when a session is over
    sweep: float = 1.0  # how often deadlines are looked at
    watch: float = 5.0  # how often TLS files are looked at
    refresh: float = 5.0  # how often brokers are asked who they are

    @classmethod
    def of(cls, limits: Limits) -> Bounds:
        """The operator's limits."""
        return cls(
            max_frame=limits.max_frame_bytes,
            max_unauthenticated_frame=limits.max_unauthenticated_frame_bytes,
            max_in_flight_requests=limits.max_in_flight_requests,
            max_in_flight_bytes=limits.max_in_flight_bytes,
            max_buffered=limits.max_buffered_bytes,
            max_connections=limits.max_connections,
            max_connections_per_host=limits.max_connections_per_host,
            handshake=limits.handshake_timeout_seconds,
            connect=limits.connect_timeout_seconds,
            idle=limits.idle_timeout_seconds,
            drain=limits.drain_timeout_seconds,
        )


@dataclass(frozen=True, slots=True)
class Worker:
    """One event loop's share of the proxy. ``clock`` gives seconds since the epoch, ``ticks`` seconds of any origin."""

    loop: asyncio.AbstractEventLoop
    policy: PolicyHolder
    chain: Chain
    observer: Observer
    bounds: Bounds
    clock: Callable[[], float]
    ticks: Callable[[], float]
    reporter: Reporter | None = None  # of violations; None: nobody wants to know
    read_buffer: memoryview = field(default_factory=lambda: memoryview(bytearray(READ_BUFFER)))


@dataclass(frozen=True, slots=True)
class Route:
    """Where the clients of one listener go. ``plaintext_principal``: who they are where nothing proves it."""

    listener: str
    zone: str
    addresses: Addresses
    upstream: str
    cluster: ClusterView
    holes: ProducerHoles
    needs: Needs
    dialler: Dialler
    plaintext_principal: str | None = None
    namespace: Namespace | None = None
    certificates: bool = True  # clients have to show one, where there is TLS
    sasl: ListenerSasl | None = None
    observe: bool = False  # controls are only tried out

    def identify(self, snapshot: PolicySnapshot, peer: PeerFacts | None) -> Principal | None:
        """Who the peer is under this policy. None: nobody, refuse."""
        if self.plaintext_principal is not None:
            return snapshot.principal(self.plaintext_principal)
        return None if peer is None else snapshot.identify(peer)

    def facts(self, principal: Principal, connection: Connection, versions: NodeVersions) -> SessionFacts:
        """What stays the same for a connection that is joined to a broker which speaks ``versions``."""
        return SessionFacts(
            principal=principal,
            zone=self.zone,
            listener=self.listener,
            host=connection.host,
            tls=connection.tls,
            cluster=view_within(self.cluster, self.namespace),
            addresses=self.addresses,
            versions=versions,
            holes=self.holes,
            namespace=self.namespace,
            observe=self.observe,
        )
