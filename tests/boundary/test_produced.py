from __future__ import annotations

import pytest

from tests.boundary.kit import batch, context, topic_id
from zoneproxy.boundary.holes import Sequenced
from zoneproxy.boundary.produced import note_hole, only_batch, sequenced
from zoneproxy.errors import ProtocolError
from zoneproxy.policy.namespaces import Namespace
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.produce_request import PartitionProduceData, TopicProduceData


def test_one_batch_is_what_a_partition_holds() -> None:
    records = batch(b"one", b"two", producer_id=7, epoch=1, sequence=5)
    header = only_batch(records)

    assert (header.producer_id, header.base_sequence, header.records_count) == (7, 5, 2)


@pytest.mark.parametrize(
    "records",
    [
        None,
        b"",
        batch(b"v")[:60],
        batch(b"v")[:-1],
        batch(b"v") + b"\x00",
        batch(b"v") + batch(b"v"),
        batch(b"v")[:16] + b"\x01" + batch(b"v")[17:],
        batch(b"v")[:16] + b"\x03" + batch(b"v")[17:],
        batch(b"v")[:8] + b"\xff\xff\xff\xff" + batch(b"v")[12:],
        batch(b"v")[:8] + b"\x7f\xff\xff\xff" + batch(b"v")[12:],
    ],
)
def test_anything_else_is_refused(records: bytes | None) -> None:
    with pytest.raises(ProtocolError, match="batches"):
        only_batch(records)


# --- where a batch stands ---

NUMBERED = batch(b"v", producer_id=7, epoch=1, sequence=5)


@pytest.mark.parametrize(("version", "name"), [(12, "open.a"), (13, topic_id("open.a").hex())])
def test_a_batch_of_an_idempotent_producer_stands_somewhere(version: int, name: str) -> None:
    topic = TopicProduceData(name="open.a", topic_id=topic_id("open.a"))
    ctx = context("clerk", ApiKey.PRODUCE, version)

    assert sequenced(topic, 3, only_batch(NUMBERED), ctx) == Sequenced(7, 1, name, 3, 5, "clerk")


@pytest.mark.parametrize(
    ("name", "records"), [("t", batch(b"v")), ("t", batch(b"v", producer_id=7, epoch=1)), ("t" * 250, NUMBERED)]
)
def test_others_stand_nowhere(name: str, records: bytes) -> None:
    ctx = context("clerk", ApiKey.PRODUCE, 12)

    assert sequenced(TopicProduceData(name=name), 0, only_batch(records), ctx) is None


@pytest.mark.parametrize(("records", "count"), [(NUMBERED, 1), (batch(b"v"), 0), (b"", 0), (None, 0)])
def test_a_refused_batch_leaves_a_hole_if_it_is_numbered(records: bytes | None, count: int) -> None:
    ctx = context("clerk", ApiKey.PRODUCE, 12)
    note_hole(TopicProduceData(name="t"), PartitionProduceData(records=records), ctx)

    assert ctx.session.holes.count == count


def test_zones_of_one_upstream_keep_their_holes_apart() -> None:
    ctx, other = (context("clerk", ApiKey.PRODUCE, 12) for _ in range(2))
    ctx.session.namespace, other.session.namespace = Namespace("a."), Namespace("b.")
    topic, header = TopicProduceData(name="open.a"), only_batch(NUMBERED)

    assert sequenced(topic, 3, header, ctx) == Sequenced(7, 1, "a.open.a", 3, 5, "clerk")
    assert sequenced(topic, 3, header, other) == Sequenced(7, 1, "b.open.a", 3, 5, "clerk")
