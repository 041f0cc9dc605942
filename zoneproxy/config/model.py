"""What zoneproxy.yaml says, checked. File names are as written: the app makes them absolute.

Units are in the names: bytes, seconds, counts. Sizes are powers of two where they bound buffers.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, PrivateAttr, model_validator

from zoneproxy.config.addresses import Bind, NetworkName, NodeIds, Port
from zoneproxy.config.audit import AuditConfig, QuarantineConfig
from zoneproxy.config.authentication import (
    SASL_IN_THE_CLEAR,
    Auth,
    CredentialsConfig,
    ListenerSasl,
    OauthProvider,
)
from zoneproxy.config.located import Located
from zoneproxy.config.names import Name, TlsVersion
from zoneproxy.config.schemas import SchemasConfig
from zoneproxy.config.upstreams import UpstreamConfig
from zoneproxy.config.validation import Flag, Section, Text, Whole, refuse

LISTENER_IN_THE_CLEAR = "clients are neither encrypted nor identified"


class PortsAddressing(Section):
    """A port for each broker: node N of ``node_ids`` is at ``first`` + (N - lowest), any broker at ``bootstrap``."""

    bootstrap: Port
    first: Port
    node_ids: NodeIds = NodeIds(0, 31)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.last > 65535:
            refuse(f"node ids {self.node_ids} from port {self.first} on end at {self.last}, beyond 65535")
        if self.first <= self.bootstrap <= self.last:
            refuse(
                f"the bootstrap port {self.bootstrap} is one of the node ports {self.first}-{self.last}",
                "choose one outside of them",
            )
        return self

    @property
    def last(self) -> int:
        """The highest port."""
        return self.first + self.node_ids.highest - self.node_ids.lowest

    @property
    def all_ports(self) -> tuple[int, ...]:
        """Every port to bind: bootstrap, then node by node."""
        return (self.bootstrap, *range(self.first, self.last + 1))


class SniAddressing(Section):
    """One port; brokers are told apart by TLS server name: ``b<N>.<zone>.<domain>``, ``bootstrap.<zone>.<domain>``."""

    port: Port
    domain: NetworkName

    @property
    def all_ports(self) -> tuple[int, ...]:
        """Every port to bind."""
        return (self.port,)


class ListenerTls(Section):
    """TLS. Client certificates are required, but where ``auth: sasl`` says that none is wanted."""

    certificate: Text
    key: Text
    client_ca: Annotated[Text, Field(description="the CA file that client certificates are checked against")] | None = (
        None
    )
    client_crl: (
        Annotated[Text, Field(description="revocation lists of the client CAs; without one nobody is revoked")] | None
    ) = None
    min_version: TlsVersion = "1.3"


class ListenerPlaintext(Section):
    """No encryption. Without SASL no identity either: whoever connects is ``principal``."""

    accept: Literal[
        "clients are neither encrypted nor identified",
        "passwords, tokens and data are not encrypted",
    ]
    principal: (
        Annotated[Text, Field(description="the principal of policies/ that every client of this listener is")] | None
    ) = None


class ListenerConfig(Section):
    """Where the clients of one zone connect."""

    name: Name
    zone: Name
    bind: Bind = "127.0.0.1"
    advertised_host: NetworkName | None = None
    ports: PortsAddressing | None = None
    sni: SniAddressing | None = None
    tls: ListenerTls | None = None
    plaintext: ListenerPlaintext | None = None
    observe: Annotated[
        Flag, Field(description="what controls would do to records here is counted and told, nothing is changed")
    ] = False
    auth: Auth = "mtls"
    sasl: ListenerSasl | None = None

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        if (self.ports is None) == (self.sni is None):
            refuse(
                f"listener `{self.name}` needs exactly one of `ports` and `sni`",
                "ports: a port for each broker; sni: one port for all, told apart by TLS server name",
            )
        if (self.tls is None) == (self.plaintext is None):
            refuse(
                f"listener `{self.name}` needs exactly one of `tls` and `plaintext`",
                f'plaintext must say: {{accept: "{LISTENER_IN_THE_CLEAR}", principal: ...}}',
            )
        self._authentication_makes_sense()
        self._addresses_make_sense()
        return self

    def _authentication_makes_sense(self) -> None:
        if (self.sasl is None) != (self.auth == "mtls"):
            refuse(
                f"listener `{self.name}`: `auth: {self.auth}` and `sasl` do not go together",
                "auth: sasl (or both) with sasl: {mechanisms: [SCRAM-SHA-512]}; auth: mtls without `sasl`",
            )
        if self.tls is not None:
            self._certificates_make_sense(self.tls)
        if self.plaintext is not None:
            self._plaintext_makes_sense(self.plaintext)

    def _certificates_make_sense(self, tls: ListenerTls) -> None:
        if self.auth != "sasl" and tls.client_ca is None:
            refuse(
                f"listener `{self.name}` lacks `client_ca`: `auth: {self.auth}` asks for certificates",
                "name the CA file that clients' certificates are checked against, or use `auth: sasl`",
            )
        if self.auth == "sasl" and (tls.client_ca is not None or tls.client_crl is not None):
            unasked = "client_crl" if tls.client_ca is None else "client_ca"
            refuse(f"listener `{self.name}`: with `auth: sasl` no certificate is asked for", f"leave out `{unasked}`")

    def _plaintext_makes_sense(self, plaintext: ListenerPlaintext) -> None:
        if self.auth == "both":
            refuse(f"listener `{self.name}`: `auth: both` asks for certificates", "that needs `tls`")
        if self.auth == "sasl" and (plaintext.accept != SASL_IN_THE_CLEAR or plaintext.principal is not None):
            refuse(
                f"listener `{self.name}`: SASL without encryption must be accepted in words",
                f'plaintext: {{accept: "{SASL_IN_THE_CLEAR}"}}, without a principal',
            )
        if self.auth == "mtls" and (plaintext.accept != LISTENER_IN_THE_CLEAR or plaintext.principal is None):
            refuse(
                f"listener `{self.name}`: a listener without encryption and SASL must be accepted in words",
                f'plaintext: {{accept: "{LISTENER_IN_THE_CLEAR}", principal: ...}}',
            )

    def _addresses_make_sense(self) -> None:
        if self.ports and self.advertised_host is None:
            refuse(f"listener `{self.name}` lacks `advertised_host`", "the host name under which clients reach it")
        if self.sni and self.advertised_host is not None:
            refuse("`advertised_host` has no effect with `sni`", "leave it out: clients are sent to sni.domain")
        if self.sni and self.plaintext:
            refuse("`sni` needs `tls`: without it there is no server name", "use `ports`")

    @property
    def all_ports(self) -> tuple[int, ...]:
        """Every port that this listener binds."""
        addressing = self.ports or self.sni
        return addressing.all_ports if addressing else ()


class KeyConfig(Section):
    """A key for keyed hashes, in a file of its own (at least 32 bytes)."""

    file: Text


class AdminConfig(Section):
    """Where /metrics, /healthz and /readyz are. What changes something (/reload) needs the token of ``token_file``."""

    bind: Bind = "127.0.0.1"
    port: Port = 9600
    token_file: Annotated[Text | None, Field(description="left out: nothing can be changed through it")] = None


class LogConfig(Section):
    """How much is logged, and for whom: ``console`` for people, ``json`` for collectors."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["console", "json"] = "json"


