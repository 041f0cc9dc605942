from __future__ import annotations

import pytest

from tests.boundary.kit import CARD, NOW, POLICY, batch, chain, context, finish, metadata, read_again, topic_id
from zoneproxy.boundary import fetch_records
from zoneproxy.boundary.awaited import AWAITED, FETCH_LATER
from zoneproxy.boundary.batch_result import BatchResult
from zoneproxy.boundary.chain import Routed
from zoneproxy.boundary.cluster import ClusterView
from zoneproxy.boundary.facts import Blocked, Noticed, Scanned, SchemaWanted
from zoneproxy.boundary.interceptor import Context
from zoneproxy.errors import ProtocolError
from zoneproxy.formats.book import UNKNOWN_SCHEMA
from zoneproxy.wire.batch import Whole, open_batch, walk
from zoneproxy.wire.compression import DecompressionLimits
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.fetch_request import FetchPartition, FetchRequest, FetchTopic
from zoneproxy.wire.messages.fetch_response import FetchableTopicResponse, FetchResponse, PartitionData
from zoneproxy.wire.messages.share_fetch_response import AcquiredRecords
from zoneproxy.wire.messages.share_fetch_response import PartitionData as SharedPartition
from zoneproxy.wire.record import read_records

CLEAN = b'{"amount":5}'
DIRTY = b'{"card":"' + CARD + b'"}'
EMAIL = b"write to jane@example.com"


class Fetching:
    """One Fetch of partition 0 of some topics, and its reply with these records."""

    def __init__(
        self, records: dict[str, bytes], *, who: str = "dashboards", version: int = 12, policy: str = POLICY
    ) -> None:
        cluster = ClusterView()
        cluster.learn_metadata(metadata(list(records)), NOW)
        topics = [
            FetchTopic(topic=name, topic_id=self._id(name, version), partitions=[FetchPartition(partition=0)])
            for name in records
        ]
        self.ctx: Context = context(who, ApiKey.FETCH, version, cluster=cluster, policy=policy)
        message: FetchRequest = read_again(FetchRequest(topics=topics), self.ctx)
        self.routed: Routed = finish(chain().request(message, self.ctx), self.ctx)
        assert self.routed.forward
        self.response = FetchResponse(
            responses=[
                FetchableTopicResponse(
                    topic=name,
                    topic_id=self._id(name, version),
                    partitions=[PartitionData(partition_index=0, records=data)],
                )
                for name, data in records.items()
            ]
        )

    def run(self) -> bool:
        """Whether the reply is edited."""
        return finish(chain().reply(self.response, self.routed.thens, self.ctx), self.ctx)

    def values(self, number: int = 0) -> list[bytes | None]:
        values = []
        for entry in walk(self.response.responses[number].partitions[0].records or b""):
            assert isinstance(entry, Whole)
            payload = open_batch(entry.view, entry.header, DecompressionLimits())
            values += [record.value for record in read_records(payload, entry.header.records_count)]
        return values

    @staticmethod
    def _id(name: str, version: int) -> bytes:
        return topic_id(name) if version >= 13 else bytes(16)


@pytest.mark.parametrize("version", [4, 12, 13, 18])
def test_records_that_may_not_cross_are_taken_out(version: int) -> None:
    fetching = Fetching({"open.completed": batch(CLEAN, DIRTY, CLEAN)}, version=version)

    assert fetching.run()
    assert fetching.values() == [CLEAN, CLEAN]
    blocked = [fact for fact in fetching.ctx.facts if isinstance(fact, Blocked)]
    assert [(b.side, b.topic, b.partition, b.records) for b in blocked] == [("fetch", "open.completed", 0, 1)]


def test_values_are_rewritten() -> None:
    fetching = Fetching({"open.completed": batch(EMAIL, CLEAN)})

    assert fetching.run()
    assert b"jane" not in (fetching.values()[0] or b"")
    assert fetching.values()[1] == CLEAN


