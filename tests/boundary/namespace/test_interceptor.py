from __future__ import annotations

from typing import Any

import pytest

from tests.boundary.kit import metadata, topic_id
from tests.boundary.namespace.tenants import OURS, received, sent, tenant
from zoneproxy.boundary.apis import OPEN
from zoneproxy.boundary.interceptor import GO_ON, Close, Forward, Outcome, Reply
from zoneproxy.boundary.namespace.interceptor import TRANSLATED, NamespaceInterceptor
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.consumer_group_heartbeat_request import ConsumerGroupHeartbeatRequest
from zoneproxy.wire.messages.fetch_request import FetchRequest, FetchTopic
from zoneproxy.wire.messages.heartbeat_request import HeartbeatRequest
from zoneproxy.wire.messages.init_producer_id_request import InitProducerIdRequest
from zoneproxy.wire.messages.init_producer_id_response import InitProducerIdResponse
from zoneproxy.wire.messages.list_offsets_request import ListOffsetsRequest, ListOffsetsTopic
from zoneproxy.wire.messages.list_offsets_response import ListOffsetsResponse, ListOffsetsTopicResponse
from zoneproxy.wire.messages.metadata_request import MetadataRequest, MetadataRequestTopic
from zoneproxy.wire.messages.offset_commit_request import OffsetCommitRequest, OffsetCommitRequestTopic
from zoneproxy.wire.messages.offset_commit_response import OffsetCommitResponse, OffsetCommitResponseTopic
from zoneproxy.wire.messages.produce_request import PartitionProduceData, ProduceRequest, TopicProduceData
from zoneproxy.wire.messages.produce_response import ProduceResponse, TopicProduceResponse
from zoneproxy.wire.messages.sync_group_request import SyncGroupRequest
from zoneproxy.wire.messages.sync_group_response import SyncGroupResponse


def outcome(message: Any, api: ApiKey, version: int) -> Outcome:
    return NamespaceInterceptor().request(message, tenant(api, version))


def test_every_api_that_clients_may_use_was_looked_through_for_names() -> None:
    """One that becomes open must be put into one of the lists, by somebody who has looked."""
    answered_above = {ApiKey.API_VERSIONS, ApiKey.DESCRIBE_ACLS, ApiKey.CREATE_ACLS, ApiKey.DELETE_ACLS}
    assert OPEN - answered_above <= TRANSLATED


def test_any_other_api_is_closed() -> None:
    assert NamespaceInterceptor().apis == frozenset(ApiKey)
    for api in frozenset(ApiKey) - TRANSLATED:
        assert outcome(object(), api, 0) == Close("no_namespaces")


def test_without_a_namespace_nothing_goes_on() -> None:
    ctx = tenant(ApiKey.HEARTBEAT, 4)
    ctx.session.namespace = None
    assert NamespaceInterceptor().request(HeartbeatRequest(group_id="g"), ctx) == Close("no_namespaces")


def test_names_there_and_back() -> None:
    ctx = tenant(ApiKey.LIST_OFFSETS, 9)
    message = ListOffsetsRequest(topics=[ListOffsetsTopic(name="a")])
    upstream, left = sent(message, ctx)
    assert [topic.name for topic in upstream.topics] == ["ours.a"]
    assert left.edited
    response = received(left, ListOffsetsResponse(topics=[ListOffsetsTopicResponse(name="ours.a")]), ctx)
    assert [topic.name for topic in response.topics] == ["a"]
    assert [topic.name for topic in message.topics] == ["a"], "whoever is above sees the request as it was"


def test_the_ways_of_records_by_id_are_left_alone() -> None:
    topic = TopicProduceData(name="a", topic_id=topic_id("ours.a"), partition_data=[PartitionProduceData(records=b"")])
    assert outcome(ProduceRequest(acks=-1, topic_data=[topic]), ApiKey.PRODUCE, 13) is GO_ON
    assert topic.name == "a"
    assert outcome(FetchRequest(topics=[FetchTopic(topic_id=topic_id("ours.a"))]), ApiKey.FETCH, 18) is GO_ON


