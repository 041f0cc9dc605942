"""A listener and its sessions in this process, between scripted peers, with a chain that does what requests ask."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from types import SimpleNamespace
from typing import Any

from tests.net.peers import PATIENCE, Broker, Client
from zoneproxy.boundary.advertised import PortAddresses
from zoneproxy.boundary.chain import Routed
from zoneproxy.boundary.cluster import ClusterView
from zoneproxy.boundary.facts import Fact
from zoneproxy.boundary.holes import ProducerHoles
from zoneproxy.boundary.interceptor import Context, Need, SessionFacts
from zoneproxy.config.addresses import HostPort
from zoneproxy.net.admission import Admission
from zoneproxy.net.control import Control
from zoneproxy.net.listener import Listener, ServerNames
from zoneproxy.net.login import Login
from zoneproxy.net.needs import Needs
from zoneproxy.net.observer import Connection, NullObserver
from zoneproxy.net.session import Session
from zoneproxy.net.sessions import Sessions
from zoneproxy.net.tasks import Tasks
from zoneproxy.net.tls import TlsContext
from zoneproxy.net.upstream import Dialler
from zoneproxy.net.worker import Bounds, Route, Worker
from zoneproxy.policy.model import PeerFacts, Principal, Zone
from zoneproxy.policy.snapshot import PolicySnapshot
from zoneproxy.wire.codec import read_request_header
from zoneproxy.wire.messages.message import Message

QUICK = Bounds(sweep=0.02, refresh=0.05, watch=0.01)


async def until(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait for ``condition``."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.002)


class Recorder(NullObserver):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.opened: list[Connection] = []
        self.closed: list[str] = []
        self.refused: list[str] = []
        self.errors: list[tuple[str, str]] = []
        self.faults: list[tuple[int, str]] = []
        self.decisions: list[str] = []
        self.answers: list[tuple[int, float, float]] = []
        self.told: list[Fact] = []
        self.states: list[tuple[bool, int, str]] = []
        self.failures: list[str] = []
        self.pauses: list[str] = []
        self.certificates: list[str] = []

    def connection_opened(self, connection: Connection) -> None:
        self.opened.append(connection)

    def connection_closed(self, connection: Connection, reason: str, seconds: float) -> None:
        assert seconds >= 0
        self.closed.append(reason)

    def connection_refused(self, listener: str, zone: str, host: str, reason: str) -> None:
        self.refused.append(reason)

    def protocol_error(self, connection: Connection, side: str, reason: str) -> None:
        self.errors.append((side, reason))

    def chain_error(self, connection: Connection, api_key: int, error: str) -> None:
        self.faults.append((api_key, error))

    def request_decided(self, connection: Connection, api_key: int, size: int, decision: str) -> None:
        self.decisions.append(decision)

    def request_answered(
        self, connection: Connection, api_key: int, size: int, seconds: float, added_seconds: float
    ) -> None:
        self.answers.append((size, seconds, added_seconds))

    def facts(self, connection: Connection, api_key: int, facts: Sequence[Fact]) -> None:
        self.told += facts

    def upstream_state(self, upstream: str, up: bool, brokers: int, reason: str) -> None:
        self.states.append((up, brokers, reason))

    def upstream_failure(self, upstream: str, reason: str) -> None:
        self.failures.append(reason)

    def accept_paused(self, listener: str, reason: str) -> None:
        self.pauses.append(reason)

    def certificate_loaded(self, owner: str, expires: float) -> None:
        self.certificates.append(f"{owner} loaded")

    def certificate_refused(self, owner: str, reason: str) -> None:
        self.certificates.append(f"{owner} {reason}")


Steps = Generator[Sequence[Need], None, Any]


class ScriptedChain:
    """Forwards everything, unless ``on_admit``, ``on_request`` or ``on_reply`` are set."""

    def __init__(self) -> None:
        self.on_admit: Callable[[Context], Routed | None] = lambda ctx: None
        self.on_request: Callable[[Any, Context], Routed | Steps] = lambda message, ctx: Routed(forward=True)
        self.on_reply: Callable[[Any, Context], bool | Steps] = lambda message, ctx: False
        self.on_bytes: Callable[[bytes], bool] = lambda frame: False
        self.keeps = True
        self.remembers = False
        self.known: dict[bytes, Routed] = {}

    def admit(self, ctx: Context) -> Routed | None:
        return self.on_admit(ctx)

    def request(self, message: Message, ctx: Context) -> Routed | Steps:
        return self.on_request(message, ctx)

    def recall(
        self, frame: bytes, session: SessionFacts, snapshot: PolicySnapshot, now: float
    ) -> tuple[Context, Routed] | None:
        known = self.known.get(bytes(frame))
        return known and (Context(session, read_request_header(frame), snapshot, now), known)

    def remember(self, frame: bytes, decoded: object, ctx: Context, routed: Routed) -> None:
        if self.remembers:
            self.known[bytes(frame)] = routed

    def passes(self, frame: bytes, thens: Sequence[object], ctx: Context) -> bool:
        return self.on_bytes(frame)

    def reply(self, response: Message, thens: Sequence[object], ctx: Context) -> bool | Steps:
        return self.on_reply(response, ctx)

    def keeps_unknown_tags(self, ctx: Context) -> bool:
        return self.keeps


class Policy:
    """As much of a PolicySnapshot as sessions ask for."""

    def __init__(self, **principals: Principal) -> None:
        self.principals = principals
        self.zones = {"green": Zone("green", "public", 0, "owner", "upstream")}
        self.later: Policy | None = None  # what holds instead from the next question on
        self.glass_is_broken = False

    def at(self, now: float) -> Policy:
        assert now > 0
        return self.later or self

    def principal(self, name: str) -> Principal | None:
        return self.principals.get(name)

    def identify(self, peer: PeerFacts) -> Principal | None:
        return next((self.principals.get(value) for key, value in peer.subject if key == "CN"), None)


ALICE = Principal("alice", "green")


@dataclass
class Rig:
    """Everything between a scripted client and a scripted broker."""

    broker: Broker
    worker: Worker
    listener: Listener
    sessions: Sessions
    admission: Admission
    cluster: ClusterView
    control: Control
    recorder: Recorder
    chain: ScriptedChain
    policy: SimpleNamespace
    clients: list[Client] = field(default_factory=list)

    async def client(self, node: int | None = None, **options: Any) -> Client:
        """A client of the bootstrap port, or of node 0's."""
        client = await Client.connect(self.listener.ports[0 if node is None else node + 1], **options)
        self.clients.append(client)
        return client

    async def session(self) -> Session:
        """The only session, once there is one."""
        await until(lambda: len(self.sessions))
        (session,) = self.sessions._sessions
        return session

    async def idle(self) -> None:
        """Wait until no session is left."""
        await until(lambda: not len(self.sessions) and not len(self.admission))


