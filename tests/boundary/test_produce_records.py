from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.boundary.kit import CARD, POLICY, answered, batch, chain, context, finish, read_again, reply
from zoneproxy.boundary import produce_records
from zoneproxy.boundary.awaited import AWAITED, PRODUCE_LATER
from zoneproxy.boundary.batch_result import BatchResult
from zoneproxy.boundary.chain import Routed
from zoneproxy.boundary.facts import Blocked, Found, Noticed, Scanned, SchemaWanted, Transformed
from zoneproxy.boundary.grown import Grown
from zoneproxy.boundary.holes import ProducerHoles
from zoneproxy.boundary.interceptor import Context, Work
from zoneproxy.boundary.may import MOST_TOLD
from zoneproxy.boundary.work_size import INLINE
from zoneproxy.formats.book import UNKNOWN_SCHEMA
from zoneproxy.wire.batch import Whole, open_batch, walk
from zoneproxy.wire.compression import DecompressionLimits
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.produce_request import PartitionProduceData, ProduceRequest, TopicProduceData
from zoneproxy.wire.messages.produce_response import (
    PartitionProduceResponse,
    ProduceResponse,
    TopicProduceResponse,
)
from zoneproxy.wire.record import read_records

CLEAN = b'{"amount":5}'
DIRTY = b'{"card":"' + CARD + b'"}'
EMAIL = b'{"email":"jane@example.com"}'
TRANSACTIONAL, CONTROL, DELETE_HORIZON, UNDEFINED = 0x10, 0x20, 0x40, 0x80


class Producing:
    """One Produce of the clerk: (topic, partition, records) each."""

    def __init__(
        self,
        *places: tuple[str, int, bytes | None],
        version: int = 12,
        zone: str = "payments",
        acks: int = -1,
        holes: ProducerHoles | None = None,
        policy: str = POLICY,
        observe: bool = False,
    ) -> None:
        message = ProduceRequest(acks=acks)
        for topic, index, records in places:
            data = PartitionProduceData(index=index, records=records)
            message.topic_data.append(TopicProduceData(name=topic, partition_data=[data]))
        self.ctx: Context = context("clerk", ApiKey.PRODUCE, version, zone=zone, holes=holes, policy=policy)
        self.ctx.session.observe = observe
        self.message: ProduceRequest = read_again(message, self.ctx)
        self.routed: Routed = finish(chain().request(self.message, self.ctx), self.ctx)

    @property
    def forwarded(self) -> list[tuple[str, int]]:
        return [(t.name, p.index) for t in self.message.topic_data for p in t.partition_data]

    @property
    def response(self) -> ProduceResponse:
        if not self.routed.forward:
            response = answered(self.routed, self.ctx)
        else:
            topics = [
                TopicProduceResponse(
                    name=t.name, partition_responses=[PartitionProduceResponse(index=p.index) for p in t.partition_data]
                )
                for t in self.message.topic_data
            ]
            response = reply(self.routed, ProduceResponse(responses=topics), self.ctx)
        assert isinstance(response, ProduceResponse)
        return response

    @property
    def codes(self) -> list[int]:
        return [p.error_code for t in self.response.responses for p in t.partition_responses]

    def values(self) -> list[bytes | None]:
        """The records that go on."""
        values = []
        for topic in self.message.topic_data:
            for data in topic.partition_data:
                (entry,) = walk(data.records or b"")
                assert isinstance(entry, Whole)
                payload = open_batch(entry.view, entry.header, DecompressionLimits())
                values += [record.value for record in read_records(payload, entry.header.records_count)]
        return values


# --- controls ---


def test_without_a_control_nothing_is_opened() -> None:
    broken = batch(CLEAN)[:-1] + b"!"  # its checksum is the broker's to find wrong
    producing = Producing(("open.a", 0, broken))

    assert producing.routed.forward
    assert not producing.routed.edited
    assert producing.ctx.facts == []


def test_a_clean_batch_goes_on_as_it_came() -> None:
    producing = Producing(("open.completed", 0, batch(CLEAN)), zone="analytics")

    assert producing.routed.forward
    assert not producing.routed.edited
    assert [type(fact) for fact in producing.ctx.facts] == [Scanned]