_MIB = 1024 * 1024


def _limit(default: int, low: int, high: int, what: str) -> int:
    field: int = Field(default, strict=True, ge=low, le=high, description=what)
    return field


class Limits(Section):
    """Bounds on what peers can make the proxy hold or wait for. The defaults are meant to be left alone."""

    max_frame_bytes: int = _limit(100 * _MIB, 1024, 2**31 - 1, "Kafka's socket.request.max.bytes: 100 MiB")
    max_unauthenticated_frame_bytes: int = _limit(64 * 1024, 1024, _MIB, "the largest frame before authentication")
    max_in_flight_requests: int = _limit(64, 1, 100_000, "of one connection; beyond it no more is read")
    max_in_flight_bytes: int = _limit(128 * _MIB, 1024, 2**40, "of one connection; a larger frame goes alone")
    max_buffered_bytes: int = _limit(1024 * _MIB, _MIB, 2**44, "of all connections; beyond it new ones are refused")
    max_connections: int = _limit(10_000, 1, 10_000_000, "of clients, all listeners together")
    max_connections_per_host: int = _limit(2_000, 1, 10_000_000, "of clients that come from one address")
    max_decompressed_bytes: int = _limit(64 * _MIB, 1024, 2**31 - 1, "of one record batch")
    max_decompression_ratio: int = _limit(1_000, 2, 1_000_000, "decompressed to compressed size of one record batch")
    max_cached_bytes: int = _limit(64 * _MIB, 0, 2**40, "of what became of fetched batches, for who reads them next")
    max_member_bytes: int = _limit(4 * _MIB, 1024, 2**31 - 1, "of a JoinGroup or SyncGroup that is looked through")
    scan_threads: int = _limit(2, 1, 64, "that look through large record batches")
    handshake_timeout_seconds: int = _limit(10, 1, 600, "from accept to authenticated")
    connect_timeout_seconds: int = _limit(10, 1, 600, "for a connection to an upstream, TLS and versions included")
    idle_timeout_seconds: int = _limit(600, 1, 86_400, "without a byte either way; Kafka's connections.max.idle.ms")
    drain_timeout_seconds: int = _limit(15, 0, 3_600, "from SIGTERM to the end of requests in flight")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.max_unauthenticated_frame_bytes > self.max_frame_bytes:
            refuse("`max_unauthenticated_frame_bytes` is larger than `max_frame_bytes`", "it should be far smaller")
        return self


