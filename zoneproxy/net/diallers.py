"""As whom the proxy comes to an upstream: by its own credential, or for the clients of some zones by others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from zoneproxy.net.logins import make_login
from zoneproxy.net.tls import TlsContext, TlsFiles
from zoneproxy.net.upstream import Dialler

if TYPE_CHECKING:
    from zoneproxy.boundary.cluster import ClusterView
    from zoneproxy.config.upstreams import UpstreamConfig, UpstreamSasl
    from zoneproxy.net.observer import Observer
    from zoneproxy.net.worker import Bounds

Owner = tuple[str, str]  # of a TLS context: a kind of thing, and its name


class Shared(Protocol):
    """What connections need of the process that makes them: a Worker has it."""

    @property
    def clock(self) -> Callable[[], float]: ...
    @property
    def observer(self) -> Observer: ...
    @property
    def bounds(self) -> Bounds: ...
    @property
    def read_buffer(self) -> memoryview: ...


@dataclass(frozen=True, slots=True)
class Diallers:
    """``own`` looks things up and serves zones without a credential of their own."""

    own: Dialler
    of_zones: Mapping[str, Dialler]

    def of(self, zone: str) -> Dialler:
        """The one for the clients of a zone."""
        return self.of_zones.get(zone, self.own)


def upstream_tls(name: str, config: UpstreamConfig) -> Iterator[tuple[Owner, TlsFiles]]:
    """Each TLS context that connections to the upstream need."""
    tls = config.tls
    if tls is None:
        return
    yield _owner(name), TlsFiles(tls.ca, tls.certificate, tls.key, tls.min_version)
    for zone, credential in config.zones.items():
        if credential.certificate is not None:
            yield _owner(name, zone), TlsFiles(tls.ca, credential.certificate, credential.key, tls.min_version)


def make_diallers(
    name: str,
    config: UpstreamConfig,
    cluster: ClusterView,
    contexts: Mapping[Owner, TlsContext],
    worker: Shared,
    executor: Executor,
) -> Diallers:
    """All diallers of one upstream. ``executor`` may be kept waiting: passwords are derived there, tokens fetched."""

    def dialler(tls: TlsContext | None, sasl: UpstreamSasl | None) -> Dialler:
        login = None if sasl is None else make_login(sasl, worker.clock, executor)
        seconds, shared = worker.bounds.connect, worker.read_buffer
        return Dialler(name, config.bootstrap, cluster, tls, worker.observer, shared, seconds, login)

    own = contexts.get(_owner(name))
    of_zones = {
        zone: dialler(contexts.get(_owner(name, zone), own), credential.sasl or config.sasl)
        for zone, credential in config.zones.items()
    }
    return Diallers(dialler(own, config.sasl), of_zones)


def _owner(name: str, zone: str | None = None) -> Owner:
    return "upstream", name if zone is None else f"{name} for {zone}"