def test_values_are_rewritten_in_place() -> None:
    producing = Producing(("open.careful", 0, batch(EMAIL, CLEAN)))

    assert producing.routed.edited
    assert producing.values()[0] != EMAIL
    assert b"jane" not in (producing.values()[0] or b"")
    assert producing.values()[1] == CLEAN
    assert producing.codes == [0]
    assert any(isinstance(fact, Transformed) for fact in producing.ctx.facts)


def test_one_dirty_record_holds_back_its_partition_and_no_other() -> None:
    producing = Producing(
        ("open.careful", 0, batch(CLEAN)), ("open.careful", 1, batch(CLEAN, DIRTY, DIRTY)), ("open.a", 0, batch(DIRTY))
    )

    assert producing.forwarded == [("open.careful", 0), ("open.a", 0)]
    assert producing.codes == [0, ErrorCode.POLICY_VIOLATION, 0]
    blocked = [fact for fact in producing.ctx.facts if isinstance(fact, Blocked)]
    assert [(b.side, b.topic, b.partition, b.records) for b in blocked] == [("produce", "open.careful", 1, 2)]
    assert any(isinstance(fact, Found) for fact in producing.ctx.facts)


def test_a_block_tells_the_number_of_records_and_has_no_record_errors() -> None:
    partition = Producing(("open.careful", 0, batch(DIRTY, DIRTY))).response.responses[0].partition_responses[0]

    assert partition.error_code == ErrorCode.POLICY_VIOLATION
    assert partition.error_message == "2 record(s) of the batch may not be written here: finding"
    assert partition.record_errors == []
    assert partition.base_offset == -1


def test_denied_and_blocked_partitions_come_back_in_their_places() -> None:
    producing = Producing(
        ("secret", 0, batch(CLEAN)),
        ("open.careful", 0, batch(DIRTY)),
        ("open.a", 0, batch(CLEAN)),
        ("seen.b", 0, batch(CLEAN)),
    )

    denied = ErrorCode.TOPIC_AUTHORIZATION_FAILED
    assert producing.forwarded == [("open.a", 0)]
    assert [t.name for t in producing.response.responses] == ["secret", "open.careful", "open.a", "seen.b"]
    producing = Producing(("secret", 0, batch(CLEAN)), ("open.careful", 0, batch(DIRTY)))
    assert not producing.routed.forward
    assert producing.codes == [denied, ErrorCode.POLICY_VIOLATION]


def test_a_batch_that_cannot_be_opened_is_refused_where_it_has_to_be() -> None:
    broken = batch(CLEAN)[:-1] + b"!"
    partition = Producing(("open.careful", 0, broken)).response.responses[0].partition_responses[0]

    assert partition.error_code == ErrorCode.CORRUPT_MESSAGE
    assert partition.error_message is None


def test_without_acks_a_block_drops_the_request_and_closes() -> None:
    producing = Producing(("open.careful", 0, batch(DIRTY)), ("open.a", 0, batch(CLEAN)), acks=0)

    assert producing.routed == Routed(close="acks_0")


# --- what a producer may send ---


@pytest.mark.parametrize(
    ("records", "reason"),
    [
        (None, "batches"),
        (b"", "batches"),
        (batch(CLEAN) + batch(CLEAN), "batches"),
        (batch(CLEAN, attributes=CONTROL), "control"),
        (batch(CLEAN, attributes=DELETE_HORIZON), "attributes"),
        (batch(CLEAN, attributes=UNDEFINED), "attributes"),
        (batch(CLEAN, producer_id=5, epoch=0, sequence=-1), "sequence"),
        (batch(CLEAN, CLEAN)[:57] + b"\x00\x00\x00\x00" + batch(CLEAN, CLEAN)[61:], "count"),
        (batch(CLEAN, CLEAN)[:57] + b"\x7f\xff\xff\xff" + batch(CLEAN, CLEAN)[61:], "count"),
        (batch(CLEAN, CLEAN)[:57] + b"\xff\xff\xff\xff" + batch(CLEAN, CLEAN)[61:], "count"),
    ],
)
def test_what_no_producer_may_send_is_refused_without_any_rule(records: bytes | None, reason: str) -> None:
    producing = Producing(("open.a", 0, records), ("open.a", 1, batch(CLEAN)))

    assert producing.forwarded == [("open.a", 1)]
    assert producing.codes == [ErrorCode.INVALID_RECORD, 0]
    assert producing.ctx.facts == [Blocked("", "produce", reason, "open.a", 0, 0)]