def nothing_is_empty(value: object) -> object:
    """A section without content is an empty one."""
    return {} if value is None else value  # `keys:` with all its lines commented out


class Config(Section):
    """zoneproxy.yaml."""

    listeners: Annotated[tuple[ListenerConfig, ...], Field(min_length=1)]
    upstreams: Annotated[dict[Name, UpstreamConfig], Field(min_length=1)]
    policies: Annotated[Text, Field(description="the directory of the policy files")] = "policies"
    policies_poll_seconds: Annotated[
        Whole, Field(ge=0, le=3_600, description="how often to look whether policy files have changed; 0: never")
    ] = 2
    keys: Annotated[dict[Name, KeyConfig], BeforeValidator(nothing_is_empty)] = Field(default_factory=dict)
    schemas: Annotated[
        dict[Name, SchemasConfig], BeforeValidator(nothing_is_empty), Field(description="schemas that flows may name")
    ] = Field(default_factory=dict)
    audit: AuditConfig | None = None
    quarantine: Annotated[
        dict[Name, QuarantineConfig],
        BeforeValidator(nothing_is_empty),
        Field(description="zone: where sealed copies of its records go, if a rule asks for them"),
    ] = Field(default_factory=dict)
    credentials: CredentialsConfig | None = None
    oauth: Annotated[dict[Name, OauthProvider], BeforeValidator(nothing_is_empty)] = Field(default_factory=dict)
    admin: Annotated[AdminConfig, BeforeValidator(nothing_is_empty)] = AdminConfig()
    limits: Annotated[Limits, BeforeValidator(nothing_is_empty)] = Limits()
    log: Annotated[LogConfig, BeforeValidator(nothing_is_empty)] = LogConfig()

    _source: Located = PrivateAttr(default_factory=lambda: Located("zoneproxy.yaml"))

    @property
    def source(self) -> Located:
        """The file this came from, to say where a problem is."""
        return self._source

    def from_source(self, source: Located) -> Config:
        """The same configuration, knowing its file."""
        self._source = source
        return self
