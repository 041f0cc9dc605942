from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.net.authority import Authority
from tests.net.harness import QUICK, Recorder, ScriptedChain
from zoneproxy.boundary.advertised import PortAddresses, SniAddresses
from zoneproxy.config.load import parse_config
from zoneproxy.config.model import Config
from zoneproxy.errors import InvalidConfiguration
from zoneproxy.net.admission import Admission
from zoneproxy.net.assembly import Upstream, load_contexts, make_listener, make_upstream
from zoneproxy.net.listener import Listener
from zoneproxy.net.sessions import Sessions
from zoneproxy.net.worker import Worker

TEXT = """
listeners:
  - name: by-ports
    zone: green
    bind: 127.0.0.2
    advertised_host: kafka.example.com
    ports: {bootstrap: 9092, first: 9100, node_ids: "3-5"}
    plaintext: {accept: "clients are neither encrypted nor identified", principal: alice}
  - name: by-name
    zone: green
    sni: {port: 9093, domain: kafka.example.com}
    tls: {certificate: FOLDER/server.crt, key: FOLDER/server.key, client_ca: FOLDER/ca.crt}
upstreams:
  plain:
    bootstrap: ["localhost:9092", "127.0.0.1:9093"]
    plaintext: {accept: "the way to this upstream is not encrypted"}
  secure:
    bootstrap: ["localhost:9092"]
    tls: {ca: FOLDER/ca.crt, certificate: FOLDER/proxy.crt, key: FOLDER/proxy.key}
"""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    authority = Authority()
    authority.save(tmp_path)
    authority.server("localhost").save(tmp_path, "server")
    authority.issue("proxy").save(tmp_path, "proxy")
    return parse_config(TEXT.replace("FOLDER", str(tmp_path)), "zoneproxy.yaml")


def test_each_listener_and_upstream_with_tls_has_a_context(config: Config) -> None:
    recorder = Recorder()
    contexts = load_contexts(config, recorder)
    assert set(contexts) == {("listener", "by-name"), ("upstream", "secure")}
    assert recorder.certificates == ["listener by-name loaded", "upstream secure loaded"]
    assert contexts[("upstream", "secure")].context.check_hostname


def test_every_file_that_cannot_be_used_is_named(config: Config, tmp_path: Path) -> None:
    (tmp_path / "server.key").unlink()
    (tmp_path / "proxy.key").write_bytes((Authority().issue("x")).key)
    with pytest.raises(InvalidConfiguration) as caught:
        load_contexts(config, Recorder())
    assert [(Path(p.file).name, p.message.split()[3]) for p in caught.value.problems] == [
        ("server.key", "listener"),
        ("proxy.crt", "upstream"),
    ]


async def _made(config: Config, upstream: str, listener: int) -> tuple[Upstream, Listener]:
    worker = Worker(
        asyncio.get_running_loop(),
        None,  # type: ignore[arg-type]
        ScriptedChain(),  # type: ignore[arg-type]
        Recorder(),
        QUICK,
        time.time,
        time.perf_counter,
    )
    contexts = load_contexts(config, Recorder())
    made = make_upstream(upstream, config.upstreams[upstream], contexts, worker, *[ThreadPoolExecutor(1)] * 2)
    admission = Admission(1, 1)
    chosen = config.listeners[listener]
    return made, make_listener(chosen, made, contexts, worker, admission, Sessions(worker, admission), count(1))


async def test_a_listener_with_ports(config: Config) -> None:
    upstream, listener = await _made(config, "plain", 0)
    assert listener._places == [(9092, None), (9100, 3), (9101, 4), (9102, 5)]
    assert listener._bind == "127.0.0.2"
    assert listener._tls is None
    route: Any = listener._route
    assert route.addresses == PortAddresses("kafka.example.com", 9100, 3, 5)
    assert (route.listener, route.zone, route.upstream) == ("by-ports", "green", "plain")
    assert route.plaintext_principal == "alice"
    assert route.cluster is upstream.cluster
    assert route.dialler._tls is None
    assert [server.port for server in route.dialler._servers] == [9092, 9093]


async def test_a_listener_with_server_names(config: Config) -> None:
    _, listener = await _made(config, "secure", 1)
    assert listener._places == [(9093, None)]
    route: Any = listener._route
    assert route.addresses == SniAddresses("green", "kafka.example.com", 9093)
    assert route.plaintext_principal is None
    assert route.dialler._tls is not None
    assert listener._tls is not None
    assert listener._tls.context.sni_callback is not None