def test_of_one_request_not_more_is_told_than_anybody_reads() -> None:
    producing = Producing(*(("open.a", index, None) for index in range(MOST_TOLD + 1)))

    assert len(producing.codes) == MOST_TOLD + 1
    assert producing.ctx.facts[MOST_TOLD:] == [Noticed("more_refusals")]


@pytest.mark.parametrize("codec", [5, 6, 7])
def test_codecs_that_there_are_not_are_refused(codec: int) -> None:
    records = batch(CLEAN)[:22] + bytes([codec]) + batch(CLEAN)[23:]

    assert Producing(("open.a", 0, records)).codes == [ErrorCode.UNSUPPORTED_COMPRESSION_TYPE]


def test_zstd_is_for_versions_that_know_it() -> None:
    records = batch(CLEAN, attributes=4)

    assert Producing(("open.a", 0, records), version=6).codes == [ErrorCode.UNSUPPORTED_COMPRESSION_TYPE]
    assert Producing(("open.a", 0, records), version=7).codes == [0]


# --- idempotent producers ---


def numbered(sequence: int, *values: bytes, epoch: int = 0) -> bytes:
    return batch(*values, producer_id=9, epoch=epoch, sequence=sequence)


def test_after_a_block_later_batches_are_out_of_order_until_the_blocked_sequence_comes_again() -> None:
    holes = ProducerHoles()

    def send(sequence: int, value: bytes) -> tuple[bool, list[int]]:
        producing = Producing(("open.careful", 0, numbered(sequence, value)), holes=holes)
        return producing.routed.forward, producing.codes

    out_of_order = (False, [ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER])
    assert send(0, DIRTY) == (False, [ErrorCode.POLICY_VIOLATION])
    assert send(1, CLEAN) == out_of_order
    assert send(2, DIRTY) == out_of_order
    assert send(0, DIRTY) == (False, [ErrorCode.POLICY_VIOLATION])
    assert send(1, CLEAN) == out_of_order
    assert send(0, CLEAN) == (True, [0])
    assert send(1, CLEAN) == (True, [0])


def test_a_new_epoch_goes_on() -> None:
    holes = ProducerHoles()
    Producing(("open.careful", 0, numbered(0, DIRTY)), holes=holes)

    assert Producing(("open.careful", 0, numbered(0, CLEAN, epoch=1)), holes=holes).routed.forward


def test_other_partitions_and_producers_are_not_concerned() -> None:
    holes = ProducerHoles()
    Producing(("open.careful", 0, numbered(0, DIRTY)), holes=holes)

    assert Producing(("open.careful", 1, numbered(5, CLEAN)), holes=holes).routed.forward
    assert Producing(("open.careful", 0, batch(CLEAN)), holes=holes).routed.forward


def test_a_batch_that_no_producer_may_send_leaves_a_hole_too() -> None:
    holes = ProducerHoles()
    odd = batch(CLEAN, attributes=UNDEFINED, producer_id=9, epoch=0, sequence=0)
    Producing(("open.a", 0, odd), holes=holes)

    assert Producing(("open.a", 0, numbered(1, CLEAN)), holes=holes).codes == [ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER]


def test_an_out_of_order_batch_is_not_opened_and_is_told() -> None:
    holes = ProducerHoles()
    Producing(("open.careful", 0, numbered(0, DIRTY)), holes=holes)
    producing = Producing(("open.careful", 0, numbered(5, DIRTY, CLEAN)), holes=holes)

    assert producing.ctx.facts == [Blocked("", "produce", "out_of_order", "open.careful", 0, 2)]


def test_a_denied_batch_leaves_a_hole_too() -> None:
    holes = ProducerHoles()
    Producing(("secret", 0, numbered(0, CLEAN)), ("open.a", 0, numbered(0, CLEAN)), holes=holes)

    assert holes.count == 1


