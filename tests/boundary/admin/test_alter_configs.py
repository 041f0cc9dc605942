from __future__ import annotations

from typing import Any

import pytest

from tests.boundary.admin.kit import OFFSETS, ask, versions
from zoneproxy.policy.snapshot import RESERVED_TOPICS
from zoneproxy.wire.messages import alter_configs_request as legacy
from zoneproxy.wire.messages import alter_configs_response as legacy_response
from zoneproxy.wire.messages import incremental_alter_configs_request as incremental
from zoneproxy.wire.messages import incremental_alter_configs_response as incremental_response

TOPIC, BROKER, LOGGER, METRICS, GROUP = 2, 4, 8, 16, 32
FORBIDDEN = "This configuration cannot be changed through the proxy."
TOPIC_DENIED = (29, "Topic authorization failed.")
CLUSTER_DENIED = (31, "Cluster authorization failed.")
SET, DELETE = 0, 1

BOTH = [(True, v) for v in versions(incremental.IncrementalAlterConfigsRequest)] + [
    (False, v) for v in versions(legacy.AlterConfigsRequest)
]


def change(*resources: tuple[int, str], new: bool = True, **configs: str | None) -> Any:
    values = {name.replace("_", "."): value for name, value in (configs or {"retention.ms": "1"}).items()}
    if new:
        return incremental.IncrementalAlterConfigsRequest(
            resources=[
                incremental.AlterConfigsResource(
                    resource_type=kind,
                    resource_name=name,
                    configs=[incremental.AlterableConfig(name=key, value=value) for key, value in values.items()],
                )
                for kind, name in resources
            ]
        )
    return legacy.AlterConfigsRequest(
        resources=[
            legacy.AlterConfigsResource(
                resource_type=kind,
                resource_name=name,
                configs=[legacy.AlterableConfig(name=key, value=value) for key, value in values.items()],
            )
            for kind, name in resources
        ]
    )


def done(*resources: tuple[int, str], new: bool = True) -> Any:
    if new:
        results = [
            incremental_response.AlterConfigsResourceResponse(
                resource_type=kind, resource_name=name, error_message=None
            )
            for kind, name in resources
        ]
        return incremental_response.IncrementalAlterConfigsResponse(responses=results)
    return legacy_response.AlterConfigsResponse(
        responses=[
            legacy_response.AlterConfigsResourceResponse(resource_type=kind, resource_name=name, error_message=None)
            for kind, name in resources
        ]
    )


def told(response: Any) -> list[tuple[int, str, int, str | None]]:
    return [(r.resource_type, r.resource_name, r.error_code, r.error_message) for r in response.responses]


@pytest.mark.parametrize(("new", "version"), BOTH)
def test_results_stand_in_the_order_of_the_request(new: bool, version: int) -> None:
    resources = [(TOPIC, "secret"), (TOPIC, "write-configs"), (GROUP, "g"), (GROUP, "write-configs"), (BROKER, "1")]
    asked = ask("topics", change(*resources, new=new), version)

    kept = [(TOPIC, "write-configs"), (GROUP, "write-configs")]
    assert [(r.resource_type, r.resource_name) for r in asked.forwarded.resources] == kept
    assert told(asked.reply(done(*reversed(kept), new=new))) == [
        (TOPIC, "secret", *TOPIC_DENIED),
        (TOPIC, "write-configs", 0, None),
        (GROUP, "g", 30, "Group authorization failed."),
        (GROUP, "write-configs", 0, None),
        (BROKER, "1", *CLUSTER_DENIED),
    ]


def test_a_broker_that_forgets_a_result_gets_none_invented() -> None:
    asked = ask("topics", change((TOPIC, "secret"), (TOPIC, "all")), 1)

    assert told(asked.reply(done())) == [(TOPIC, "secret", *TOPIC_DENIED)]


