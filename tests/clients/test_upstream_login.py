"""The proxy logs in at a real broker that asks for it again every few seconds (KIP-368)."""

from __future__ import annotations

import json
import ssl
import sys
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import confluent_kafka
import pytest
from confluent_kafka.admin import AdminClient, ScramCredentialInfo, ScramMechanism, UserScramCredentialUpsertion

from tests.clients.provider import CLIENT, SECRET, Provider
from tests.kafka import java
from tests.kafka.certificates import Authority
from tests.kafka.process import Background
from tests.kafka.single import NODE, Single
from tools.proxy_process import ProxyProcess, free_ports

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

HOST = "127.0.0.41"
SECONDS = 4.0  # that a login is good for
PASSWORD = "-".join(("not", "for", "production"))
MECHANISMS = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"]

BROKER = f"""
listener.security.protocol.map=CLIENT:SASL_SSL,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT
listener.name.client.ssl.client.auth=none
listener.name.client.sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER
listener.name.client.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \
user_zoneproxy="{PASSWORD}";
listener.name.client.scram-sha-256.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.client.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.client.oauthbearer.sasl.jaas.config=org.apache.kafka.common.security.oauthbearer.\
OAuthBearerLoginModule required;
listener.name.client.oauthbearer.sasl.server.callback.handler.class=org.apache.kafka.common.security.oauthbearer.\
OAuthBearerValidatorCallbackHandler
listener.name.client.oauthbearer.sasl.oauthbearer.jwks.endpoint.url=JWKS
listener.name.client.oauthbearer.sasl.oauthbearer.expected.issuer=ISSUER
listener.name.client.oauthbearer.sasl.oauthbearer.expected.audience=kafka
listener.name.client.connections.max.reauth.ms={int(SECONDS * 1000)}
"""

POLICY = {
    "zones": {
        "tests": {
            "level": "internal",
            "owner": "tests@example.com",
            "upstream": "kafka",
            "encryption": {"transport": "plaintext"},
        }
    },
    "principals": [{"name": "tester", "zone": "tests", "roles": ["unrestricted"]}],
}


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"), "login authority")


