"""Who gets in, by which name a broker is reached, and what becomes of connections when things change."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING, Any

import confluent_kafka
import pytest

from tests.clients import jvm
from tests.clients.drivers import Confluent
from tests.clients.raw import RawClient
from tests.clients.reach import Reach
from tests.clients.requests import make
from tests.clients.test_rolling_restart import PARTITIONS, Consuming, Producing, Work
from tests.clients.waiting import until
from tests.kafka.certificates import Authority
from zoneproxy.wire.messages.api_keys import ApiKey

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.clients.admin import Direct
    from tests.kafka.certificates import Credentials
    from tests.kafka.cluster import Cluster
    from tests.kafka.proxy import Proxy

TOPIC_AUTHORIZATION_FAILED = 29


def is_turned_away(reach: Reach, **tls: Any) -> bool:
    """Whether the server refuses the handshake, or closes without having answered anything."""
    try:
        with RawClient(reach, **tls):
            return False
    except (ssl.SSLError, EOFError, ConnectionError):
        return True


def test_a_known_certificate_gets_in(insider: Reach) -> None:
    assert not is_turned_away(insider)


def stranger(proxy: Proxy, cluster: Cluster, folder: Path) -> Credentials:
    """The insider's name, vouched for by somebody else."""
    subject = {"O": "Payments", "CN": "insider"}
    return Authority(folder, "somebody else").issue("insider", subject).trusting(proxy.authority.ca)


def broker(proxy: Proxy, cluster: Cluster, folder: Path) -> Credentials:
    """An identity that the brokers themselves take for an admin."""
    return cluster.admin.trusting(proxy.authority.ca)


def nobody(proxy: Proxy, cluster: Cluster, folder: Path) -> Credentials:
    """A good certificate that no principal is known by."""
    return proxy.client("nobody", "Payments")


def almost(proxy: Proxy, cluster: Cluster, folder: Path) -> Credentials:
    """The insider's common name in another organisation."""
    return proxy.authority.issue("almost", {"O": "Other", "CN": "insider"})


@pytest.mark.parametrize("who", [stranger, broker, nobody, almost])
def test_others_are_turned_away(
    who: Callable[[Proxy, Cluster, Path], Credentials], proxy: Proxy, cluster: Cluster, tmp_path: Path
) -> None:
    assert is_turned_away(Reach(proxy.bootstrap(), who(proxy, cluster, tmp_path)))


def test_without_a_certificate_nobody_gets_in(insider: Reach) -> None:
    assert is_turned_away(insider, context=ssl.create_default_context(cafile=str(insider.credentials.ca)))


def test_old_tls_is_refused(insider: Reach) -> None:
    context = insider.context()
    context.maximum_version = ssl.TLSVersion.TLSv1_2

    assert is_turned_away(insider, context=context)


def test_plain_bytes_are_refused(proxy: Proxy) -> None:
    host, port = proxy.bootstrap().split(":")
    with socket.create_connection((host, int(port)), timeout=30) as plain:
        plain.sendall(bytes.fromhex("0000000a 0012 0000 00000001 0000"))
        answer = plain.recv(100)

    assert answer == b"" or answer[:1] == b"\x15"  # closed, or a TLS alert


def test_clients_cannot_go_round_the_proxy(insider: Reach, cluster: Cluster) -> None:
    assert is_turned_away(Reach(cluster.bootstrap, insider.credentials.trusting(cluster.admin.ca)))


def test_brokers_by_server_name(insider: Reach, proxy: Proxy, direct: Direct, tmp_path: Path) -> None:
    topic, hosts = direct.topic(), tmp_path / "hosts"
    hosts.write_text("".join(f"127.0.0.1 {name}\n" for name in proxy.sni_names))
    reach = Reach(proxy.sni_bootstrap, insider.credentials)
    options = (f"-Djdk.net.hosts.file={hosts}",)

    producer = ("org.apache.kafka.tools.ConsoleProducer", *reach.java(), "--topic", topic)
    jvm.run(*producer, given="one\ntwo\n", options=options)
    consumer = ("org.apache.kafka.tools.consumer.ConsoleConsumer", *reach.java(), "--topic", topic)
    limits = ("--from-beginning", "--max-messages", "2", "--timeout-ms", "60000")
    assert jvm.run(*consumer, *limits, options=options).split() == ["one", "two"]

    with RawClient(reach, connect_to="127.0.0.1") as client:
        brokers = client.ask(make(ApiKey.METADATA, topics=[]), 9).brokers
    port = int(proxy.sni_bootstrap.split(":")[1])
    assert {one.node_id: (one.host, one.port) for one in brokers} == {
        number: (f"b{number}.payments.kafka.test", port) for number in (1, 2, 3)
    }


def test_restarting_the_proxy_loses_and_doubles_nothing(own_proxy: Proxy, direct: Direct) -> None:
    reach = Reach(own_proxy.bootstrap(), own_proxy.client("insider", "Payments"))
    topic = direct.topic(partitions=PARTITIONS)
    producing, consuming = Producing(reach, topic), Consuming(reach, topic)
    work = [Work(producing.step), Work(consuming.step)]
    until(lambda: consuming.count > 100)

    own_proxy.restart()

    before = consuming.count
    until(lambda: consuming.count > before + 100)
    work[0].finish()
    producing.flush()
    until(lambda: consuming.count >= producing.sent)
    work[1].finish()
    assert producing.errors == []
    assert consuming.seen == producing.acknowledged
    assert [direct.values(topic, n) for n in range(PARTITIONS)] == producing.acknowledged


def test_a_right_that_is_taken_away_ends_with_the_next_request(own_proxy: Proxy, direct: Direct) -> None:
    reach = Reach(own_proxy.bootstrap(), own_proxy.client("clerk", "Payments"))
    topic = direct.topic("clerk.")
    errors: list[Any] = []
    producer = confluent_kafka.Producer(reach.confluent())

    def code() -> int:
        producer.produce(topic, b"value", on_delivery=lambda error, _: errors.append(error))
        assert producer.flush(30) == 0
        return errors[-1].code() if errors[-1] else 0

    assert code() == 0
    access = own_proxy.policies / "access.yaml"
    access.write_text(access.read_text().replace("{prefix: clerk.}", "{prefix: former.}"))
    own_proxy.reload()

    until(lambda: code() == TOPIC_AUTHORIZATION_FAILED)
    assert Confluent.consume(direct.reach, topic, 1) == [(None, b"value")]


def test_a_policy_with_a_fault_changes_nothing(own_proxy: Proxy, direct: Direct) -> None:
    reach = Reach(own_proxy.bootstrap(), own_proxy.client("clerk", "Payments"))
    (own_proxy.policies / "access.yaml").write_text("principals: [{nam: clerk}]\n")

    own_proxy.reload()
    until(lambda: own_proxy.metric("zoneproxy_policy_reloads_total", result="refused") == 1)

    Confluent.produce(reach, direct.topic("clerk."), [(None, b"value")], "none")
