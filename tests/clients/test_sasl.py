"""Every client library by every kind of SASL; and tokens of a real provider, fetched by the clients themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import confluent_kafka
import kafka.errors
import pytest

from tests.clients import jvm
from tests.clients.drivers import DRIVERS, Confluent, Driver
from tests.clients.provider import Provider
from tests.clients.reach import Reach
from tests.clients.sasl import PASSWORDS, SaslProxy, SaslReach, confluent_with_tokens, java_with_tokens
from tests.clients.waiting import until
from tests.kafka.certificates import Authority

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.clients.admin import Direct
    from tests.kafka.cluster import Cluster

RECORDS = [(b"key-%d" % n, b"value-%d" % n) for n in range(20)]
WRONG = "-".join(("alice", "guess"))


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """Issues tokens."""
    folder = tmp_path_factory.mktemp("provider")
    made = Provider(folder, Authority(folder / "certificates", "provider").issue("login", hosts=["localhost"]))
    yield made
    made.close()


@pytest.fixture(scope="module")
def sasl_proxy(cluster: Cluster, provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SaslProxy]:
    """A proxy whose clients use SASL."""
    made = SaslProxy(tmp_path_factory.mktemp("sasl"), cluster, provider)
    yield made
    made.close()


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
@pytest.mark.parametrize("driver", DRIVERS)
def test_records_come_back(driver: type[Driver], mechanism: str, sasl_proxy: SaslProxy, direct: Direct) -> None:
    reach = SaslReach(sasl_proxy.bootstrap(), sasl_proxy.client("unused", "Payments"), mechanism)
    topic = direct.topic()

    driver.produce(reach, topic, RECORDS, "none")

    assert driver.consume(reach, topic, len(RECORDS)) == RECORDS


def test_a_wrong_password_is_told(sasl_proxy: SaslProxy) -> None:
    reach = SaslReach(sasl_proxy.bootstrap(), sasl_proxy.client("unused", "Payments"), password=WRONG)

    errors: list[confluent_kafka.KafkaError] = []
    producer = confluent_kafka.Producer(reach.confluent() | {"error_cb": errors.append})
    until(lambda: producer.poll(0.1) or errors)
    assert errors[0].code() == confluent_kafka.KafkaError._AUTHENTICATION

    with pytest.raises(kafka.errors.KafkaError):
        kafka.KafkaAdminClient(**reach.kafka_python(request_timeout_ms=5000, api_version_auto_timeout_ms=5000))
    labels = {"zone": "payments", "mechanism": "PLAIN", "result": "password"}
    assert sasl_proxy.metric("zoneproxy_authentications_total", **labels) >= 1


def test_certificate_and_password_together(sasl_proxy: SaslProxy, direct: Direct) -> None:
    def reach(user: str, certificate: str) -> SaslReach:
        shown = sasl_proxy.client(certificate, "Payments")
        bootstrap = sasl_proxy.bootstrap("analytics")
        return SaslReach(bootstrap, shown, "SCRAM-SHA-512", user, PASSWORDS[user], certified=True)

    topic = direct.topic()
    Confluent.produce(reach("bound", "bound"), topic, RECORDS, "none")
    assert direct.values(topic) == [value for _, value in RECORDS]
    for user, certificate in (("alice", "bound"), ("bound", "alice"), ("alice", "alice")):
        errors: list[confluent_kafka.KafkaError] = []
        producer = confluent_kafka.Producer(reach(user, certificate).confluent() | {"error_cb": errors.append})
        until(lambda producer=producer, errors=errors: producer.poll(0.1) or errors)
        assert errors[0].code() == confluent_kafka.KafkaError._AUTHENTICATION


@pytest.mark.timeout(300)
def test_librdkafka_gets_its_tokens_and_authenticates_again(
    sasl_proxy: SaslProxy, provider: Provider, direct: Direct
) -> None:
    """Its roles come from the token's groups. Tokens last 20 s, and sessions no longer than they do."""
    reach = Reach(sasl_proxy.bootstrap(), sasl_proxy.client("unused", "Payments"))
    topic = direct.topic()
    producer = confluent_kafka.Producer(confluent_with_tokens(reach, provider))
    for key, value in RECORDS:
        producer.produce(topic, value, key, 0)
    assert producer.flush(60) == 0
    assert direct.values(topic) == [value for _, value in RECORDS]

    renewed = {"zone": "payments", "mechanism": "OAUTHBEARER", "result": "renewed"}
    until(
        lambda: producer.poll(0.5) or sasl_proxy.metric("zoneproxy_authentications_total", **renewed) > 0, seconds=150
    )
    producer.produce(topic, b"later", partition=0)
    assert producer.flush(60) == 0
    assert direct.values(topic)[-1] == b"later"


def test_java_gets_its_tokens(sasl_proxy: SaslProxy, provider: Provider, direct: Direct) -> None:
    reach = Reach(sasl_proxy.bootstrap(), sasl_proxy.client("unused", "Payments"))
    topic = direct.topic()
    jvm.run(
        "org.apache.kafka.tools.ConsoleProducer",
        *("--bootstrap-server", reach.bootstrap, "--command-config", str(java_with_tokens(reach, provider))),
        *("--topic", topic),
        given="one\ntwo\n",
        options=(f"-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls={provider.token_endpoint}",),
    )
    assert direct.values(topic) == [b"one", b"two"]