@pytest.fixture(scope="module")
def provider(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """Issues the tokens that the broker takes."""
    made = Provider(tmp_path_factory.mktemp("provider"), authority.issue("login", hosts=["localhost"]))
    yield made
    made.close()


@pytest.fixture(scope="module")
def node(authority: Authority, provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Single]:
    java.check()
    folder = tmp_path_factory.mktemp("login")
    keys = folder / "keys.json"
    with urllib.request.urlopen(provider.keys, context=ssl.create_default_context(cafile=provider.ca)) as reply:
        keys.write_bytes(reply.read())
    more = BROKER.replace("JWKS", keys.as_uri()).replace("ISSUER", provider.issuer)
    options = (f"-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls={keys.as_uri()}",)
    made = Single(folder / "node", authority, HOST, acls=False, more=more, options=options)
    made.start()
    try:
        made.wait_ready()
        _add_users(made, authority)
        yield made
    finally:
        made.close()


def _add_users(node: Single, authority: Authority) -> None:
    admin = AdminClient(
        {
            "bootstrap.servers": node.address,
            "security.protocol": "sasl_ssl",
            "ssl.ca.location": str(authority.ca),
            "sasl.mechanism": "PLAIN",
            "sasl.username": "zoneproxy",
            "sasl.password": PASSWORD,
        }
    )
    for name in ("SCRAM_SHA_256", "SCRAM_SHA_512"):
        info = ScramCredentialInfo(ScramMechanism[name], 4096)
        change = UserScramCredentialUpsertion("zoneproxy", info, PASSWORD.encode())
        for result in admin.alter_user_scram_credentials([change]).values():
            result.result(20)


class Configured:
    """A proxy that is to log in by ``sasl``, not started yet; its addresses, and its configuration file."""

    def __init__(self, folder: Path, node: Single, authority: Authority, sasl: Mapping[str, Any]) -> None:
        port = free_ports(3)
        self.bootstrap, self.admin = f"127.0.0.1:{port}", f"127.0.0.1:{port + 2}"
        (folder / "policies").mkdir()
        (folder / "policies" / "policy.yaml").write_text(json.dumps(POLICY))
        (folder / "password").write_text(PASSWORD + "\n")
        (folder / "client-secret").write_text(SECRET + "\n")
        listener: dict[str, Any] = {
            "name": "tests",
            "zone": "tests",
            "advertised_host": "127.0.0.1",
            "ports": {"bootstrap": port, "first": port + 1, "node_ids": str(NODE)},
            "plaintext": {"accept": "clients are neither encrypted nor identified", "principal": "tester"},
        }
        upstream = {"bootstrap": [node.address], "tls": {"ca": str(authority.ca)}, "sasl": sasl}
        settings = {"listeners": [listener], "upstreams": {"kafka": upstream}, "admin": {"port": port + 2}}
        self.file = folder / "zoneproxy.yaml"
        self.file.write_text(json.dumps({**settings, "policies": "policies"}))
        self.log = folder / "log"


def _by_password(mechanism: str) -> dict[str, Any]:
    return {"mechanism": mechanism, "username": "zoneproxy", "password_file": "password"}


def _by_token(provider: Provider) -> dict[str, Any]:
    """Tokens are good for 20 s, and the broker wants to see one every few."""
    endpoint = {"url": provider.token_endpoint, "client_id": CLIENT, "client_secret_file": "client-secret"}
    return {"mechanism": "OAUTHBEARER", "token_endpoint": {**endpoint, "scope": "kafka", "ca": str(provider.ca)}}


def test_a_client_notices_nothing_of_logins(
    node: Single, authority: Authority, provider: Provider, tmp_path: Path
) -> None:
    """All mechanisms at the same time, by a proxy each: most of it is waiting for logins to grow old."""

    def notices(mechanism: str) -> list[str]:
        sasl = _by_token(provider) if mechanism == "OAUTHBEARER" else _by_password(mechanism)
        folder = tmp_path / mechanism
        folder.mkdir()
        proxy = Configured(folder, node, authority, sasl)
        process = ProxyProcess(proxy.file, proxy.admin, proxy.log)
        try:
            return [*produce(proxy.bootstrap, f"login-{mechanism.lower()}"), *said_of_logins(proxy, process)]
        finally:
            assert process.stop() == 0

    with ThreadPoolExecutor(len(MECHANISMS)) as pool:
        noticed = zip(MECHANISMS, pool.map(notices, MECHANISMS), strict=True)
    assert {mechanism: what for mechanism, what in noticed if what} == {}


def produce(bootstrap: str, topic: str) -> list[str]:
    """Produce one record after the other until a login has grown old twice; what went wrong."""
    told: list[Any] = []
    settings = {"bootstrap.servers": bootstrap, "enable.idempotence": True, "linger.ms": 0}
    # Reconnecting would hide a connection that the broker has closed.
    producer = confluent_kafka.Producer(
        {**settings, "reconnect.backoff.ms": 60_000, "reconnect.backoff.max.ms": 60_000}
    )
    pause, until_then, sent = threading.Event(), time.monotonic() + 2.5 * SECONDS, 0
    while time.monotonic() < until_then:
        producer.produce(topic, b"%d" % sent, on_delivery=lambda error, message: told.append((error, message)))
        sent += 1
        producer.flush(30)
        pause.wait(0.02)
    errors = [str(error) for error, _ in told if error is not None]
    offsets = [message.offset() for _, message in told]
    return errors if offsets == list(range(sent)) else [*errors, f"{sent} records at {offsets}"]


def said_of_logins(proxy: Configured, process: ProxyProcess) -> list[str]:
    """What the proxy has to say of logins that went wrong."""
    lines = [*proxy.log.read_text().splitlines(), *process.get("/metrics").splitlines()]
    return [line for line in lines if "login_" in line or "upstream_login" in line]


def test_a_wrong_password_leaves_the_zone_down_and_says_why(node: Single, authority: Authority, tmp_path: Path) -> None:
    sasl = {"mechanism": "SCRAM-SHA-512", "username": "nobody", "password_file": "password"}
    proxy = Configured(tmp_path, node, authority, sasl)
    process = Background([sys.executable, "-m", "zoneproxy", "run", "-c", str(proxy.file)], proxy.log)
    try:
        process.wait(lambda lines: sum("login_refused" in line for line in lines) > 1)  # it has tried again
        with pytest.raises(urllib.error.HTTPError) as not_ready:
            urllib.request.urlopen(f"http://{proxy.admin}/readyz", timeout=30)
        assert json.load(not_ready.value)["ready"] is False
    finally:
        assert process.stop() == 0
    assert PASSWORD not in proxy.log.read_text()
