from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from tests.net.harness import ALICE, Policy, Steps, rig, until
from tests.net.peers import BrokerConnection, echo, produce, reply, request, small
from tests.net.scripts import Held, answer_here, find, here, ids, long_message, violation
from zoneproxy.boundary.chain import Routed
from zoneproxy.boundary.facts import Noticed
from zoneproxy.boundary.interceptor import Context, LookUp, Work
from zoneproxy.errors import ProtocolError
from zoneproxy.policy.model import Grant
from zoneproxy.wire.codec import encode_response, read_request_header
from zoneproxy.wire.messages.find_coordinator_response import FindCoordinatorResponse


async def test_requests_and_replies_cross_unchanged() -> None:
    async with rig() as r:
        client = await r.client()
        frames = [small(n, f"note {n}") for n in range(5)]
        await client.send(b"".join(frames))
        assert [await client.receive() for _ in frames] == [reply(n, frames[n][12:]) for n in range(5)]
        assert r.broker.sessions[0].received == frames
        assert r.recorder.decisions == ["forwarded"] * 5
        assert [size for size, _, _ in r.recorder.answers] == [len(frame) - 4 for frame in frames]
        assert all(0 <= added <= seconds for _, seconds, added in r.recorder.answers)


@pytest.mark.parametrize("step", [1, 7])
async def test_requests_in_pieces(step: int) -> None:
    async with rig() as r:
        client = await r.client(node=0)
        frames = [small(n, "x" * n) for n in range(4)]
        stream = b"".join(frames)
        for at in range(0, len(stream), step):
            await client.send(stream[at : at + step])
            await asyncio.sleep(0)
        assert await ids(client, 4) == [0, 1, 2, 3]
        assert r.broker.sessions[0].received == frames


async def test_a_large_request_and_a_large_reply() -> None:
    async with rig() as r:
        client = await r.client()
        frame = request(1, long_message(3_000_000), 2)
        sent = asyncio.ensure_future(client.send(frame))
        assert await client.receive() == reply(1, frame[12:])
        await sent


async def test_answers_given_here_wait_for_their_turn() -> None:
    held = Held()
    async with rig(held) as r:
        r.chain.on_request = answer_here
        client = await r.client()
        assert await client.ask(small(0, "here")) == here(0)
        await client.send(b"".join([small(1), small(2, "here"), small(3), small(4, "here"), small(5, "here")]))
        await until(lambda: r.broker.sessions and len(r.broker.sessions[0].received) == 2)
        held.free.set()
        assert await ids(client, 5) == [1, 2, 3, 4, 5]
        assert r.recorder.decisions == ["replied", "forwarded", "replied", "forwarded", "replied", "replied"]


async def test_a_request_without_a_reply_is_not_waited_for() -> None:
    async def unless_unasked(connection: BrokerConnection, frame: bytes) -> None:
        if read_request_header(frame).api_key != 0:
            await echo(connection, frame)

    async with rig(unless_unasked) as r:
        r.chain.on_request = lambda message, ctx: Routed(forward=True, expects_reply=ctx.header.api_key != 0)
        client = await r.client()
        await client.send(produce(1, acks=0) + small(2) + produce(3, acks=0) + small(4))
        assert await ids(client, 2) == [2, 4]
        assert len(r.broker.sessions[0].received) == 4


async def test_an_answer_may_be_written_in_another_version() -> None:
    async with rig() as r:
        r.chain.on_admit = lambda ctx: Routed(reply=FindCoordinatorResponse(host="h"), reply_version=0)
        client = await r.client()
        assert await client.ask(small(9)) == encode_response(9, 10, 0, FindCoordinatorResponse(host="h"))
        assert not r.broker.sessions


async def test_nothing_is_said_where_nothing_is_due() -> None:
    async with rig() as r:
        r.chain.on_request = lambda message, ctx: Routed(forward=message.key != "drop")
        client = await r.client()
        await client.send(small(1, "drop") + small(2))
        assert await ids(client, 1) == [2]
        assert r.recorder.decisions == ["replied", "forwarded"]


async def test_an_edited_request_is_written_anew() -> None:
    def edit(message: Any, ctx: Context) -> Routed:
        message.key = "edited"
        return Routed(forward=True, edited=True)

    async with rig() as r:
        r.chain.on_request = edit
        client = await r.client()
        await client.ask(small(1, "original"))
        assert r.broker.sessions[0].received == [small(1, "edited")]


