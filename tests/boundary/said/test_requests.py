from __future__ import annotations

from typing import Any

import pytest

from tests.boundary.kit import Upstream, answered, chain, context, finish, request
from tests.boundary.said.said_kit import CARD, EMAIL, refusals, says, with_a_trial
from zoneproxy.boundary.chain import Chain
from zoneproxy.boundary.said import screen
from zoneproxy.boundary.said.requests import HOLDS_DATA
from zoneproxy.boundary.said.screen import LARGE
from zoneproxy.config.model import Limits
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.add_offsets_to_txn_request import AddOffsetsToTxnRequest
from zoneproxy.wire.messages.alter_client_quotas_request import AlterClientQuotasRequest, EntityData, EntryData
from zoneproxy.wire.messages.alter_share_group_offsets_request import AlterShareGroupOffsetsRequest
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.consumer_group_heartbeat_request import ConsumerGroupHeartbeatRequest
from zoneproxy.wire.messages.init_producer_id_request import InitProducerIdRequest
from zoneproxy.wire.messages.join_group_request import JoinGroupRequest, JoinGroupRequestProtocol
from zoneproxy.wire.messages.leave_group_request import LeaveGroupRequest, MemberIdentity
from zoneproxy.wire.messages.share_group_heartbeat_request import ShareGroupHeartbeatRequest
from zoneproxy.wire.messages.streams_group_heartbeat_request import (
    StreamsGroupHeartbeatRequest,
    Subtopology,
    TopicInfo,
    Topology,
)
from zoneproxy.wire.messages.sync_group_request import SyncGroupRequest, SyncGroupRequestAssignment

REFUSED = ErrorCode.POLICY_VIOLATION


def join(metadata: bytes = b"\x00\x01") -> JoinGroupRequest:
    return JoinGroupRequest(
        group_id="g", protocol_type="consumer", protocols=[JoinGroupRequestProtocol(name="range", metadata=metadata)]
    )


def sync(assignment: bytes) -> SyncGroupRequest:
    return SyncGroupRequest(
        group_id="g", assignments=[SyncGroupRequestAssignment(member_id="m", assignment=assignment)]
    )


def leave(reason: str) -> LeaveGroupRequest:
    return LeaveGroupRequest(group_id="g", members=[MemberIdentity(member_id="m", reason=reason)])


SAYING: list[tuple[ApiKey, int, Any]] = [
    (ApiKey.JOIN_GROUP, 5, join(b"\x00\x07" + CARD.encode())),
    (ApiKey.JOIN_GROUP, 5, join(b"\x00\x38" + CARD.encode() + b" " * 40)),
    (ApiKey.JOIN_GROUP, 9, JoinGroupRequest(group_id=CARD)),
    (ApiKey.JOIN_GROUP, 9, JoinGroupRequest(group_id="g", group_instance_id=CARD)),
    (ApiKey.JOIN_GROUP, 9, JoinGroupRequest(group_id="g", reason=f"as {CARD} said")),
    (ApiKey.SYNC_GROUP, 5, sync(b"\x00\x07" + CARD.encode())),
    (ApiKey.LEAVE_GROUP, 5, leave(CARD)),
    (ApiKey.CONSUMER_GROUP_HEARTBEAT, 1, ConsumerGroupHeartbeatRequest(group_id="g", member_id=CARD)),
    (ApiKey.CONSUMER_GROUP_HEARTBEAT, 1, ConsumerGroupHeartbeatRequest(group_id="g", rack_id=CARD)),
    (
        ApiKey.CONSUMER_GROUP_HEARTBEAT,
        1,
        ConsumerGroupHeartbeatRequest(group_id="g", subscribed_topic_names=["a", f"b-{CARD}"]),
    ),
    (ApiKey.SHARE_GROUP_HEARTBEAT, 1, ShareGroupHeartbeatRequest(group_id=CARD)),
    (ApiKey.STREAMS_GROUP_HEARTBEAT, 0, StreamsGroupHeartbeatRequest(group_id="g", process_id=CARD)),
    (ApiKey.INIT_PRODUCER_ID, 5, InitProducerIdRequest(transactional_id=CARD)),
    (ApiKey.ADD_OFFSETS_TO_TXN, 4, AddOffsetsToTxnRequest(transactional_id="t", group_id=CARD)),
    (ApiKey.ALTER_SHARE_GROUP_OFFSETS, 0, AlterShareGroupOffsetsRequest(group_id=CARD)),
]


@pytest.mark.parametrize(("api", "version", "message"), SAYING, ids=lambda value: getattr(value, "name", None))
def test_a_request_that_says_what_may_not_be_said_is_refused(api: ApiKey, version: int, message: Any) -> None:
    ctx = says("teller", api, version)
    response = answered(request(message, ctx, Upstream()), ctx)
    assert response.error_code == REFUSED
    assert getattr(response, "error_message", HOLDS_DATA) == HOLDS_DATA
    ((_, why),) = refusals(ctx)
    assert why == "finding"
    assert request(message, says("loner", api, version, zone="lonely"), Upstream()).forward


