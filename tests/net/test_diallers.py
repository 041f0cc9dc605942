from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.net.harness import QUICK, Recorder
from zoneproxy.boundary.cluster import ClusterView
from zoneproxy.config.upstreams import UpstreamConfig
from zoneproxy.net.diallers import Diallers, make_diallers, upstream_tls
from zoneproxy.net.upstream import Dialler

CERTIFICATES: dict[str, Any] = {
    "bootstrap": ["k:1"],
    "tls": {"ca": "ca", "certificate": "own.crt", "key": "own.key", "min_version": "1.2"},
    "zones": {"partners": {"certificate": "partners.crt", "key": "partners.key"}},
}


def test_each_credential_has_its_files() -> None:
    found = dict(upstream_tls("kafka", UpstreamConfig.model_validate(CERTIFICATES)))
    assert {owner: (files.ca, files.certificate, files.min_version) for owner, files in found.items()} == {
        ("upstream", "kafka"): ("ca", "own.crt", "1.2"),
        ("upstream", "kafka for partners"): ("ca", "partners.crt", "1.2"),
    }
    open_ = {"bootstrap": ["k:1"], "plaintext": {"accept": "the way to this upstream is not encrypted"}}
    assert not list(upstream_tls("kafka", UpstreamConfig.model_validate(open_)))


@pytest.fixture
def secret(tmp_path: Path) -> str:
    file = tmp_path / "secret"
    file.write_text("hush")
    return str(file)


def made(config: dict[str, Any], contexts: dict[tuple[str, str], Any]) -> Diallers:
    worker = SimpleNamespace(clock=lambda: 1.0, bounds=QUICK, read_buffer=memoryview(b""), observer=Recorder())
    with ThreadPoolExecutor(1) as executor:
        upstream = UpstreamConfig.model_validate(config)
        return make_diallers("kafka", upstream, ClusterView(), contexts, worker, executor)  # type: ignore[arg-type]


def mechanism(dialler: Dialler) -> str | None:
    return None if dialler.login is None else dialler.login.mechanism


def test_zones_come_as_they_say_and_as_the_upstream_does_otherwise(secret: str) -> None:
    own, partners = object(), object()
    sasl = {"mechanism": "SCRAM-SHA-512", "username": "zoneproxy", "password_file": secret}
    zones = {"reports": {"sasl": {**sasl, "mechanism": "PLAIN"}}, **CERTIFICATES["zones"]}
    contexts = {("upstream", "kafka"): own, ("upstream", "kafka for partners"): partners}
    diallers = made({**CERTIFICATES, "sasl": sasl, "zones": zones}, contexts)
    assert diallers.of("other") is diallers.own
    found = {zone: (mechanism(diallers.of(zone)), diallers.of(zone)._tls) for zone in ("other", "reports", "partners")}
    assert found == {
        "other": ("SCRAM-SHA-512", own),
        "reports": ("PLAIN", own),
        "partners": ("SCRAM-SHA-512", partners),
    }


def test_without_sasl_nobody_logs_in() -> None:
    assert mechanism(made(CERTIFICATES, {}).own) is None
