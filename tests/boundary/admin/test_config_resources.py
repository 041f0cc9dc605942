from __future__ import annotations

import pytest

from tests.boundary.admin.kit import OFFSETS, POLICY
from tests.boundary.kit import context
from zoneproxy.boundary.admin.config_resources import ConfigResourceType, config_denial, is_known
from zoneproxy.boundary.facts import Denied
from zoneproxy.policy.model import Operation
from zoneproxy.wire.messages.api_keys import ApiKey

CLUSTER_TYPES = (ConfigResourceType.BROKER, ConfigResourceType.BROKER_LOGGER, ConfigResourceType.CLIENT_METRICS)


def error(who: str, kind: int, name: str, operation: Operation = Operation.DESCRIBE_CONFIGS) -> int | None:
    return config_denial(context(who, ApiKey.DESCRIBE_CONFIGS, 4, policy=POLICY), operation, kind, name)


def test_kafkas_types() -> None:
    assert [number for number in range(-1, 130) if is_known(number)] == [2, 4, 8, 16, 32]


@pytest.mark.parametrize(("kind", "denied"), [(ConfigResourceType.TOPIC, 29), (ConfigResourceType.GROUP, 30)])
def test_topics_and_groups_each_by_name(kind: int, denied: int) -> None:
    assert error("topics", kind, "read-configs") is None
    assert error("topics", kind, "read-configs", Operation.ALTER_CONFIGS) == denied
    assert error("topics", kind, "write-configs") is None
    assert error("topics", kind, "write-configs", Operation.ALTER_CONFIGS) is None
    assert error("topics", kind, "other") == denied
    assert error("cluster", kind, "read-configs") == denied
    assert error("operator", kind, "other", Operation.ALTER_CONFIGS) is None


@pytest.mark.parametrize("kind", CLUSTER_TYPES)
@pytest.mark.parametrize("operation", [Operation.DESCRIBE_CONFIGS, Operation.ALTER_CONFIGS])
def test_all_else_is_the_clusters(kind: int, operation: Operation) -> None:
    assert error("cluster", kind, "1", operation) is None
    assert error("operator", kind, "", operation) is None
    assert error("topics", kind, "read-configs", operation) == 31
    assert error("stranger", kind, "1", operation) == 31


def test_reserved_topics_have_no_settings_for_anybody() -> None:
    assert error("operator", ConfigResourceType.TOPIC, OFFSETS) == 29


def test_a_denial_is_told() -> None:
    ctx = context("nobody", ApiKey.ALTER_CONFIGS, 2, policy=POLICY)
    config_denial(ctx, Operation.ALTER_CONFIGS, ConfigResourceType.BROKER, "1")
    config_denial(ctx, Operation.ALTER_CONFIGS, ConfigResourceType.GROUP, "g")

    assert ctx.facts == [
        Denied("ALTER_CONFIGS", "ALTER_CONFIGS", "cluster", "kafka-cluster", 31, "acl"),
        Denied("ALTER_CONFIGS", "ALTER_CONFIGS", "group", "g", 30, "acl"),
    ]