def test_who_has_not_joined_has_no_protocol() -> None:
    for version, protocol in ((5, ""), (9, None)):
        ctx = says("teller", ApiKey.JOIN_GROUP, version)
        assert answered(request(JoinGroupRequest(group_id=CARD), ctx), ctx).protocol_name == protocol


def test_quotas_name_clients() -> None:
    entry = EntryData(entity=[EntityData(entity_type="client-id", entity_name=CARD)])
    other = EntryData(entity=[EntityData(entity_type="client-id", entity_name=None)])
    ctx = says("teller", ApiKey.ALTER_CLIENT_QUOTAS, 1)
    response = answered(request(AlterClientQuotasRequest(entries=[entry, other]), ctx), ctx)
    assert [entry.error_code for entry in response.entries] == [REFUSED, REFUSED]
    assert [[part.entity_name for part in entry.entity] for entry in response.entries] == [[CARD], [None]]


@pytest.mark.parametrize("message", [join(), sync(b"\x00")])
def test_clean_requests_go_on_byte_for_byte(message: Any) -> None:
    routed = request(message, says("teller", message.API_KEY, 5))
    assert routed.forward
    assert not routed.edited


def test_a_member_hands_over_so_much_and_no_more() -> None:
    small = Chain({}, Limits(max_member_bytes=1_024))
    for size, goes in ((900, True), (1_100, False)):
        ctx = says("teller", ApiKey.JOIN_GROUP, 5)
        routed = finish(small.request(join(bytes(size)), ctx), ctx)
        assert routed.forward is goes
        assert refusals(ctx) == ([] if goes else [("member_data", "too_large")])
    ctx = says("loner", ApiKey.JOIN_GROUP, 5, zone="lonely")
    assert finish(small.request(join(bytes(5_000)), ctx), ctx).forward


def test_so_many_texts_are_looked_at_one_by_one_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "MAX_TEXTS", 10)
    many = [f"t{n}" for n in range(20)]
    for names, why in ((many, None), ([*many, CARD], "too_many"), (["a", CARD], "finding")):
        ctx = says("teller", ApiKey.CONSUMER_GROUP_HEARTBEAT, 1)
        message = ConsumerGroupHeartbeatRequest(group_id="g", subscribed_topic_names=names)
        routed = finish(chain().request(message, ctx), ctx)
        assert routed.forward is (why is None)
        assert [each for _, each in refusals(ctx)] == ([] if why is None else [why])


def test_nothing_is_too_much_where_rules_are_only_tried_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "MAX_TEXTS", 10)
    small = Chain({}, Limits(max_member_bytes=1_024))
    heartbeat = ConsumerGroupHeartbeatRequest(group_id="g", subscribed_topic_names=[CARD] * 20)
    for api, version, message in (
        (ApiKey.JOIN_GROUP, 5, join(bytes(2_000))),
        (ApiKey.CONSUMER_GROUP_HEARTBEAT, 1, heartbeat),
    ):
        ctx = says("teller", api, version)
        ctx.session.observe = True
        assert finish(small.request(message, ctx), ctx).forward
        assert refusals(ctx) == []


def test_of_too_many_texts_what_is_only_tried_out_refuses_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "MAX_TEXTS", 10)
    ctx = context("analyst", ApiKey.SYNC_GROUP, 5, zone="payments", policy=with_a_trial())
    members = [SyncGroupRequestAssignment(member_id=EMAIL, assignment=b"") for _ in range(20)]
    message = SyncGroupRequest(group_id="g", member_id="m", assignments=members)
    assert finish(chain().request(message, ctx), ctx).forward
    assert refusals(ctx) == []


def test_much_is_looked_through_as_well() -> None:
    ctx = says("teller", ApiKey.SYNC_GROUP, 5)
    message = sync(bytes(LARGE) + CARD.encode())
    assert answered(finish(chain().request(message, ctx), ctx), ctx).error_code == REFUSED


def test_topics_that_come_with_a_topology_are_called_as_the_zone_asks() -> None:
    def heartbeat(name: str) -> StreamsGroupHeartbeatRequest:
        part = Subtopology(subtopology_id="0", source_topics=["open.a"], state_changelog_topics=[TopicInfo(name=name)])
        return StreamsGroupHeartbeatRequest(group_id="g", topology=Topology(subtopologies=[part]))

    ctx = says("teller", ApiKey.STREAMS_GROUP_HEARTBEAT, 0)
    assert request(heartbeat("app-changelog"), ctx, Upstream()).forward
    response = answered(request(heartbeat("App-changelog"), ctx, Upstream()), ctx)
    assert response.error_code == REFUSED
    assert response.error_message == "Names of topics here have the form [a-z.0-9-]+"
