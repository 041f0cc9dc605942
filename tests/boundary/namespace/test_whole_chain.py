"""The chain as a zone with a namespace has it: decisions see virtual names, the broker physical ones."""

from __future__ import annotations

from typing import Any

import pytest

from tests.boundary.kit import CARD, NOW, answered, batch, chain, finish, metadata, read_again, reply, request, topic_id
from tests.boundary.namespace.tenants import sent, tenant
from zoneproxy.boundary.apis import OPEN
from zoneproxy.boundary.cluster import ClusterView
from zoneproxy.boundary.interceptor import Context, LookUp
from zoneproxy.wire.codec import encode_request
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.create_partitions_request import CreatePartitionsRequest, CreatePartitionsTopic
from zoneproxy.wire.messages.create_partitions_response import CreatePartitionsResponse, CreatePartitionsTopicResult
from zoneproxy.wire.messages.delete_topics_request import DeleteTopicsRequest, DeleteTopicState
from zoneproxy.wire.messages.fetch_request import FetchPartition, FetchRequest, FetchTopic
from zoneproxy.wire.messages.fetch_response import FetchableTopicResponse, FetchResponse, PartitionData
from zoneproxy.wire.messages.metadata_request import MetadataRequest, MetadataRequestTopic
from zoneproxy.wire.messages.metadata_response import MetadataResponse, MetadataResponseTopic
from zoneproxy.wire.messages.offset_commit_request import (
    OffsetCommitRequest,
    OffsetCommitRequestPartition,
    OffsetCommitRequestTopic,
)
from zoneproxy.wire.messages.offset_fetch_request import (
    OffsetFetchRequest,
    OffsetFetchRequestGroup,
    OffsetFetchRequestTopics,
)
from zoneproxy.wire.messages.produce_request import PartitionProduceData, ProduceRequest, TopicProduceData
from zoneproxy.wire.messages.produce_response import (
    PartitionProduceResponse,
    ProduceResponse,
    TopicProduceResponse,
)

TOPICS = ("ours.open.a", "ours.hidden", "theirs.open.a")


@pytest.fixture
def cluster() -> ClusterView:
    known = ClusterView()
    known.learn_metadata(metadata(TOPICS), NOW)
    return known


class Shared:
    """Fulfils look-ups as the control connection does, for the upstream that both zones are on."""

    def look_up(self, need: LookUp, cluster: ClusterView) -> None:
        response = metadata([name for name in TOPICS if topic_id(name) in need.ids])
        there = {topic_id(name) for name in TOPICS}
        response.topics += [
            MetadataResponseTopic(error_code=ErrorCode.UNKNOWN_TOPIC_ID, name=None, topic_id=id_)
            for id_ in need.ids - there
        ]
        cluster.learn_metadata(response, NOW)


def producing(name: str, **more: Any) -> ProduceRequest:
    partitions = [PartitionProduceData(records=batch(b"v"))]
    return ProduceRequest(acks=-1, topic_data=[TopicProduceData(name=name, partition_data=partitions, **more)])


def test_rules_are_about_the_names_that_clients_say(cluster: ClusterView) -> None:
    ctx = tenant(ApiKey.PRODUCE, 9, who="clerk", cluster=cluster)
    message = read_again(producing("open.a"), ctx)
    routed = finish(chain().request(message, ctx), ctx)
    assert routed.forward
    assert routed.edited
    assert [topic.name for topic in message.topic_data] == ["ours.open.a"]
    done = TopicProduceResponse(name="ours.open.a", partition_responses=[PartitionProduceResponse(base_offset=5)])
    assert [topic.name for topic in reply(routed, ProduceResponse(responses=[done]), ctx).responses] == ["open.a"]

    refused = answered(request(producing("ours.open.a"), ctx), ctx)
    error = refused.responses[0].partition_responses[0].error_code
    assert (refused.responses[0].name, error) == ("ours.open.a", ErrorCode.TOPIC_AUTHORIZATION_FAILED)


