from __future__ import annotations

import pytest

from tests.boundary.admin.kit import ask, versions
from zoneproxy.wire.messages.alter_client_quotas_request import (
    AlterClientQuotasRequest,
    EntityData,
    EntryData,
    OpData,
)
from zoneproxy.wire.messages.describe_client_quotas_request import ComponentData, DescribeClientQuotasRequest

QUESTION = DescribeClientQuotasRequest(components=[ComponentData(entity_type="user", match_type=2, match=None)])
CHANGE = AlterClientQuotasRequest(
    entries=[
        EntryData(
            entity=[EntityData(entity_type="user", entity_name=name), EntityData(entity_type="ip", entity_name=None)],
            ops=[OpData(key="consumer_byte_rate", value=1.0)],
        )
        for name in ("a", "b")
    ]
)


@pytest.mark.parametrize("version", versions(QUESTION))
@pytest.mark.parametrize("who", ["topics", "nobody", "stranger"])
def test_describing_takes_a_right_on_the_cluster(who: str, version: int) -> None:
    asked = ask(who, QUESTION, version)

    assert (asked.answer.error_code, asked.answer.error_message, asked.answer.entries) == (31, None, None)
    assert asked.denials == [("DESCRIBE_CONFIGS", "cluster", "kafka-cluster")]


@pytest.mark.parametrize("version", versions(CHANGE))
@pytest.mark.parametrize("who", ["topics", "nobody", "stranger"])
def test_changing_takes_a_right_on_the_cluster(who: str, version: int) -> None:
    asked = ask(who, CHANGE, version)

    assert [
        (e.error_code, e.error_message, [(p.entity_type, p.entity_name) for p in e.entity])
        for e in asked.answer.entries
    ] == [(31, "Cluster authorization failed.", [("user", name), ("ip", None)]) for name in ("a", "b")]
    assert asked.denials == [("ALTER_CONFIGS", "cluster", "kafka-cluster")]


@pytest.mark.parametrize("who", ["cluster", "operator"])
def test_with_it_they_go_on_as_they_came(who: str) -> None:
    assert ask(who, QUESTION, 1).untouched
    assert ask(who, CHANGE, 1).untouched
