from __future__ import annotations

import itertools
from collections.abc import Generator
from typing import Any

import pytest

from tests.boundary.kit import (
    CARD,
    NOW,
    UPSTREAM_HOST,
    Upstream,
    batch,
    chain,
    context,
    finish,
    metadata,
    read_again,
    reply,
    request,
    topic_id,
)
from tests.boundary.said.said_kit import POLICY, says
from zoneproxy.boundary.apis import OPEN
from zoneproxy.boundary.chain import Chain, Routed
from zoneproxy.boundary.cluster import ClusterView
from zoneproxy.boundary.facts import Denied
from zoneproxy.boundary.interceptor import Context, Waiting, Work
from zoneproxy.boundary.said.screen import WITHHELD
from zoneproxy.config.model import Limits
from zoneproxy.wire.codec import encode_response
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.api_versions_request import ApiVersionsRequest
from zoneproxy.wire.messages.heartbeat_request import HeartbeatRequest
from zoneproxy.wire.messages.list_offsets_request import ListOffsetsPartition, ListOffsetsRequest, ListOffsetsTopic
from zoneproxy.wire.messages.produce_request import PartitionProduceData, ProduceRequest, TopicProduceData
from zoneproxy.wire.messages.produce_response import (
    NodeEndpoint,
    PartitionProduceResponse,
    ProduceResponse,
    TopicProduceResponse,
)
from zoneproxy.wire.messages.registry import REQUESTS


def produce(*places: tuple[str, bytes], acks: int = -1, version: int = 12) -> ProduceRequest:
    topics = [
        TopicProduceData(
            name=name,
            topic_id=topic_id(name) if version >= 13 else bytes(16),
            partition_data=[PartitionProduceData(index=0, records=records)],
        )
        for name, records in places
    ]
    return ProduceRequest(acks=acks, topic_data=topics)


def test_an_api_without_an_interceptor_goes_on_and_its_reply_is_not_looked_at() -> None:
    routed = request(HeartbeatRequest(group_id="g"), context("operator", ApiKey.HEARTBEAT, 4))

    assert routed == Routed(forward=True, thens=[])


def test_every_open_api_is_decided_by_some_interceptor() -> None:
    assert chain()._by_api.keys() >= OPEN


def test_a_reply_made_further_down_passes_what_was_left_further_up() -> None:
    """Topic 'secret' is cut before the records step blocks what is left; the client learns of both."""
    ctx = context("clerk", ApiKey.PRODUCE, 12)
    routed = request(produce(("secret", batch(b"v")), ("open.careful", batch(CARD))), ctx)

    assert not routed.forward
    response: Any = routed.reply
    assert [(t.name, t.partition_responses[0].error_code) for t in response.responses] == [
        ("secret", ErrorCode.TOPIC_AUTHORIZATION_FAILED),
        ("open.careful", ErrorCode.POLICY_VIOLATION),
    ]


def test_replies_go_up_in_the_opposite_order() -> None:
    """The address step sees the broker's reply first, then blocked partitions come back, then denied ones."""
    ctx = context("clerk", ApiKey.PRODUCE, 12)
    routed = request(produce(("secret", batch(b"v")), ("open.careful", batch(CARD)), ("open.a", batch(b"v"))), ctx)
    moved = PartitionProduceResponse(index=0, error_code=ErrorCode.NOT_LEADER_OR_FOLLOWER)
    answer = ProduceResponse(
        responses=[TopicProduceResponse(name="open.a", partition_responses=[moved])],
        node_endpoints=[NodeEndpoint(node_id=2, host=UPSTREAM_HOST, port=9002)],
    )
    response = reply(routed, answer, ctx)

    assert len(routed.thens) == 3
    assert [t.name for t in response.responses] == ["secret", "open.careful", "open.a"]
    assert [(e.host, e.port) for e in response.node_endpoints] == [("proxy.example", 9102)]


def test_no_reply_is_waited_for_where_none_will_come() -> None:
    routed = request(produce(("open.a", batch(b"v")), acks=0), context("clerk", ApiKey.PRODUCE, 12))

    assert routed.forward
    assert not routed.expects_reply


def test_needs_are_yielded_as_they_come_up() -> None:
    """First the ids, then, for what is allowed, the look into the records."""
    ctx = context("clerk", ApiKey.PRODUCE, 13)
    message = read_again(produce(("open.careful", batch(b"{}")), version=13), ctx)
    pending = chain().request(message, ctx)

    (first,) = next(pending)
    upstream = Upstream("open.careful")
    upstream.look_up(first, ctx.session.cluster)  # type: ignore[arg-type]  # a LookUp
    (second,) = pending.send(None)
    for job in second.jobs:  # type: ignore[union-attr]  # Work
        job()
    with pytest.raises(StopIteration) as end:
        pending.send(None)
    assert end.value.value.forward


NAMED = "t-" + CARD.decode()
BACK = (
    POLICY
    + """
  - name: back
    from: analytics
    to: payments
    topics: [open.a]
    controls: [detect: {types: [IBAN], action: alert}]
"""
)