@pytest.mark.parametrize("new", [True, False])
def test_what_is_allowed_goes_on_as_it_came(new: bool) -> None:
    resources = [(TOPIC, "a"), (BROKER, ""), (METRICS, "m"), (GROUP, "g")] + ([(LOGGER, "1")] if new else [])
    assert ask("operator", change(*resources, new=new), 1).untouched


def test_rights_on_the_cluster_end_at_its_borders() -> None:
    assert told(ask("stranger", change((BROKER, "1")), 1).answer) == [(BROKER, "1", *CLUSTER_DENIED)]


def test_for_a_broker_logger_kafka_has_no_text() -> None:
    assert told(ask("nobody", change((LOGGER, "1")), 1).answer) == [(LOGGER, "1", 31, None)]


@pytest.mark.parametrize(("new", "kind"), [(True, 3), (True, 0), (False, 8), (False, 3)])
def test_types_that_there_are_not(new: bool, kind: int) -> None:
    assert told(ask("operator", change((kind, "1"), new=new), 1).answer) == [
        (kind, "1", 42, f"Unknown resource type {kind}")
    ]


@pytest.mark.parametrize("new", [True, False])
def test_a_resource_that_is_there_twice(new: bool) -> None:
    asked = ask("operator", change((TOPIC, "a"), (TOPIC, "b"), (TOPIC, "a"), (GROUP, "a"), new=new), 1)

    twice = (TOPIC, "a", 42, "Each resource must appear at most once.")
    assert told(asked.reply(done((TOPIC, "b"), (GROUP, "a"), new=new))) == [
        twice,
        (TOPIC, "b", 0, None),
        twice,
        (GROUP, "a", 0, None),
    ]


@pytest.mark.parametrize("new", [True, False])
def test_values_that_are_missing(new: bool) -> None:
    message = change((TOPIC, "secret"), new=new, a="1", b=None, c=None)

    assert told(ask("nobody", message, 1).answer) == [(TOPIC, "secret", 42, "Null value not supported for : b, c")]


def test_to_delete_takes_no_value() -> None:
    message = change((TOPIC, "write-configs"), retention_ms=None)
    message.resources[0].configs[0].config_operation = DELETE

    assert ask("topics", message, 1).untouched


def test_names_that_are_there_twice() -> None:
    message = change((TOPIC, "secret"))
    message.resources[0].configs *= 2

    assert told(ask("nobody", message, 1).answer) == [(TOPIC, "secret", 42, "Error due to duplicate config keys")]


# --- what nobody changes ---


@pytest.mark.parametrize("new", [True, False])
@pytest.mark.parametrize("kind", [TOPIC, BROKER, GROUP, METRICS])
@pytest.mark.parametrize(("name", "value"), [("sasl_jaas_config", "x"), ("listeners", "x"), ("retention_ms", "${f:x}")])
def test_forbidden_configurations(new: bool, kind: int, name: str, value: str) -> None:
    message = change((kind, "1"), new=new, **{name: value})

    assert told(ask("operator", message, 1).answer) == [(kind, "1", 44, FORBIDDEN)]


def test_to_delete_one_is_forbidden_too() -> None:
    message = change((BROKER, "1"), ssl_keystore_location=None)
    message.resources[0].configs[0].config_operation = DELETE

    assert told(ask("operator", message, 1).answer) == [(BROKER, "1", 44, FORBIDDEN)]


def test_whoever_has_no_right_is_told_so_first() -> None:
    assert told(ask("nobody", change((BROKER, "1"), listeners="x"), 1).answer) == [(BROKER, "1", *CLUSTER_DENIED)]


@pytest.mark.parametrize("new", [True, False])
@pytest.mark.parametrize("name", sorted(RESERVED_TOPICS))
def test_reserved_topics(new: bool, name: str) -> None:
    asked = ask("operator", change((TOPIC, name), new=new), 1)

    assert told(asked.answer) == [(TOPIC, name, *TOPIC_DENIED)]
    assert asked.denials == [("ALTER_CONFIGS", "topic", name)]


def test_a_group_may_have_any_name() -> None:
    assert ask("operator", change((GROUP, OFFSETS)), 1).untouched
