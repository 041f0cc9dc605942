"""Batches with records of schemas that nobody has told yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.boundary.batch_kit import batch, values_of
from tests.boundary.kit import context, finish, read_again
from zoneproxy.boundary.awaited import AWAITED, FETCH_LATER, PRODUCE_LATER, is_awaited, look_through, told_of
from zoneproxy.boundary.batch_result import BatchResult
from zoneproxy.boundary.chain import Chain, Routed
from zoneproxy.boundary.facts import Blocked, Found, Noticed, SchemaWanted
from zoneproxy.boundary.interceptor import Context, Schemas, Work
from zoneproxy.boundary.patience import Patience
from zoneproxy.boundary.work_size import INLINE
from zoneproxy.config.model import Limits
from zoneproxy.formats.avro.schema import avro_schema
from zoneproxy.formats.book import UNKNOWN_SCHEMA, SchemaBook
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.fetch_response import FetchableTopicResponse, FetchResponse, PartitionData
from zoneproxy.wire.messages.produce_request import PartitionProduceData, ProduceRequest, TopicProduceData
from zoneproxy.wire.messages.share_fetch_response import (
    AcquiredRecords,
    ShareFetchableTopicResponse,
    ShareFetchResponse,
)
from zoneproxy.wire.messages.share_fetch_response import PartitionData as SharedPartition

SCHEMA = avro_schema('"string"')
POLICY = """
zones:
  payments: {level: restricted, owner: a@example.com, upstream: kafka-1}
principals:
  - {name: clerk, zone: payments, match: {subject: {CN: clerk}}, roles: [unrestricted]}
roles: {none: []}
flows:
  - name: own
    from: payments
    to: payments
    topics: "*"
    controls:
      - format: {value: avro, schemas: main}
      - redact: {types: [EMAIL], with: replace, value: x}