@asynccontextmanager
async def rig(
    script: Callable[..., Awaitable[None]] | None = None,
    *,
    bounds: Bounds = QUICK,
    tls: TlsContext | None = None,
    names: ServerNames | None = None,
    recorder: Recorder | None = None,
    broker: Broker | None = None,
    login: Login | None = None,
    **changes: Any,
) -> AsyncIterator[Rig]:
    """Run one listener with a bootstrap port and ports for nodes 0 and 1; only node 0 is there."""
    loop = asyncio.get_running_loop()
    broker = broker or Broker()
    broker.script = script or broker.script
    await broker.start()
    recorder, chain = recorder or Recorder(), ScriptedChain()
    policy = SimpleNamespace(snapshot=Policy(alice=ALICE))
    bounds = replace(bounds, **changes)
    worker = Worker(loop, policy, chain, recorder, bounds, time.time, time.perf_counter)  # type: ignore[arg-type]
    cluster = ClusterView()
    servers = [HostPort("127.0.0.1", broker.port)]
    dialler = Dialler("upstream", servers, cluster, None, recorder, worker.read_buffer, bounds.connect, login)
    control = Control("upstream", cluster, dialler, recorder, time.time, seconds=bounds.connect, refresh=bounds.refresh)
    admission = Admission(bounds.max_connections, bounds.max_connections_per_host)
    sessions = Sessions(worker, admission)
    executor = ThreadPoolExecutor(1)
    route = Route(
        "listener",
        "green",
        PortAddresses("localhost", 1),
        "upstream",
        cluster,
        ProducerHoles(),
        Needs(control, executor),
        dialler,
        None if tls else "alice",
    )
    places = [(0, None), (0, 0), (0, 1)]
    listener = Listener(worker, route, "127.0.0.1", places, tls, names, admission, sessions, count(1))
    tasks = Tasks()
    tasks.start(control.run(), "control")
    tasks.start(sessions.look_after(), "deadlines")
    listener.bind()
    listener.start()
    this = Rig(broker, worker, listener, sessions, admission, cluster, control, recorder, chain, policy)
    try:
        await until(lambda: control.up)
        yield this
    finally:
        await listener.close()
        await sessions.drain(0)
        await tasks.stop()
        await broker.stop()
        for client in this.clients:
            await client.close()
        executor.shutdown()
        assert not len(sessions)
        assert not len(admission)
