from __future__ import annotations

import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.net.harness import until
from tests.net.publishing.kit import TOPIC, Place, TopicBroker, outgoing, place
from zoneproxy.net.publishing import publisher as module
from zoneproxy.net.publishing.publisher import Destination, Publisher
from zoneproxy.net.tasks import Tasks
from zoneproxy.wire.record import Record


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BACKOFF_SECONDS", (0.002, 0.01))


def made(p: Place, chance: float = 0.0, seconds: float = 5.0, **fields: Any) -> Publisher:
    to = Destination("violations", TOPIC, **fields)
    return Publisher(to, p.cluster, p.dialler, p.sink, time.time, seconds=seconds, chance=lambda: chance)


@asynccontextmanager
async def running(p: Place, **fields: Any) -> AsyncIterator[Publisher]:
    publisher, tasks = made(p, **fields), Tasks()
    tasks.start(publisher.run(), "publisher")
    try:
        yield publisher
    finally:
        await tasks.stop()


async def test_what_is_put_in_is_written_in_order_over_one_connection() -> None:
    async with place() as p, running(p) as publisher:
        assert publisher.name == "violations"
        for n in range(3):
            assert publisher.put(outgoing(b"%d" % n))
        await until(lambda: p.sink.written == 3)
        publisher.put(outgoing(b"3"))
        await publisher.flush(20.0)
        assert p.broker.values == [b"0", b"1", b"2", b"3"]
        assert len(p.broker.sessions) == 1
        assert p.sink.lost == []
        assert p.sink.failing == [""]


async def test_what_is_to_be_sealed_is_sealed_off_the_event_loop() -> None:
    here, there = threading.get_ident(), []

    def seal(value: bytes) -> bytes:
        there.append(threading.get_ident())
        return b"sealed " + value

    async with place() as p, running(p) as publisher:
        publisher.put(outgoing(b"1"))
        publisher.put(outgoing(b"2", seal=seal))
        await until(lambda: p.sink.written == 2)
        assert p.broker.values == [b"1", b"sealed 2"]
        assert here not in there


@pytest.mark.parametrize(("chance", "partition"), [(0.0, 0), (0.5, 2), (1.0, 2)])
async def test_the_leader_of_some_partition_is_written_to(chance: float, partition: int) -> None:
    other = TopicBroker(node_id=7)
    async with place() as p, place(other):
        p.broker.leaders = [0, -1, 7]
        p.broker.brokers.append(other)
        async with running(p, chance=chance) as publisher:
            publisher.put(outgoing())
            await until(lambda: p.sink.written)
            leader = other if partition else p.broker
            assert [index for index, _ in leader.produced] == [partition]


async def test_there_is_room_for_so_much_and_the_rest_is_lost_and_counted() -> None:
    async with place() as p:
        publisher = made(p, max_records=2)
        assert [publisher.put(outgoing()) for _ in range(4)] == [True, True, False, False]
        assert p.sink.lost == [("full", 1), ("full", 1)]
        assert publisher.refusal() == "full"
        assert made(p, max_bytes=100).refusal(101) == "full"
        assert made(p, max_bytes=100).refusal(100) == ""
        assert made(p, per_second=0.5).refusal() == "rate"


async def test_so_many_a_second_are_taken() -> None:
    async with place() as p:
        publisher = made(p, per_second=3.0)
        assert sum(publisher.put(outgoing()) for _ in range(100)) < 50
        assert {reason for reason, _ in p.sink.lost} == {"rate"}


async def test_it_waits_for_a_topic_and_says_so_once() -> None:
    async with place() as p:
        p.broker.leaders = None
        async with running(p) as publisher:
            publisher.put(outgoing())
            await until(lambda: len(p.broker.asked) > 2)
            assert p.sink.failing == ["no_topic"]
            p.broker.leaders = [0]
            await until(lambda: p.sink.written)
            assert p.sink.failing == ["no_topic", ""]
            assert not p.broker.created


async def test_it_makes_the_topic_if_told_to() -> None:
    async with place() as p:
        p.broker.leaders = None
        async with running(p, create=True) as publisher:
            publisher.put(outgoing())
            await until(lambda: p.sink.written)
            assert len(p.broker.created) == 1


async def test_what_fails_is_written_again_elsewhere() -> None:
    errors = [6, 19]
    async with place() as p:
        p.broker.error = lambda records: errors.pop() if errors else 0
        async with running(p) as publisher:
            publisher.put(outgoing(b"once"))
            await until(lambda: p.sink.written)
            assert p.broker.values == [b"once"]
            assert p.sink.failing == ["replicas", "not_leader", ""]
            assert len(p.broker.sessions) == 3