def test_what_is_cut_comes_back_where_it_stood(cluster: ClusterView) -> None:
    ctx = tenant(ApiKey.PRODUCE, 9, who="clerk", cluster=cluster)
    message = producing("open.a")
    message.topic_data = producing("hidden").topic_data + message.topic_data
    routed = request(message, ctx)
    done = TopicProduceResponse(name="ours.open.a", partition_responses=[PartitionProduceResponse(base_offset=5)])
    response = reply(routed, ProduceResponse(responses=[done]), ctx)
    assert [topic.name for topic in response.responses] == ["hidden", "open.a"]


def test_controls_are_about_the_names_that_clients_say() -> None:
    """Of the flow `careful`, which is about ``open.careful`` and blocks card numbers."""
    for version, topic in ((9, "open.careful"), (13, "")):
        cluster = ClusterView()
        cluster.learn_metadata(metadata(["ours.open.careful", "ours.open.a"]), NOW)
        ctx = tenant(ApiKey.PRODUCE, version, who="clerk", cluster=cluster)
        message = producing(topic, topic_id=topic_id("ours.open.careful") if version == 13 else bytes(16))
        message.topic_data[0].partition_data[0].records = batch(CARD)
        response = answered(request(message, ctx), ctx)
        assert response.responses[0].partition_responses[0].error_code == ErrorCode.POLICY_VIOLATION

        ctx = tenant(ApiKey.FETCH, 12 if version == 9 else 18, who="clerk", cluster=cluster)
        place = FetchTopic(topic=topic, topic_id=message.topic_data[0].topic_id, partitions=[FetchPartition()])
        routed = request(FetchRequest(session_epoch=-1, topics=[place]), ctx)
        stored = FetchableTopicResponse(
            topic="ours.open.careful" if version == 9 else "",
            topic_id=place.topic_id,
            partitions=[PartitionData(records=memoryview(batch(CARD)))],
        )
        seen = reply(routed, FetchResponse(responses=[stored]), ctx).responses[0]
        assert seen.topic == topic
        assert CARD not in bytes(seen.partitions[0].records)


def test_ids_of_others_are_ids_of_nobody(cluster: ClusterView) -> None:
    ctx = tenant(ApiKey.PRODUCE, 13, cluster=cluster)
    for name in ("theirs.open.a", "nothing"):
        message = producing("", topic_id=topic_id(name))
        response = answered(request(message, ctx, Shared()), ctx)  # type: ignore[arg-type]  # looks up as one does
        assert response.responses[0].partition_responses[0].error_code == ErrorCode.UNKNOWN_TOPIC_ID
    ours = request(producing("", topic_id=topic_id("ours.open.a")), ctx)
    assert ours.forward
    assert not ours.edited, "by id there is nothing to translate"


def by_id(api: ApiKey, id_: bytes) -> Any:
    """A request that names one topic by its id."""
    if api == ApiKey.PRODUCE:
        return producing("", topic_id=id_)
    if api == ApiKey.FETCH:
        return FetchRequest(
            topics=[FetchTopic(topic_id=id_, partitions=[FetchPartition(partition=0)])], session_epoch=-1
        )
    if api == ApiKey.DELETE_TOPICS:
        return DeleteTopicsRequest(topics=[DeleteTopicState(name=None, topic_id=id_)])
    if api == ApiKey.OFFSET_COMMIT:
        partitions = [OffsetCommitRequestPartition()]
        return OffsetCommitRequest(group_id="g", topics=[OffsetCommitRequestTopic(topic_id=id_, partitions=partitions)])
    topics = [OffsetFetchRequestTopics(topic_id=id_, partition_indexes=[0])]
    return OffsetFetchRequest(groups=[OffsetFetchRequestGroup(group_id="g", topics=topics)])