def test_a_transactional_produce_by_id_only_changes_the_request() -> None:
    message = ProduceRequest(transactional_id="t")
    assert outcome(message, ApiKey.PRODUCE, 13) == Forward(edited=True)
    assert message.transactional_id == "ours.t"


def test_the_ways_of_records_by_name() -> None:
    ctx = tenant(ApiKey.PRODUCE, 9)
    upstream, left = sent(ProduceRequest(acks=1, topic_data=[TopicProduceData(name="a")]), ctx)
    assert [topic.name for topic in upstream.topic_data] == ["ours.a"]
    response = received(left, ProduceResponse(responses=[TopicProduceResponse(name="ours.a")]), ctx)
    assert [topic.name for topic in response.responses] == ["a"]


def test_a_reply_may_have_no_names() -> None:
    ctx = tenant(ApiKey.INIT_PRODUCER_ID, 4)
    upstream, left = sent(InitProducerIdRequest(transactional_id="t"), ctx)
    assert upstream.transactional_id == "ours.t"
    assert left == Forward(edited=True)
    assert received(left, InitProducerIdResponse(producer_id=5), ctx).producer_id == 5
    assert outcome(InitProducerIdRequest(transactional_id=None), ApiKey.INIT_PRODUCER_ID, 4) is GO_ON


def test_a_reply_about_others_does_not_come_through() -> None:
    ctx = tenant(ApiKey.OFFSET_COMMIT, 8)
    message = OffsetCommitRequest(group_id="g", topics=[OffsetCommitRequestTopic(name="a")])
    _, left = sent(message, ctx)
    reply = OffsetCommitResponse(topics=[OffsetCommitResponseTopic(name=name) for name in ("theirs.a", "a")])
    assert received(left, reply, ctx).topics == []


def test_a_name_that_the_protocol_cannot_carry_closes() -> None:
    message = OffsetCommitRequest(group_id="g" * 32_767)
    assert outcome(message, ApiKey.OFFSET_COMMIT, 8) == Close("name_too_long")


def test_what_is_done_by_hand_comes_before_and_after_the_rest() -> None:
    ctx = tenant(ApiKey.METADATA, 12)
    asked = MetadataRequest(topics=[MetadataRequestTopic(topic_id=topic_id("theirs.a"), name=None)])
    _, left = sent(asked, ctx)
    (topic,) = received(left, metadata(["theirs.a"]), ctx).topics
    assert (topic.name, topic.error_code) == (None, ErrorCode.UNKNOWN_TOPIC_ID)

    ctx = tenant(ApiKey.SYNC_GROUP, 5)
    _, left = sent(SyncGroupRequest(group_id="g"), ctx)
    assert received(left, SyncGroupResponse(assignment=b"?"), ctx).assignment == b"?"


def test_what_is_answered_here_leaves_the_request_as_it_was() -> None:
    message = ConsumerGroupHeartbeatRequest(group_id="g", subscribed_topic_regex="(")
    assert isinstance(outcome(message, ApiKey.CONSUMER_GROUP_HEARTBEAT, 1), Reply)
    assert message.group_id == "g"


def test_a_request_that_is_not_ones_own_any_more_is_a_fault() -> None:
    ctx = tenant(ApiKey.LIST_OFFSETS, 9)
    message = OffsetCommitRequest(group_id="g")
    ctx.header.api_key, ctx.header.api_version = ApiKey.OFFSET_COMMIT, 8
    _, left = sent(message, ctx)
    message.group_id = "theirs.g"
    assert left.then is not None
    with pytest.raises(ProtocolError, match="foreign_name"):
        left.then(OffsetCommitResponse(), ctx)


def test_the_namespace_is_the_sessions() -> None:
    assert tenant(ApiKey.HEARTBEAT, 4).session.namespace == OURS