async def test_a_request_that_was_decided_before_is_not_decided_again() -> None:
    asked = []

    def ask(message: Any, ctx: Context) -> Routed:
        asked.append(message.key)
        return Routed(forward=True)

    async with rig() as r:
        r.chain.on_request, r.chain.remembers = ask, True
        client = await r.client()
        for frame in (small(1, "a"), small(1, "a"), small(2, "b"), small(1, "a")):
            assert await client.ask(frame) == reply(frame[11], frame[12:])
            assert r.broker.sessions[0].received[-1] == frame
        assert asked == ["a", "b"]
        assert r.recorder.decisions == ["forwarded"] * 4
        assert len(r.recorder.answers) == 4


async def test_bytes_behind_a_request_are_cut() -> None:
    async with rig() as r:
        client = await r.client()
        frame = small(1, "k")
        stale = (len(frame) - 4 + 3).to_bytes(4, "big") + frame[4:] + b"\1\2\3"
        await client.ask(stale)
        assert r.broker.sessions[0].received == [frame]
        assert r.recorder.told == [Noticed("trailing_bytes_cut")]


async def test_unknown_tags_of_a_request_are_dropped() -> None:
    async with rig() as r:
        client = await r.client()
        plain = request(1, find(), 4)
        assert plain.endswith(b"\0")
        tagged = (len(plain) - 4 + 3).to_bytes(4, "big") + plain[4:-1] + b"\1\x63\1\x07"
        await client.ask(tagged)
        assert r.broker.sessions[0].received == [plain]
        assert r.recorder.told == [Noticed("unknown_tags_dropped")]


async def test_a_request_that_waits_holds_those_behind_it() -> None:
    order = []

    def look_up(message: Any, ctx: Context) -> Steps:
        if message.key == "who":
            yield [LookUp(names=frozenset({"topic"}))]
            order.append(ctx.session.cluster.exists("topic", ctx.now))
        order.append(message.key)
        return Routed(forward=True)

    async with rig() as r:
        r.broker.topics = {"topic": b"i" * 16}
        r.chain.on_request = look_up
        client = await r.client()
        await client.send(small(1, "a") + small(2, "who") + small(3, "b") + small(4, "who"))
        assert await ids(client, 4) == [1, 2, 3, 4]
        assert order == ["a", True, "who", "b", True, "who"]


@pytest.mark.parametrize(("size", "elsewhere"), [(10, False), (1_000_000, True)])
async def test_large_work_is_done_in_a_thread(size: int, elsewhere: bool) -> None:
    threads = []

    def work(message: Any, ctx: Context) -> Steps:
        for _ in range(2):
            yield [Work([lambda: threads.append(threading.current_thread())] * 2, size)]
        return Routed(forward=True)

    async with rig() as r:
        r.chain.on_request = work
        client = await r.client()
        await client.ask(small(1))
        assert len(threads) == 4
        assert all((thread is not threading.main_thread()) == elsewhere for thread in threads)


async def test_a_correlation_id_may_be_negative_and_used_again() -> None:
    async with rig() as r:
        client = await r.client()
        await client.send(small(-1) + small(7) + small(7))
        assert await ids(client, 3) == [-1, 7, 7]


async def test_what_the_chain_finds_wrong_with_the_protocol() -> None:
    def wrong(message: Any, ctx: Context) -> Routed:
        raise ProtocolError("found_out")

    async with rig() as r:
        r.chain.on_request = wrong
        client = await r.client()
        await client.send(small(1))
        await violation(r, client, "client", "found_out")


async def test_a_client_that_is_to_go_gets_what_came_before() -> None:
    async with rig() as r:
        r.chain.on_request = lambda message, ctx: (
            Routed(close="enough") if ctx.header.correlation_id == 2 else Routed(forward=True)
        )
        client = await r.client()
        await client.send(small(1) + small(2) + small(3))
        assert await ids(client, 1) == [1]
        assert await client.closed() == b""
        await r.idle()
        assert r.recorder.closed == ["enough"]
        assert r.recorder.decisions == ["forwarded", "closed"]


async def test_who_is_no_longer_known_is_asked_nothing_more() -> None:
    async with rig() as r:
        client = await r.client()
        await client.ask(small(1))
        r.policy.snapshot = Policy()
        await client.send(small(2))
        await r.idle()
        assert r.recorder.closed == ["principal_revoked"]


async def test_what_broken_glass_is_used_for_is_told() -> None:
    async with rig() as r:
        client = await r.client()
        snapshot = Policy(alice=ALICE)
        snapshot.glass_is_broken = True
        snapshot.break_glass = lambda _: [Grant("incident", 0.0, 1e12, "fire", principal="alice", break_glass=True)]  # type: ignore[attr-defined]
        r.policy.snapshot = snapshot
        await client.ask(small(1))
        assert [type(fact).__name__ for fact in r.recorder.told] == ["GlassBroken"]