@pytest.mark.parametrize(
    ("api", "version"),
    [
        (ApiKey.PRODUCE, 13),
        (ApiKey.FETCH, 13),
        (ApiKey.FETCH, 18),
        (ApiKey.DELETE_TOPICS, 6),
        (ApiKey.OFFSET_COMMIT, 10),
        (ApiKey.OFFSET_FETCH, 10),
    ],
)
@pytest.mark.parametrize("known", [True, False])
def test_no_id_of_others_goes_upstream(api: ApiKey, version: int, known: bool, cluster: ClusterView) -> None:
    """Whoever may do everything in its zone can do nothing by the id of another zone's topic."""
    theirs = topic_id("theirs.open.a")
    ctx = tenant(api, version, cluster=cluster if known else ClusterView())
    message = read_again(by_id(api, theirs), ctx)
    routed = finish(chain().request(message, ctx), ctx, Shared())  # type: ignore[arg-type]
    assert not routed.forward or theirs not in encode_request(ctx.header, message)


def test_metadata_by_id_of_others(cluster: ClusterView) -> None:
    ctx = tenant(ApiKey.METADATA, 12, who="operator", cluster=cluster)
    ids = [topic_id(name) for name in ("theirs.open.a", "ours.open.a")]
    routed = request(MetadataRequest(topics=[MetadataRequestTopic(topic_id=id_, name=None) for id_ in ids]), ctx)
    theirs, ours = reply(routed, metadata(["theirs.open.a", "ours.open.a"]), ctx).topics
    assert (theirs.name, theirs.error_code) == (None, ErrorCode.UNKNOWN_TOPIC_ID)
    assert (ours.name, ours.error_code) == ("open.a", 0)


def test_all_topics_of_the_zone(cluster: ClusterView) -> None:
    ctx = tenant(ApiKey.METADATA, 12, cluster=cluster)
    routed = request(MetadataRequest(topics=None), ctx)
    response: MetadataResponse = reply(routed, metadata([*TOPICS, "__consumer_offsets"]), ctx)
    assert [topic.name for topic in response.topics] == ["open.a", "hidden"]


def test_a_brokers_words_do_not_come_through(cluster: ClusterView) -> None:
    ctx = tenant(ApiKey.CREATE_PARTITIONS, 3, cluster=cluster)
    topics = [CreatePartitionsTopic(name="open.a", count=2, assignments=None)]
    routed = request(CreatePartitionsRequest(topics=topics), ctx)
    words = "Topic 'ours.open.a' has 3 partitions."
    result = CreatePartitionsTopicResult(name="ours.open.a", error_code=37, error_message=words)
    (seen,) = reply(routed, CreatePartitionsResponse(results=[result]), ctx).results
    assert (seen.name, seen.error_code) == ("open.a", 37)
    assert "ours." not in seen.error_message


def test_unknown_tags_stay_behind_where_names_could_be_in_them() -> None:
    ctx = tenant(ApiKey.METADATA, 12)
    assert not chain().keeps_unknown_tags(ctx)
    ctx.session.namespace = None
    assert chain().keeps_unknown_tags(ctx)


def test_zones_without_a_namespace_do_not_meet_it() -> None:
    ctx = tenant(ApiKey.FIND_COORDINATOR, 4)
    ctx.session.namespace = None
    whole = chain()
    assert all(type(each).__name__ != "NamespaceInterceptor" for chosen in whole._by_api.values() for each in chosen)
    for api in OPEN - {ApiKey.API_VERSIONS}:
        names = [type(each).__name__ for each in whole._within_namespaces[api]]
        assert "NamespaceInterceptor" in names


def test_the_kit_of_these_tests_translates(cluster: ClusterView) -> None:
    ctx: Context = tenant(ApiKey.CREATE_PARTITIONS, 3, cluster=cluster)
    upstream, _ = sent(CreatePartitionsRequest(topics=[CreatePartitionsTopic(name="t", assignments=None)]), ctx)
    assert upstream.topics[0].name == "ours.t"
