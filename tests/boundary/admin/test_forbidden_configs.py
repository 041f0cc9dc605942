from __future__ import annotations

import pytest

from zoneproxy.boundary.admin.forbidden_configs import FORBIDDEN, config_refusal
from zoneproxy.wire.messages.incremental_alter_configs_request import AlterableConfig


@pytest.mark.parametrize(
    "name",
    [
        "sasl.jaas.config",
        "listener.name.client.scram-sha-256.sasl.jaas.config",
        "SASL.JAAS.CONFIG",
        "ssl.keystore.location",
        "listeners",
        "advertised.listeners",
        "early.start.listeners",
        "listener.security.protocol.map",
        "listener.name.client.ssl.truststore.location",
        "inter.broker.listener.name",
        "principal.builder.class",
        "authorizer.class.name",
        "metric.reporters",
        "kafka.metrics.reporters.classes",
        "config.providers",
        "config.providers.file.class",
        "security.providers",
    ],
)
def test_how_brokers_let_people_in_is_not_changed(name: str) -> None:
    assert config_refusal([AlterableConfig(name="retention.ms", value="1"), AlterableConfig(name=name)]) is FORBIDDEN


@pytest.mark.parametrize("value", ["${file:/etc/passwd:root}", "a${env:HOME}", "${"])
def test_values_that_ask_a_provider_are_refused(value: str) -> None:
    assert config_refusal([AlterableConfig(name="retention.ms", value=value)]) is FORBIDDEN


@pytest.mark.parametrize("name", ["retention.ms", "log.cleaner.threads", "classified", "max.connections.per.ip"])
@pytest.mark.parametrize("value", [None, "", "$HOME", "1000"])
def test_others_are_not(name: str, value: str | None) -> None:
    assert config_refusal([AlterableConfig(name=name, value=value)]) is None