@pytest.mark.parametrize(
    ("message", "is_forwarded", "waits"),
    [
        (produce((NAMED, batch(b"v"))), False, True),
        (produce((NAMED, batch(b"v")), ("open.a", batch(b"v"))), True, True),  # waits for a look at the records
        (ListOffsetsRequest(topics=[ListOffsetsTopic(name=name) for name in (NAMED, "open.a")]), True, False),
    ],
)
def test_names_that_hold_data_are_told_of_no_request(message: Any, is_forwarded: bool, waits: bool) -> None:
    for topic in getattr(message, "topics", ()):
        topic.partitions = [ListOffsetsPartition()]
    ctx = context("analyst", ApiKey(message.API_KEY), 9, policy=BACK)
    pending = chain().request(read_again(message, ctx), ctx)

    assert isinstance(pending, Generator) is waits
    assert finish(pending, ctx).forward is is_forwarded
    assert [fact.resource for fact in ctx.facts if isinstance(fact, Denied)] == [WITHHELD]


def test_a_reply_is_edited_if_anything_changed_it_whoever_waited() -> None:
    def waiting(response: Any, ctx: Context) -> Waiting[bool]:
        yield (Work([lambda: response.append("waited")], 1),)
        return False

    def at_once(response: Any, ctx: Context) -> bool:
        response.append("at once")
        return False

    def changing(response: Any, ctx: Context) -> bool:
        ctx.facts.append(Denied("PRODUCE", "WRITE", "topic", NAMED, 29, "acl"))
        response.append("changed")
        return True

    for thens in itertools.permutations([waiting, at_once, changing]):
        ctx, done = says("analyst", ApiKey.PRODUCE, 12), list[str]()
        assert finish(chain().reply(done, thens, ctx), ctx) is True  # type: ignore[arg-type]
        words = {waiting: "waited", at_once: "at once", changing: "changed"}
        assert done == [words[then] for then in reversed(thens)]
        assert [fact.resource for fact in ctx.facts if isinstance(fact, Denied)] == [WITHHELD]
    assert finish(chain().reply([], [waiting, at_once], ctx), ctx) is False  # type: ignore[arg-type]
    assert chain().reply([], [changing], ctx) is True  # type: ignore[arg-type]


def test_a_reply_that_says_nothing_but_that_all_is_well_passes_by_its_bytes() -> None:
    ctx = context("clerk", ApiKey.PRODUCE, 12)
    routed = request(produce(("open.a", batch(b"v"))), ctx)
    stored = PartitionProduceResponse(base_offset=7)
    answer = ProduceResponse(responses=[TopicProduceResponse(name="open.a", partition_responses=[stored])])
    assert chain().passes(encode_response(1, ApiKey.PRODUCE, 12, answer), routed.thens, ctx)
    stored.error_code = ErrorCode.NOT_LEADER_OR_FOLLOWER
    assert not chain().passes(encode_response(1, ApiKey.PRODUCE, 12, answer), routed.thens, ctx)


def test_keys_reach_the_transforms() -> None:
    policy = """
zones: {payments: {level: restricted, owner: a@example.com, upstream: kafka}}
principals: [{name: clerk, zone: payments, match: {subject: {CN: clerk}}, roles: [clerk]}]
roles: {clerk: [{allow: [write], topic: "*"}]}
flows:
  - {name: f, from: payments, to: payments, topics: [t], controls: [{redact: {field: $.a, with: hash, key: k}}]}
"""
    values = []
    for key in (b"k" * 32, b"l" * 32):
        ctx = context("clerk", ApiKey.PRODUCE, 12, policy=policy)
        message = read_again(produce(("t", batch(b'{"a":"x"}'))), ctx)
        assert finish(Chain({"k": key}, Limits()).request(message, ctx), ctx).edited
        values.append(bytes(message.topic_data[0].partition_data[0].records))

    assert values[0] != values[1]


def test_unknown_tags_of_replies_are_for_ones_own_zone() -> None:
    assert chain().keeps_unknown_tags(context("clerk", ApiKey.FETCH, 12))
    assert not chain().keeps_unknown_tags(context("dashboards", ApiKey.FETCH, 12))


def test_a_refused_request_that_can_be_answered_leaves_the_connection_open() -> None:
    ctx = context("clerk", ApiKey.UPDATE_FEATURES, 1)
    routed = chain().admit(ctx)

    assert routed is not None
    assert routed.reply is not None
    assert routed.close is None


@pytest.mark.parametrize("api", sorted(OPEN))
def test_no_admitted_request_breaks_the_chain(api: ApiKey) -> None:
    """An empty request of every API and version: decided somehow, without an exception."""
    for version in range(REQUESTS[api].MIN_VERSION, REQUESTS[api].MAX_VERSION + 1):
        ctx = context("operator", api, version)
        if chain().admit(ctx) is None:
            message = REQUESTS[api]()
            routed = finish(chain().request(message, ctx), ctx, Upstream())
            assert routed.forward or routed.reply is not None or routed.close is not None


def test_nobody_reads_the_upstreams_host_in_what_is_answered_here() -> None:
    cluster = ClusterView()
    cluster.learn_metadata(metadata(["open.a"]), NOW)
    ctx = context("operator", ApiKey.API_VERSIONS, 3, cluster=cluster)
    routed = request(ApiVersionsRequest(client_software_name="a", client_software_version="1"), ctx)

    assert routed.reply is not None
    assert UPSTREAM_HOST.encode() not in encode_response(1, ApiKey.API_VERSIONS, 3, routed.reply)
