from __future__ import annotations

import pytest

from tests.net.publishing.kit import LIMITS, TOPIC, Place, TopicBroker, outgoing, place
from zoneproxy.net.publishing.outbox import Outgoing
from zoneproxy.net.publishing.producing import Refused, TooLarge, batch_of, produce
from zoneproxy.net.upstream import UpstreamError
from zoneproxy.wire.batch import check_produced, open_batch, read_header
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.produce_response import (
    PartitionProduceResponse,
    ProduceResponse,
    TopicProduceResponse,
)
from zoneproxy.wire.record import read_records


def test_a_batch_is_one_that_a_producer_may_send() -> None:
    records = [Outgoing(b"1", 1000), Outgoing(b"2", 1500, ((b"h", b"x"),)), Outgoing(b"3", 900)]
    batch = batch_of(records)
    header = read_header(batch)
    check_produced(header)
    assert (header.base_timestamp, header.max_timestamp, header.producer_id) == (1000, 1500, -1)
    read = read_records(open_batch(batch, header, LIMITS), 3, 2)
    assert [(r.value, r.key, r.timestamp_delta) for r in read] == [
        (b"1", None, 0),
        (b"2", None, 500),
        (b"3", None, -100),
    ]
    assert tuple(read[1].headers) == ((b"h", b"x"),)


def test_what_is_to_be_sealed_is_sealed_when_it_is_written() -> None:
    batch = batch_of([Outgoing(b"abc", 0, seal=lambda value: value[::-1])])
    (record,) = read_records(open_batch(batch, read_header(batch), LIMITS), 1)
    assert record.value == b"cba"


async def sent(p: Place, *values: bytes) -> None:
    dialled = await p.dialler.dial(None)
    try:
        await produce(TOPIC, 2, batch_of([outgoing(value) for value in values]), dialled, 3.0)
    finally:
        dialled.link.drop()


async def test_it_is_written_to_all_replicas_of_that_partition() -> None:
    async with place() as p:
        await sent(p, b"a", b"b")
        (request,) = p.broker.requests
        assert (request.acks, request.timeout_ms) == (-1, 3000)
        assert request.topic_data[0].name == TOPIC
        assert [(index, len(records)) for index, records in p.broker.produced] == [(2, 2)]
        assert p.broker.values == [b"a", b"b"]


@pytest.mark.parametrize(("error", "kind"), [(10, TooLarge), (18, TooLarge), (87, Refused), (44, Refused)])
async def test_what_is_wrong_with_the_records_themselves(error: int, kind: type[Exception]) -> None:
    async with place() as p:
        p.broker.error = lambda records: error
        with pytest.raises(kind):
            await sent(p, b"a")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (29, "topic_authorization"),
        (6, "not_leader"),
        (3, "no_topic"),
        (19, "replicas"),
        (7, "timeout"),
        (56, "produce_error"),
    ],
)
async def test_what_may_be_otherwise_the_next_time(error: int, reason: str) -> None:
    async with place() as p:
        p.broker.error = lambda records: error
        with pytest.raises(UpstreamError) as caught:
            await sent(p, b"a")
        assert caught.value.reason == reason


@pytest.mark.parametrize(
    "places",
    [[], [(TOPIC, 1)], [("other", 2)], [(TOPIC, 2), (TOPIC, 2)]],
    ids=["nothing", "another partition", "another topic", "twice"],
)
async def test_an_answer_to_something_else_is_none(places: list[tuple[str, int]]) -> None:
    async with place() as p:
        p.broker.reply = ProduceResponse(
            responses=[
                TopicProduceResponse(name=name, partition_responses=[PartitionProduceResponse(index=index)])
                for name, index in places
            ]
        )
        with pytest.raises(UpstreamError, match="produce_reply"):
            await sent(p, b"a")


async def test_a_broker_that_takes_no_version_of_ours() -> None:
    broker = TopicBroker()
    broker.versions[ApiKey.PRODUCE] = (13, 13)
    async with place(broker) as p:
        with pytest.raises(UpstreamError, match="produce_version"):
            await sent(p, b"a")
