"""What the sockets tell whoever counts and logs. ``telemetry`` implements it; nothing here ever carries payload.

Every call is made on the event loop and must return at once. Reasons are fixed words, fit for a metric label.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from zoneproxy.boundary.facts import Fact
from zoneproxy.policy.model import PLAINTEXT

Side = Literal["client", "upstream"]
Decision = Literal["forwarded", "replied", "closed"]


@dataclass(slots=True)
class Connection:
    """One accepted client connection, as metrics and logs name it.

    ``number`` counts from 1 in this process. ``node`` is the broker that the connection stands for, None for a
    bootstrap connection. ``principal`` stays None until it is known. ``tls`` is the version that was agreed on.
    """

    number: int
    listener: str
    zone: str
    host: str
    node: int | None
    principal: str | None = None
    tls: str = PLAINTEXT


class Observer(Protocol):
    """Counts and logs. One method for each thing that may happen."""

    def connection_refused(self, listener: str, zone: str, host: str, reason: str) -> None:
        """A client was turned away before it had a session: a cap, a failed TLS handshake, an unknown node."""
        ...

    def connection_opened(self, connection: Connection) -> None:
        """A client is authenticated (or on a plaintext listener) and has a session now."""
        ...

    def connection_closed(self, connection: Connection, reason: str, seconds: float) -> None:
        """The session is over; called once for each ``connection_opened``. ``seconds`` it was open."""
        ...

    def authentication(self, connection: Connection, mechanism: str, result: str) -> None:
        """A client has used SASL: ``accepted``, ``renewed``, or a fixed word for why it was refused.

        ``mechanism`` is one that the listener takes, or ``none``: the client came without one that is known.
        """
        ...

    def credentials_loaded(self, users: int) -> None:
        """A credentials file is in use from now on."""
        ...

    def credentials_refused(self, problems: int) -> None:
        """A changed credentials file cannot be used: the one before stays in use."""
        ...

    def signing_keys_loaded(self, provider: str) -> None:
        """The provider has said what its signing keys are."""
        ...

    def signing_keys_refused(self, provider: str, reason: str) -> None:
        """It has not, or what cannot be used: the ones before stay in use until they are too old."""
        ...

    def schema_looked_up(self, registry: str, result: str) -> None:
        """A schema registry was asked for a schema: ``loaded``, or a fixed word for why not."""
        ...

    def request_decided(self, connection: Connection, api_key: int, size: int, decision: Decision) -> None:
        """A whole request of ``size`` bytes (length prefix included) was read and decided."""
        ...

    def request_answered(
        self, connection: Connection, api_key: int, size: int, seconds: float, added_seconds: float
    ) -> None:
        """Its response of ``size`` bytes was written.

        ``seconds`` since the request was whole; ``added_seconds`` is that without the time spent waiting for the
        broker.
        """
        ...

    def facts(self, connection: Connection, api_key: int, facts: Sequence[Fact]) -> None:
        """What the decision core found worth telling about one request or its response."""
        ...

    def protocol_error(self, connection: Connection, side: Side, reason: str) -> None:
        """A peer's bytes broke the protocol; the connection closes."""
        ...

    def chain_error(self, connection: Connection, api_key: int, error: str) -> None:
        """A fault of ours; the connection closes. ``error`` is the exception's type name, never its text."""
        ...

    def upstream_state(self, upstream: str, up: bool, brokers: int, reason: str) -> None:
        """The control connection found the upstream up, down, or with another number of brokers.

        ``reason`` says why it is down; it is empty when ``up``.
        """
        ...

    def upstream_failure(self, upstream: str, reason: str) -> None:
        """A connection to a broker could not be made, broke, or brought what it should not."""
        ...

    def certificate_loaded(self, owner: str, expires: float) -> None:
        """The TLS files of ``owner`` (a listener or an upstream) are in use from now on.

        ``expires`` is in seconds since the epoch.
        """
        ...

    def certificate_refused(self, owner: str, reason: str) -> None:
        """Changed TLS files of ``owner`` cannot be used: the ones loaded before stay in use."""
        ...

    def accept_paused(self, listener: str, reason: str) -> None:
        """The operating system gave no more sockets: accepting goes on after a pause."""
        ...

    def published(self, sink: str, records: int, size: int) -> None:
        """Records of the proxy's own (violation events, sealed copies) were written. ``sink`` says which."""
        ...

    def publishing_lost(self, sink: str, reason: str, records: int) -> None:
        """They were not, and never will be."""
        ...

    def publishing_state(self, sink: str, failing: str) -> None:
        """They cannot be written now, and why; ``failing`` is empty when they can again."""
        ...


class NullObserver:
    """Counts nothing, for tests and tools."""

    def connection_refused(self, listener: str, zone: str, host: str, reason: str) -> None:
        """Do nothing."""

    def connection_opened(self, connection: Connection) -> None:
        """Do nothing."""

    def connection_closed(self, connection: Connection, reason: str, seconds: float) -> None:
        """Do nothing."""

    def authentication(self, connection: Connection, mechanism: str, result: str) -> None:
        """Do nothing."""

    def credentials_loaded(self, users: int) -> None:
        """Do nothing."""

    def credentials_refused(self, problems: int) -> None:
        """Do nothing."""

    def signing_keys_loaded(self, provider: str) -> None:
        """Do nothing."""

    def signing_keys_refused(self, provider: str, reason: str) -> None:
        """Do nothing."""

    def schema_looked_up(self, registry: str, result: str) -> None:
        """Do nothing."""

    def request_decided(self, connection: Connection, api_key: int, size: int, decision: Decision) -> None:
        """Do nothing."""

    def request_answered(
        self, connection: Connection, api_key: int, size: int, seconds: float, added_seconds: float
    ) -> None:
        """Do nothing."""

    def facts(self, connection: Connection, api_key: int, facts: Sequence[Fact]) -> None:
        """Do nothing."""

    def protocol_error(self, connection: Connection, side: Side, reason: str) -> None:
        """Do nothing."""

    def chain_error(self, connection: Connection, api_key: int, error: str) -> None:
        """Do nothing."""

    def upstream_state(self, upstream: str, up: bool, brokers: int, reason: str) -> None:
        """Do nothing."""

    def upstream_failure(self, upstream: str, reason: str) -> None:
        """Do nothing."""

    def certificate_loaded(self, owner: str, expires: float) -> None:
        """Do nothing."""

    def certificate_refused(self, owner: str, reason: str) -> None:
        """Do nothing."""

    def accept_paused(self, listener: str, reason: str) -> None:
        """Do nothing."""

    def published(self, sink: str, records: int, size: int) -> None:
        """Do nothing."""

    def publishing_lost(self, sink: str, reason: str, records: int) -> None:
        """Do nothing."""

    def publishing_state(self, sink: str, failing: str) -> None:
        """Do nothing."""
