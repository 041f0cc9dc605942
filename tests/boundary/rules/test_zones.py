"""Record rules where requests and replies pass: who sees what, and what is known of where records have been."""

from __future__ import annotations

from tests.boundary.kit import answered, batch, context, finish, metadata, read_again
from zoneproxy.boundary.chain import Chain
from zoneproxy.boundary.cluster import ClusterView
from zoneproxy.boundary.facts import Filtered
from zoneproxy.boundary.interceptor import Context
from zoneproxy.config.model import Limits
from zoneproxy.wire.batch import HEADER_SIZE, Whole, build_batch, open_batch, walk
from zoneproxy.wire.compression import DecompressionLimits
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.fetch_request import FetchPartition, FetchRequest, FetchTopic
from zoneproxy.wire.messages.fetch_response import FetchableTopicResponse, FetchResponse, PartitionData
from zoneproxy.wire.messages.produce_request import PartitionProduceData, ProduceRequest, TopicProduceData
from zoneproxy.wire.record import Record, read_records

POLICY = """
zones:
  a: {level: restricted, owner: a@example.com, upstream: k1, lineage_keys: [a-key]}
  b: {level: internal, owner: b@example.com, upstream: k2, lineage_keys: [b-key]}
  c: {level: public, owner: c@example.com, upstream: k3}
principals:
  - {name: alice, zone: b, match: {subject: {CN: alice}}, roles: [all], groups: [ops]}
  - {name: bob, zone: b, match: {subject: {CN: bob}}, roles: [all]}
  - {name: ann, zone: a, match: {subject: {CN: ann}}, roles: [unrestricted]}
groups:
  ops: {roles: []}
roles:
  all: [{allow: [read, write], topic: "*"}]
flows:
  - {name: a to b, from: a, to: b, topics: [lined], controls: [{lineage: {}}]}
  - {name: b to c, from: b, to: c, topics: [lined], controls: [{lineage: {require: true}}]}
  - {name: own rows, from: a, to: b, topics: [rows],
     controls: [{filter: {when: "$.for == principal.name or $.for in principal.groups"}}]}
  - {name: plain, from: b, to: c, topics: [plain]}
  - {name: within, from: a, to: a, topics: [within], controls: [{size: {value: 100}}]}
"""
CHAIN = Chain({"a-key": b"a" * 32, "b-key": b"b" * 32}, Limits())


def fetched(who: str, zone: str, topic: str, records: bytes) -> tuple[bytes, Context]:
    """What somebody is given of ``records``, and how that came about."""
    cluster = ClusterView()
    cluster.learn_metadata(metadata([topic]), 0)
    ctx = context(who, ApiKey.FETCH, 12, zone=zone, cluster=cluster, policy=POLICY)
    topics = [FetchTopic(topic=topic, partitions=[FetchPartition(partition=0)])]
    routed = finish(CHAIN.request(read_again(FetchRequest(topics=topics), ctx), ctx), ctx)
    assert routed.forward
    data = PartitionData(partition_index=0, records=records)
    response = FetchResponse(responses=[FetchableTopicResponse(topic=topic, partitions=[data])])
    finish(CHAIN.reply(response, routed.thens, ctx), ctx)
    assert data.records is not None
    return bytes(data.records), ctx


def produced(who: str, zone: str, topic: str, records: bytes) -> bytes | str:
    """What goes on of ``records``, or why nothing does."""
    ctx = context(who, ApiKey.PRODUCE, 12, zone=zone, policy=POLICY)
    data = PartitionProduceData(index=0, records=records)
    message = ProduceRequest(acks=-1, topic_data=[TopicProduceData(name=topic, partition_data=[data])])
    message = read_again(message, ctx)
    routed = finish(CHAIN.request(message, ctx), ctx)
    if not routed.forward:
        (refused,) = answered(routed, ctx).responses[0].partition_responses  # type: ignore[attr-defined]
        return str(refused.error_message)
    (data,) = message.topic_data[0].partition_data
    return bytes(data.records or b"")


def records_in(data: bytes) -> list[Record]:
    (entry,) = walk(data)
    assert isinstance(entry, Whole)
    payload = open_batch(entry.view, entry.header, DecompressionLimits())
    return read_records(payload, entry.header.records_count)


def with_checksum(data: bytes) -> bytes:
    """An uncompressed batch whose records were changed by hand, as a producer would send it."""
    (entry,) = walk(data)
    assert isinstance(entry, Whole)
    return build_batch(entry.header, data[HEADER_SIZE:], entry.header.records_count)


def test_everybody_sees_their_own_rows() -> None:
    rows = [b'{"for":"alice"}', b'{"for":"bob"}', b'{"for":"ops"}', b'{"for":"dev"}']
    seen, ctx = fetched("alice", "a", "rows", batch(*rows))
    assert [record.value for record in records_in(seen)] == [rows[0], rows[2]]
    assert Filtered("own rows", "rows", 0, 2) in ctx.facts
    seen, _ = fetched("bob", "a", "rows", batch(*rows))
    assert [record.value for record in records_in(seen)] == [rows[1]]


def test_where_a_record_has_been_is_known_in_the_third_zone() -> None:
    first, _ = fetched("alice", "a", "lined", batch(b"value"))
    second = produced("alice", "c", "lined", first)
    assert isinstance(second, bytes)
    (record,) = records_in(second)
    assert (record.headers[0][1] or b"").count(b'"from"') == 2
    assert (record.headers[1][1] or b"").startswith(b"b-key:")


def test_without_it_nothing_comes_in_where_it_is_required() -> None:
    assert "lineage_missing" in str(produced("alice", "c", "lined", batch(b"value")))


def test_flows_without_lineage_carry_it_on_and_take_no_other() -> None:
    first, _ = fetched("alice", "a", "lined", batch(b"value"))
    assert produced("alice", "c", "plain", first) == first
    forged = first.replace(b"value", b"eulav")
    assert "lineage_forged" in str(produced("alice", "c", "plain", with_checksum(forged)))


def test_within_a_zone_it_is_looked_at_where_there_is_any_rule() -> None:
    first, _ = fetched("alice", "a", "lined", batch(b"value"))
    assert "lineage_broken" in str(produced("ann", "a", "within", first))
    assert produced("ann", "a", "anything", first) == first
