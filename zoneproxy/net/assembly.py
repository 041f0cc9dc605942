"""Configuration → the parts of a proxy: TLS contexts, upstreams, listeners. Nothing is bound or dialled here."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from zoneproxy.boundary.advertised import Addresses, PortAddresses, SniAddresses
from zoneproxy.boundary.cluster import ClusterView
from zoneproxy.boundary.holes import ProducerHoles
from zoneproxy.errors import InvalidConfiguration, Problem
from zoneproxy.net.control import Control
from zoneproxy.net.diallers import Diallers, make_diallers, upstream_tls
from zoneproxy.net.listener import Listener, ServerNames
from zoneproxy.net.needs import AsksRegistries, Needs
from zoneproxy.net.tls import TlsContext, TlsFiles, client_context, server_context
from zoneproxy.net.worker import Route, Worker

if TYPE_CHECKING:
    from zoneproxy.config.model import Config, ListenerConfig
    from zoneproxy.config.upstreams import UpstreamConfig
    from zoneproxy.net.admission import Admission
    from zoneproxy.net.observer import Observer
    from zoneproxy.net.sasl import ListenerSasl
    from zoneproxy.net.sessions import Sessions
    from zoneproxy.policy.namespaces import Namespace

Contexts = Mapping[tuple[str, str], TlsContext]
Build = Callable[[TlsFiles], ssl.SSLContext]


@dataclass(frozen=True, slots=True)
class Upstream:
    """What all sessions to one upstream share."""

    name: str
    cluster: ClusterView
    holes: ProducerHoles
    diallers: Diallers
    control: Control
    needs: Needs


def load_contexts(config: Config, observer: Observer) -> dict[tuple[str, str], TlsContext]:
    """The TLS context of each listener and upstream that has one. Raises InvalidConfiguration with all faults."""
    contexts: dict[tuple[str, str], TlsContext] = {}
    problems: list[Problem] = []
    for owner, files, build in _tls_files(config):
        try:
            contexts[owner] = TlsContext(" ".join(owner), files, build, observer)
        except InvalidConfiguration as error:
            problems += error.problems
    if problems:
        raise InvalidConfiguration(problems)
    return contexts


def make_upstream(
    name: str,
    config: UpstreamConfig,
    contexts: Contexts,
    worker: Worker,
    executor: Executor,
    logins: Executor,
    registries: AsksRegistries | None = None,
) -> Upstream:
    """One upstream; run its ``control``. ``executor`` looks through records, ``logins`` is for logging in."""
    bounds, observer = worker.bounds, worker.observer
    cluster = ClusterView()
    diallers = make_diallers(name, config, cluster, contexts, worker, logins)
    control = Control(
        name, cluster, diallers.own, observer, worker.clock, seconds=bounds.connect, refresh=bounds.refresh
    )
    return Upstream(name, cluster, ProducerHoles(), diallers, control, Needs(control, executor, registries))


def make_listener(
    config: ListenerConfig,
    upstream: Upstream,
    contexts: Contexts,
    worker: Worker,
    admission: Admission,
    sessions: Sessions,
    numbers: count[int],
    namespace: Namespace | None = None,
    sasl: ListenerSasl | None = None,
) -> Listener:
    """One listener; ``bind`` and ``start`` it. ``namespace``: its zone's part of the upstream; None: all of it."""
    tls = contexts.get(("listener", config.name))
    addresses, names = _addresses(config), None
    if isinstance(addresses, SniAddresses):
        assert tls is not None
        names = ServerNames(addresses)
        tls.prepare(names.attach)
    route = Route(
        listener=config.name,
        zone=config.zone,
        addresses=addresses,
        upstream=upstream.name,
        cluster=upstream.cluster,
        holes=upstream.holes,
        needs=upstream.needs.within(namespace),
        dialler=upstream.diallers.of(config.zone),
        plaintext_principal=config.plaintext.principal if config.plaintext else None,
        namespace=namespace,
        certificates=config.auth != "sasl",
        sasl=sasl,
        observe=config.observe,
    )
    places = _places(config)
    return Listener(worker, route, config.bind, places, tls, names, admission, sessions, numbers)


def _tls_files(config: Config) -> Sequence[tuple[tuple[str, str], TlsFiles, Build]]:
    found: list[tuple[tuple[str, str], TlsFiles, Build]] = []
    for listener in config.listeners:
        if tls := listener.tls:
            files = TlsFiles(tls.client_ca, tls.certificate, tls.key, tls.min_version, tls.client_crl)
            found.append((("listener", listener.name), files, server_context))
    for name, upstream in config.upstreams.items():
        found += [(owner, files, client_context) for owner, files in upstream_tls(name, upstream)]
    return found


def _addresses(config: ListenerConfig) -> Addresses:
    if config.sni is not None:
        return SniAddresses(config.zone, config.sni.domain, config.sni.port)
    assert config.ports is not None
    assert config.advertised_host is not None
    nodes = config.ports.node_ids
    return PortAddresses(config.advertised_host, config.ports.first, nodes.lowest, nodes.highest)


def _places(config: ListenerConfig) -> list[tuple[int, int | None]]:
    """Each port with the node it stands for."""
    if config.sni is not None:
        return [(config.sni.port, None)]
    assert config.ports is not None
    nodes = config.ports.node_ids
    numbered = enumerate(range(nodes.lowest, nodes.highest + 1), config.ports.first)
    return [(config.ports.bootstrap, None), *numbered]
