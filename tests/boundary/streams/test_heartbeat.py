from __future__ import annotations

from typing import Any

import pytest

from tests.boundary.kit import NOW, Upstream, answered, context, finish, metadata, read_again
from zoneproxy.boundary.chain import Chain, Routed
from zoneproxy.boundary.facts import Denied
from zoneproxy.boundary.interceptor import Context, LookUp
from zoneproxy.config.model import Limits
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.streams_group_heartbeat_request import (
    KeyValue,
    StreamsGroupHeartbeatRequest,
    Subtopology,
    TopicInfo,
    Topology,
)

POLICY = """
zones:
  payments: {level: restricted, owner: a@example.com, upstream: kafka-1}
principals:
  - {name: maker, zone: payments, match: {subject: {CN: maker}}, roles: [member, maker]}
  - {name: any, zone: payments, match: {subject: {CN: any}}, roles: [member, any]}
  - {name: user, zone: payments, match: {subject: {CN: user}}, roles: [member]}
roles:
  member:
    - {allow: [read], group: app}
    - {allow: [describe], topic: [source, log, sink]}
  maker: [{allow: [create], topic: [log, sink]}]
  any: [{allow: [create], cluster: true}]
"""
DENIED = ErrorCode.TOPIC_AUTHORIZATION_FAILED
INVALID = ErrorCode.STREAMS_INVALID_TOPOLOGY
CHAIN = Chain({}, Limits())


def topology(**fields: Any) -> Topology:
    return Topology(subtopologies=[Subtopology(subtopology_id="0", **fields)])


FULL = {
    "source_topics": ["source"],
    "repartition_sink_topics": ["sink"],
    "repartition_source_topics": [TopicInfo(name="sink")],
    "state_changelog_topics": [TopicInfo(name="log", topic_configs=[KeyValue(key="cleanup.policy", value="compact")])],
}


def beat(
    topology: Topology | None, who: str = "user", *, group: str = "app", upstream: Upstream | None = None
) -> tuple[Routed, Context]:
    ctx = context(who, ApiKey.STREAMS_GROUP_HEARTBEAT, 0, policy=POLICY)
    ctx.session.cluster.learn_metadata(metadata(["log", "sink"]), NOW)  # a while ago
    message = read_again(StreamsGroupHeartbeatRequest(group_id=group, topology=topology), ctx)
    return finish(CHAIN.request(message, ctx), ctx, upstream), ctx


def refused(routed: Routed, ctx: Context) -> tuple[int, str | None]:
    response = answered(routed, ctx)
    return response.error_code, response.error_message


def test_heartbeats_without_a_topology_go_on() -> None:
    routed, ctx = beat(None)

    assert (routed.forward, routed.edited, ctx.facts) == (True, False, [])


@pytest.mark.parametrize("with_topology", [None, topology(**FULL)])
def test_the_group_must_be_readable(with_topology: Topology | None) -> None:
    assert refused(*beat(with_topology, group="other")) == (ErrorCode.GROUP_AUTHORIZATION_FAILED, None)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("source_topics", ["source", "hidden"]),
        ("repartition_sink_topics", ["hidden"]),
        ("repartition_source_topics", [TopicInfo(name="hidden")]),
        ("state_changelog_topics", [TopicInfo(name="hidden")]),
    ],
)
def test_every_topic_must_be_describable(place: str, value: Any) -> None:
    routed, ctx = beat(topology(**FULL | {place: value}), "any")

    assert refused(routed, ctx) == (DENIED, None)
    assert ctx.facts == [Denied("STREAMS_GROUP_HEARTBEAT", "DESCRIBE", "topic", "hidden", DENIED, "acl")]


@pytest.mark.parametrize("name", ["__consumer_offsets", "a b"])
def test_names_that_no_topology_may_have(name: str) -> None:
    error, text = refused(*beat(topology(source_topics=[name]), "any"))

    assert error == INVALID
    assert name in (text or "")


def test_reserved_topics_are_nobodys() -> None:
    assert refused(*beat(topology(source_topics=["__remote_log_metadata"]), "any")) == (DENIED, None)


def test_patterns_are_refused_as_kafka_refuses_them() -> None:
    assert refused(*beat(topology(source_topic_regex=["s.*"]), "any")) == (
        ErrorCode.INVALID_REQUEST,
        "Regular expressions for source topics are not supported yet.",
    )


@pytest.mark.parametrize("place", ["repartition_source_topics", "state_changelog_topics"])
def test_configurations_that_nobody_sets(place: str) -> None:
    odd = TopicInfo(name="log", topic_configs=[KeyValue(key="sasl.x", value="y")])

    assert refused(*beat(topology(**{place: [odd]}), "any"))[0] == INVALID


# --- topics that are not there ---


@pytest.mark.parametrize("who", ["maker", "any"])
def test_who_may_create_what_is_missing_is_not_asked_twice(who: str) -> None:
    assert beat(topology(**FULL), who)[0].forward


def test_without_internal_topics_there_is_nothing_to_create() -> None:
    assert beat(topology(source_topics=["source"]))[0].forward


def test_who_may_not_create_joins_if_all_topics_are_there_now() -> None:
    upstream = Upstream("log", "sink")
    routed, ctx = beat(topology(**FULL), upstream=upstream)

    assert (routed.forward, routed.edited, ctx.facts) == (True, False, [])
    assert upstream.asked == [LookUp(names=frozenset({"log", "sink"}))]


def test_who_may_not_create_what_is_missing_is_refused() -> None:
    routed, ctx = beat(topology(**FULL), upstream=Upstream("sink"))

    assert refused(routed, ctx) == (DENIED, "Unauthorized to CREATE on topics log.")
    assert ctx.facts == [Denied("STREAMS_GROUP_HEARTBEAT", "CREATE", "topic", "log", DENIED, "acl")]


def test_while_the_upstream_cannot_be_asked_members_try_again() -> None:
    routed, ctx = beat(topology(**FULL), upstream=Upstream(silent=True))

    assert refused(routed, ctx) == (ErrorCode.COORDINATOR_NOT_AVAILABLE, None)