def test_clean_batches_go_on_as_they_came() -> None:
    records = batch(CLEAN) + batch(CLEAN)
    fetching = Fetching({"open.completed": records})

    assert not fetching.run()
    assert fetching.response.responses[0].partitions[0].records == records
    assert [type(fact) for fact in fetching.ctx.facts] == [Scanned]


def test_a_trailing_incomplete_batch_is_cut_off() -> None:
    records = batch(CLEAN)
    fetching = Fetching({"open.completed": records + batch(DIRTY)[:-5]})

    assert fetching.run()
    assert fetching.response.responses[0].partitions[0].records == records
    assert Noticed("incomplete_batch_cut") in fetching.ctx.facts


def test_where_no_control_applies_nothing_is_opened() -> None:
    records = batch(DIRTY) + batch(EMAIL)[:-5]
    fetching = Fetching({"open.a": records}, who="clerk")

    assert not fetching.run()
    assert fetching.response.responses[0].partitions[0].records == records
    assert fetching.ctx.facts == []


def test_each_topic_has_its_own_controls() -> None:
    fetching = Fetching(
        {"open.a": batch(DIRTY), "open.careful": batch(DIRTY, CLEAN), "open.completed": batch(DIRTY)}, who="clerk"
    )

    assert fetching.run()
    assert fetching.values(0) == [DIRTY]
    assert fetching.values(1) == [CLEAN]
    assert fetching.values(2) == [DIRTY]


def test_a_partition_without_records_is_left_alone() -> None:
    fetching = Fetching({"open.completed": b""})

    assert not fetching.run()


def test_records_of_another_topic_do_not_slip_through() -> None:
    fetching = Fetching({"open.completed": batch(CLEAN)})
    fetching.response.responses[0].topic = "open.other"

    with pytest.raises(ProtocolError, match="reply_mismatch"):
        fetching.run()


def test_at_a_listener_that_tries_controls_out_records_stay_as_they_are() -> None:
    fetching = Fetching({"open.completed": batch(CLEAN, DIRTY, EMAIL)})
    fetching.ctx.session.observe = True
    assert not fetching.run()
    assert fetching.values() == [CLEAN, DIRTY, EMAIL]
    blocked = [fact for fact in fetching.ctx.facts if isinstance(fact, Blocked)]
    assert [(fact.mode, fact.records) for fact in blocked] == [("observed", 1)]


def test_what_is_quarantined_is_taken_out_and_handed_on_beside_the_facts() -> None:
    fetching = Fetching(
        {"open.completed": batch(CLEAN, DIRTY)}, policy=POLICY.replace("action: block", "action: quarantine")
    )
    assert fetching.run()
    assert fetching.values() == [CLEAN]
    (kept,) = fetching.ctx.kept
    assert (kept.zone, kept.topic, kept.records) == ("payments", "open.completed", 1)


def test_what_waits_for_a_schema_is_handed_out_later(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = [SchemaWanted("main", 9, "open.completed", 0)]
    facts = [*wanted, Blocked("r", "fetch", UNKNOWN_SCHEMA, "open.completed", 0, 1)]
    monkeypatch.setattr(fetch_records, "treat_fetch", lambda *_: BatchResult(b"", blocked=1, facts=list(facts)))
    fetching = Fetching({"open.completed": batch(CLEAN)})

    assert fetching.run()
    (part,) = fetching.response.responses[0].partitions
    assert (part.records, part.error_code) == (b"", FETCH_LATER)
    assert [fact for fact in fetching.ctx.facts if isinstance(fact, Noticed)] == [Noticed(AWAITED)]


def test_members_of_share_groups_are_given_what_waits_another_time(monkeypatch: pytest.MonkeyPatch) -> None:
    acquired = [AcquiredRecords(first_offset=0, last_offset=1, delivery_count=1)]
    shared = SharedPartition(partition_index=0, records=batch(CLEAN), acquired_records=acquired)
    fetch_records._hold_back(shared)
    assert (shared.records, shared.error_code, shared.acquired_records) == (b"", FETCH_LATER, [])
