"""Rows 6, 39 to 53 and 55: ways through that are no records, each by a request through the whole chain."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.boundary.admin.kit import POLICY as ADMIN_POLICY
from tests.boundary.batch_kit import LIMITS, OUT, batch, values_of
from tests.boundary.fetch_kit import Client
from tests.boundary.kit import (
    CARD,
    NOW,
    UPSTREAM_HOST,
    Upstream,
    answered,
    chain,
    context,
    metadata,
    reply,
    request,
    topic_id,
)
from tests.boundary.kit import POLICY as KIT_POLICY
from tests.boundary.rights import POLICY as GROUPS_POLICY
from tests.boundary.said.said_kit import says
from tests.boundary.said.test_client_id import called
from tests.boundary.test_produce_records import CLEAN, DIRTY, Producing
from tests.evasion.test_records import DEEP
from zoneproxy.boundary.apis import OPEN
from zoneproxy.boundary.batches import treat_fetch
from zoneproxy.boundary.cluster import ClusterView
from zoneproxy.wire.codec import decode_request, encode_request, encode_response, read_request_header
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages import incremental_alter_configs_request as alter
from zoneproxy.wire.messages.add_offsets_to_txn_request import AddOffsetsToTxnRequest
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.create_topics_request import CreatableTopic, CreateTopicsRequest
from zoneproxy.wire.messages.describe_configs_request import DescribeConfigsRequest, DescribeConfigsResource
from zoneproxy.wire.messages.describe_groups_request import DescribeGroupsRequest
from zoneproxy.wire.messages.join_group_request import JoinGroupRequest, JoinGroupRequestProtocol
from zoneproxy.wire.messages.metadata_request import MetadataRequest, MetadataRequestTopic
from zoneproxy.wire.messages.offset_commit_request import (
    OffsetCommitRequest,
    OffsetCommitRequestPartition,
    OffsetCommitRequestTopic,
)
from zoneproxy.wire.messages.produce_request import PartitionProduceData, ProduceRequest, TopicProduceData
from zoneproxy.wire.messages.registry import APIS

PAN = CARD.decode()
REFUSED = ErrorCode.POLICY_VIOLATION


def refused(message: Any, api: ApiKey, version: int, *topics: str) -> Any:
    """The answer to a request that never reaches the broker."""
    ctx = says("teller", api, version)
    response = answered(request(message, ctx, Upstream(*topics)), ctx)
    assert PAN not in repr(ctx.facts)
    return response


def test_row_39_bytes_behind_a_request_do_not_go_on():
    ctx = context("clerk", ApiKey.METADATA, 12)
    frame = encode_request(ctx.header, MetadataRequest(topics=[MetadataRequestTopic(name="open.a")]))
    longer = (len(frame) - 4 + len(CARD)).to_bytes(4, "big") + bytes(frame[4:]) + CARD
    read = decode_request(longer, read_request_header(longer))
    assert not read.exact
    assert CARD not in encode_request(ctx.header, read.message)


def test_row_40_a_topic_that_is_called_what_may_not_be_said():
    name = "-".join((PAN[:4], PAN[4:8], PAN[8:12], PAN[12:]))
    made = refused(CreateTopicsRequest(topics=[CreatableTopic(name=name)]), ApiKey.CREATE_TOPICS, 5)
    assert [topic.error_code for topic in made.topics] == [REFUSED]


def test_row_40_topics_do_not_come_into_being_by_being_asked_for():
    ctx = context("clerk", ApiKey.METADATA, 12)
    message = MetadataRequest(topics=[MetadataRequestTopic(name="open.b")], allow_auto_topic_creation=True)
    routed = request(message, ctx, Upstream("open.a"))
    assert routed.forward
    assert routed.edited


def test_row_41_a_topic_that_was_made_again_has_another_id():
    cluster = ClusterView()
    cluster.learn_metadata(metadata(["open.a"]), NOW)
    old = topic_id("open.a")
    assert cluster.name_of(old, NOW) == "open.a"
    again = metadata(["open.a"])
    again.topics[0].topic_id = b"n" * 16
    cluster.learn_metadata(again, NOW)
    assert cluster.name_of(b"n" * 16, NOW) == "open.a"
    cluster.forget_id(old)
    assert cluster.name_of(old, NOW) is None


def test_row_42_a_topic_by_an_id_that_nobody_knows():
    ctx = context("clerk", ApiKey.PRODUCE, 13)
    data = PartitionProduceData(index=0, records=batch([DIRTY]))
    message = ProduceRequest(acks=-1, topic_data=[TopicProduceData(topic_id=b"?" * 16, partition_data=[data])])
    response = answered(request(message, ctx, Upstream()), ctx)
    assert response.responses[0].partition_responses[0].error_code == ErrorCode.UNKNOWN_TOPIC_ID


def test_row_43_a_right_that_is_gone_ends_what_a_session_brings():
    client = Client("a", "b", "c")
    response = client.fetch(may=("a",))
    denied = {topic.topic for topic in response.responses for p in topic.partitions if p.error_code}
    assert denied == {"b", "c"}
    assert not any(p.records for topic in response.responses for p in topic.partitions if topic.topic in denied)


def test_row_44_apis_that_nobody_decides_on_are_not_there():
    for key in ApiKey:
        if key not in OPEN:
            routed = chain().admit(context("operator", key, APIS[key].max_version))
            assert routed is not None
            assert not routed.forward


def test_row_45_groups_that_one_may_not_describe():
    ctx = context("nobody", ApiKey.DESCRIBE_GROUPS, 6, policy=GROUPS_POLICY)
    (group,) = answered(request(DescribeGroupsRequest(groups=["team.a"]), ctx), ctx).groups
    assert (group.error_code, group.members) == (ErrorCode.GROUP_AUTHORIZATION_FAILED, [])


def test_row_46_text_beside_an_offset():
    partition = OffsetCommitRequestPartition(partition_index=0, committed_metadata=f"at {PAN}")
    topic = OffsetCommitRequestTopic(name="open.a", partitions=[partition])
    done = refused(OffsetCommitRequest(group_id="g", topics=[topic]), ApiKey.OFFSET_COMMIT, 8)
    assert done.topics[0].partitions[0].error_code == REFUSED


@pytest.mark.parametrize(
    ("api", "version", "message"),
    [
        (ApiKey.JOIN_GROUP, 9, JoinGroupRequest(group_id=PAN)),
        (ApiKey.JOIN_GROUP, 9, JoinGroupRequest(group_id="g", group_instance_id=PAN)),
        (ApiKey.ADD_OFFSETS_TO_TXN, 4, AddOffsetsToTxnRequest(transactional_id=PAN, group_id="g")),
    ],
)
def test_row_47_ids_that_say_what_may_not_be_said(api, version, message):
    assert refused(message, api, version).error_code == REFUSED


def test_row_47_the_name_of_a_client():
    routed = chain().admit(called(f"app-{PAN}"))
    assert routed is not None
    assert routed.close == "client_id"


def test_row_48_what_members_hand_to_one_another():
    protocol = JoinGroupRequestProtocol(name="range", metadata=b"\x00\x07" + CARD)
    message = JoinGroupRequest(group_id="g", protocol_type="consumer", protocols=[protocol])
    assert refused(message, ApiKey.JOIN_GROUP, 5).error_code == REFUSED


def test_row_49_settings_of_topics():
    config = alter.AlterableConfig(name="retention.ms", value=PAN)
    resource = alter.AlterConfigsResource(resource_type=2, resource_name="open.a", configs=[config])
    message = alter.IncrementalAlterConfigsRequest(resources=[resource])
    done = refused(message, ApiKey.INCREMENTAL_ALTER_CONFIGS, 1)
    assert [each.error_code for each in done.responses] == [REFUSED]


def test_row_50_settings_of_brokers_take_a_right_of_their_own():
    ctx = context("topics", ApiKey.DESCRIBE_CONFIGS, 4, policy=ADMIN_POLICY)
    asked = DescribeConfigsRequest(resources=[DescribeConfigsResource(resource_type=4, resource_name="1")])
    (result,) = answered(request(asked, ctx), ctx).results
    assert (result.error_code, result.configs) == (ErrorCode.CLUSTER_AUTHORIZATION_FAILED, [])


@pytest.mark.parametrize("version", [1, 12])
def test_row_51_addresses_of_brokers_are_not_told(version):
    ctx = context("clerk", ApiKey.METADATA, version)
    asked = MetadataRequest(topics=[MetadataRequestTopic(name="open.a")])
    routed = request(asked, ctx, Upstream("open.a"))
    response = reply(routed, metadata(["open.a"]), ctx)
    assert response.brokers[0].host == "proxy.example"
    assert UPSTREAM_HOST.encode() not in encode_response(7, ApiKey.METADATA, version, response)


def test_row_52_what_was_stored_before_the_rule_is_redacted_on_its_way_out():
    result = treat_fetch(batch([DIRTY, CLEAN]), DEEP, LIMITS, OUT)
    assert CARD not in (values_of(result.data or b"")[0] or b"")


def test_row_53_old_ways_to_fetch_are_refused():
    assert APIS[ApiKey.FETCH].min_version == 4
    ctx = context("clerk", ApiKey.FETCH, 4)
    ctx.header = replace(ctx.header, api_version=3)
    routed = chain().admit(ctx)
    assert routed is not None
    assert not routed.forward


def test_row_55_each_request_is_decided_under_one_policy_to_its_end():
    without = KIT_POLICY[: KIT_POLICY.index("  - name: careful")]
    before = Producing(("open.careful", 0, batch([DIRTY])))
    after = Producing(("open.careful", 0, batch([DIRTY])), policy=without)
    assert before.ctx.snapshot.digest != after.ctx.snapshot.digest
    assert after.codes == [ErrorCode.NONE]
    assert before.codes == [ErrorCode.POLICY_VIOLATION]