@given(
    st.lists(st.tuples(st.sampled_from(["open.a", "open.careful", "secret"]), st.booleans()), min_size=1, max_size=6)
)
def test_nothing_dirty_goes_on_and_every_partition_is_answered_in_order(parts: list[tuple[str, bool]]) -> None:
    places: list[Any] = [(topic, i, batch(DIRTY if dirty else CLEAN)) for i, (topic, dirty) in enumerate(parts)]
    producing = Producing(*places)

    def expected(topic: str, dirty: bool) -> int:
        if topic == "secret":
            return ErrorCode.TOPIC_AUTHORIZATION_FAILED
        return ErrorCode.POLICY_VIOLATION if dirty and topic == "open.careful" else 0

    if producing.routed.forward:
        assert all(topic == "open.a" or not parts[i][1] for topic, i in producing.forwarded)
    answers = [(t.name, p.index, p.error_code) for t in producing.response.responses for p in t.partition_responses]
    assert answers == [(topic, i, expected(topic, dirty)) for i, (topic, dirty) in enumerate(parts)]


def test_at_a_listener_that_tries_controls_out_a_dirty_batch_is_stored_and_leaves_no_hole() -> None:
    holes = ProducerHoles()
    producing = Producing(("open.careful", 0, numbered(0, DIRTY)), observe=True, holes=holes)

    assert producing.codes == [0]
    assert holes.count == 0
    assert producing.values() == [DIRTY]
    (blocked,) = (fact for fact in producing.ctx.facts if isinstance(fact, Blocked))
    assert (blocked.mode, blocked.reason, blocked.records) == ("observed", "finding", 1)


def test_what_is_quarantined_is_refused_and_handed_on_beside_the_facts() -> None:
    policy = POLICY.replace("action: block", "action: quarantine")
    data = batch(CLEAN, DIRTY)
    producing = Producing(("open.careful", 3, data), policy=policy)

    assert producing.codes == [ErrorCode.POLICY_VIOLATION]
    (kept,) = producing.ctx.kept
    assert (kept.zone, kept.topic, kept.partition, bytes(kept.batch)) == ("payments", "open.careful", 3, data)
    assert CARD.decode() not in repr(producing.ctx.facts)


def test_a_batch_full_of_findings_is_put_off_and_comes_out_the_same() -> None:
    message = ProduceRequest(acks=-1)
    data = PartitionProduceData(index=0, records=batch(*[EMAIL] * 900))
    message.topic_data.append(TopicProduceData(name="open.careful", partition_data=[data]))
    policy = POLICY.replace("{field: $.email, with: mask}", "{types: [EMAIL], with: mask}")
    ctx = context("clerk", ApiKey.PRODUCE, 12, policy=policy)
    sizes = []
    going = chain().request(read_again(message, ctx), ctx)
    try:
        needs = next(going)
        while True:
            works = [need for need in needs if isinstance(need, Work)]
            sizes += [work.size for work in works]
            for job in (job for work in works for job in work.jobs):
                job()
            needs = going.send(None)
    except StopIteration:
        pass
    assert len(sizes) == 2
    assert sizes[0] < INLINE <= sizes[1]
    assert [fact.count for fact in ctx.facts if isinstance(fact, Transformed)] == [900]


def test_what_waits_for_a_schema_is_to_be_sent_again_and_leaves_a_hole(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = [SchemaWanted("main", 9, "open.careful", 0)]
    facts = [*wanted, Blocked("r", "produce", UNKNOWN_SCHEMA, "open.careful", 0, 1)]
    result = BatchResult(None, ErrorCode.POLICY_VIOLATION, 1, UNKNOWN_SCHEMA, facts)
    monkeypatch.setattr(produce_records, "treat_produce", lambda *_: result)
    holes = ProducerHoles()
    producing = Producing(("open.careful", 0, numbered(0, CLEAN)), holes=holes)

    assert producing.codes == [PRODUCE_LATER.error]
    assert holes.count == 1
    assert Noticed(AWAITED) in producing.ctx.facts


def test_what_grows_is_held_against_what_the_topic_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    longer = batch(CLEAN + b" " * 500)
    monkeypatch.setattr(produce_records, "treat_produce", lambda *_: BatchResult(longer))
    for limit, code in ((len(longer), 0), (len(longer) - 1, ErrorCode.POLICY_VIOLATION)):
        monkeypatch.setattr(produce_records, "unknown_limits", lambda *_: None)
        monkeypatch.setattr(Grown, "fits", lambda self, _ctx, limit=limit: self.size <= limit)
        assert Producing(("open.careful", 0, batch(CLEAN))).codes == [code]