async def test_it_outlives_the_broker() -> None:
    async with place() as p, running(p) as publisher:
        publisher.put(outgoing(b"1"))
        await until(lambda: p.sink.written == 1)
        port = p.broker.port
        await p.broker.stop()
        publisher.put(outgoing(b"2"))
        await until(lambda: len(p.sink.failing) > 1)
        await p.broker.start(port=port)
        await until(lambda: p.sink.written == 2)
        assert p.broker.values == [b"1", b"2"]


async def test_a_connection_that_broke_while_nothing_was_written_is_made_anew() -> None:
    async with place() as p, running(p) as publisher:
        publisher.put(outgoing(b"1"))
        await until(lambda: p.sink.written == 1)
        await p.broker.sessions[0].reset()
        await until(lambda: publisher._way is not None and publisher._way.dialled.link.lost)
        publisher.put(outgoing(b"2"))
        await until(lambda: p.sink.written == 2)
        assert p.sink.failing == [""]


async def test_a_login_that_ends_is_made_anew() -> None:
    async with place() as p, running(p) as publisher:
        publisher.put(outgoing(b"1"))
        await until(lambda: p.sink.written == 1)
        assert publisher._way is not None
        publisher._way.until = 0.0
        publisher.put(outgoing(b"2"))
        await until(lambda: p.sink.written == 2)
        assert len(p.broker.sessions) == 2


async def test_a_broker_that_does_not_answer_is_given_up() -> None:
    async with place() as p:
        p.broker.reply = b"\x00\x00\x00\x08"  # of which no more comes
        async with running(p, seconds=0.02) as publisher:
            publisher.put(outgoing())
            await until(lambda: p.sink.failing == ["timeout"])
            p.broker.reply = None
            await until(lambda: p.sink.written)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (b"\x00\x00\x00\x08" + b"\xff" * 8, "correlation_id"),
        (b"\x00\x00\x00\x02" + b"\xff" * 2, "correlation_id"),
        (b"\x7f\xff\xff\xff", "frame_too_large"),
        (b"\x80\x00\x00\x00", "frame_length"),
        (b"\x00\x00\x00\x0d\x00\x00\x00\x01" + b"\x00\xff\xff\xff\xff\xff\xff\xff\x07", "varint"),
    ],
    ids=["nobody asked", "too short", "too large", "negative", "absurd count"],
)
async def test_an_answer_that_is_none_changes_nothing(reply: bytes, reason: str) -> None:
    async with place() as p:
        p.broker.reply = reply
        async with running(p) as publisher:
            publisher.put(outgoing())
            await until(lambda: p.sink.failing)
            assert p.sink.failing == [reason]
            p.broker.reply = None
            await until(lambda: p.sink.written)


def _larger_than(size: int) -> Any:
    return lambda records: 10 if sum(len(record.value or b"") for record in records) > size else 0


async def test_what_is_too_large_together_is_written_in_parts_and_what_is_by_itself_is_lost() -> None:
    async with place() as p:
        p.broker.error = _larger_than(10)
        publisher = made(p)
        for value in (b"1234", b"5678", b"9012", b"x" * 20, b"3456"):
            publisher.put(outgoing(value))
        tasks = Tasks()
        tasks.start(publisher.run(), "publisher")
        await publisher.flush(20.0)
        await tasks.stop()
        assert p.broker.values == [b"1234", b"5678", b"9012", b"3456"]
        assert p.sink.lost == [("too_large", 1)]


async def test_what_is_refused_for_its_own_sake_is_lost_and_what_is_beside_it_is_not() -> None:
    def error(records: list[Record]) -> int:
        return 87 if any(record.value == b"bad" for record in records) else 0

    async with place() as p:
        p.broker.error = error
        publisher = made(p)
        for value in (b"1", b"bad", b"2"):
            publisher.put(outgoing(value))
        tasks = Tasks()
        tasks.start(publisher.run(), "publisher")
        await publisher.flush(20.0)
        await tasks.stop()
        assert p.broker.values == [b"1", b"2"]
        assert p.sink.lost == [("refused", 1)]


async def test_what_cannot_be_written_in_the_end_is_lost_and_counted() -> None:
    async with place() as p:
        p.broker.leaders = None
        async with running(p) as publisher:
            publisher.put(outgoing())
            publisher.put(outgoing())
            await publisher.flush(0.05)
            assert p.sink.lost == []
        assert p.sink.lost == [("drained", 2)]