"""
VALUE = b"\x00\x00\x00\x00\x07\x1aj@example.com"
HIDDEN = b"\x00\x00\x00\x00\x07\x02x"
ABSENT = b"\x00\x00\x00\x00\x08\x1aj@example.com"


class Rig:
    """A chain with one registry, which knows ``schemas`` when it is asked. ``asked`` are the needs, in order."""

    def __init__(self, schemas: dict[int, Any]) -> None:
        self.book = SchemaBook("main", {}, asks=True)
        self.chain = Chain({}, Limits(max_cached_bytes=0), {"main": self.book})
        self.schemas = schemas
        self.asked: list[set[tuple[str, Any]]] = []

    def look_up(self, need: Schemas) -> None:
        self.asked.append(set(need.wanted))
        for _, id_ in need.wanted:
            if id_ in self.schemas:
                self.book.learn(id_, self.schemas[id_])


def produce(rig: Rig, *values: bytes) -> tuple[Routed, ProduceRequest, Context]:
    ctx = context("clerk", ApiKey.PRODUCE, 12, policy=POLICY)
    data = PartitionProduceData(index=0, records=batch(values, base_offset=0, partition_leader_epoch=-1))
    message = read_again(ProduceRequest(acks=-1, topic_data=[TopicProduceData(name="t", partition_data=[data])]), ctx)
    return finish(rig.chain.request(message, ctx), ctx, registries=rig.look_up), message, ctx


def answer(routed: Routed) -> Any:
    assert routed.reply is not None
    return routed.reply.responses[0].partition_responses[0]  # type: ignore[attr-defined]


def test_what_is_learned_is_used_at_once() -> None:
    rig = Rig({7: SCHEMA})
    routed, message, ctx = produce(rig, VALUE, VALUE)
    assert routed.forward
    assert values_of(message.topic_data[0].partition_data[0].records or b"") == [HIDDEN, HIDDEN]
    assert rig.asked == [{("main", 7)}]
    assert not [fact for fact in ctx.facts if isinstance(fact, Blocked | SchemaWanted)]
    produce(rig, VALUE)
    assert len(rig.asked) == 1


def test_without_an_answer_the_producer_is_to_come_again() -> None:
    rig = Rig({})
    routed, _, ctx = produce(rig, VALUE)
    assert answer(routed).error_code == ErrorCode.NOT_ENOUGH_REPLICAS
    assert ctx.facts == [Noticed(AWAITED)]
    assert ctx.session.holes.count == 1  # later batches have to wait for this one
    rig.schemas = {7: SCHEMA}
    assert produce(rig, VALUE)[0].forward


def test_a_schema_that_there_is_not_is_a_refusal_for_good() -> None:
    rig = Rig({7: SCHEMA, 8: None})
    routed, _, ctx = produce(rig, VALUE, ABSENT)
    assert answer(routed).error_code == ErrorCode.POLICY_VIOLATION
    (blocked,) = [fact for fact in ctx.facts if isinstance(fact, Blocked)]
    assert (blocked.rule, blocked.reason, blocked.records) == ("own", UNKNOWN_SCHEMA, 1)


def test_so_is_anything_else_that_is_wrong_with_the_batch() -> None:
    routed, _, _ = produce(Rig({}), VALUE, b"no frame")
    assert answer(routed).error_code == ErrorCode.POLICY_VIOLATION


def fetch(rig: Rig, *batches: bytes) -> tuple[PartitionData, Context]:
    ctx = context("clerk", ApiKey.FETCH, 12, policy=POLICY)
    ctx.names = {"t": "t"}
    data = PartitionData(partition_index=0, records=b"".join(batches))
    response = FetchResponse(responses=[FetchableTopicResponse(topic="t", partitions=[data])])
    finish(rig.chain.reply(response, thens(rig, ctx, ApiKey.FETCH), ctx), ctx, registries=rig.look_up)
    return data, ctx


def thens(rig: Rig, ctx: Context, api: ApiKey) -> Sequence[Any]:
    """What the records interceptor leaves behind."""
    (interceptor,) = [each for each in rig.chain._by_api[api] if type(each).__name__.endswith("RecordsInterceptor")]
    return (interceptor.request(None, ctx).then,)


def test_fetched_records_are_read_with_what_is_learned() -> None:
    rig = Rig({7: SCHEMA})
    data, _ = fetch(rig, batch([VALUE]))
    assert (values_of(data.records or b""), data.error_code) == ([HIDDEN], 0)


def test_without_an_answer_the_consumer_is_to_come_again() -> None:
    data, ctx = fetch(Rig({}), batch([VALUE]), batch([VALUE]))
    assert (data.records, data.error_code) == (b"", ErrorCode.NOT_LEADER_OR_FOLLOWER)
    assert ctx.facts == [Noticed(AWAITED)]


def test_what_is_of_no_schema_is_left_out() -> None:
    data, _ = fetch(Rig({7: SCHEMA, 8: None}), batch([VALUE, ABSENT]))
    assert (values_of(data.records or b""), data.error_code) == ([HIDDEN], 0)


def test_a_share_group_is_told_of_no_records_then() -> None:
    rig = Rig({})
    ctx = context("clerk", ApiKey.SHARE_FETCH, 1, policy=POLICY)
    ctx.names = {b"t" * 16: "t"}
    acquired = AcquiredRecords(first_offset=7000, last_offset=7000, delivery_count=1)
    data = SharedPartition(partition_index=0, records=batch([VALUE]), acquired_records=[acquired])
    response = ShareFetchResponse(responses=[ShareFetchableTopicResponse(topic_id=b"t" * 16, partitions=[data])])
    finish(rig.chain.reply(response, thens(rig, ctx, ApiKey.SHARE_FETCH), ctx), ctx, registries=rig.look_up)
    assert (data.records, data.error_code, data.acquired_records) == (b"", FETCH_LATER, [])


# --- by itself

WANTED = SchemaWanted("main", 7, "t", 0)
BLOCKED = Blocked("r", "produce", UNKNOWN_SCHEMA, "t", 0, 1)


class Scan:
    size = 5

    def __init__(self, *results: BatchResult, takes_long: bool = False) -> None:
        self.results = list(results)
        self.result: BatchResult | None = None
        self.patience: Patience | None = None
        self.takes_long = takes_long

    def __call__(self) -> None:
        if not (self.patience and self.takes_long):
            self.result = self.results.pop(0)


def test_only_what_lacks_something_is_done_again() -> None:
    good, lacking = Scan(BatchResult()), Scan(BatchResult(facts=[WANTED]), BatchResult())
    needs = []
    for (need,) in look_through([good, lacking]):
        needs.append(need)
        for job in need.jobs if isinstance(need, Work) else ():
            job()
    assert [type(need) for need in needs] == [Work, Schemas, Work]
    assert [need.size for need in needs if isinstance(need, Work)] == [10, 5]
    assert not good.results
    assert not lacking.results


def test_what_takes_long_is_done_where_nobody_waits() -> None:
    short, long = Scan(BatchResult()), Scan(BatchResult(), takes_long=True)
    sizes, patience = [], []
    for (need,) in look_through([short, long]):
        assert isinstance(need, Work)
        sizes.append((len(need.jobs), need.size))
        for job in need.jobs:
            job()
        patience.append(long.patience)
        assert short.patience is patience[0]
    assert sizes == [(2, 10), (1, INLINE)]
    assert patience[0]
    assert patience[1] is None
    assert not long.results


def test_nobody_is_asked_where_nothing_is_lacking() -> None:
    scan = Scan(BatchResult())
    for (need,) in look_through([scan]):
        assert isinstance(need, Work)
        need.jobs[0]()


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([WANTED, BLOCKED], True),
        ([BLOCKED], False),
        ([WANTED, BLOCKED, Blocked("r", "produce", "finding", "t", 0, 1)], False),
        (
            [
                SchemaWanted("main", 7, "t", 0, "observed"),
                Blocked("r", "produce", UNKNOWN_SCHEMA, "t", 0, 1, "observed"),
            ],
            False,
        ),
        ([WANTED, BLOCKED, Blocked("r", "produce", "finding", "t", 0, 1, "observed")], True),
    ],
)
def test_what_is_awaited(facts: list[Any], expected: bool) -> None:
    assert is_awaited(BatchResult(facts=facts)) is expected


def test_of_what_is_awaited_only_trials_are_told() -> None:
    tried = Found("r", "EMAIL", "value", "block", 1.0, "t", 0, 1, "observed")
    assert told_of(BatchResult(facts=[WANTED, BLOCKED, tried])) == [Noticed(AWAITED), tried]


def test_the_client_is_told_why() -> None:
    assert "schema" in (PRODUCE_LATER.message or "")
