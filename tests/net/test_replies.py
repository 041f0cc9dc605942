from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from tests.net.harness import Steps, rig, until
from tests.net.peers import BrokerConnection, id_of, reply, request, small
from tests.net.scripts import Held, answer_here, answering, find, here, ids, violation, with_then
from zoneproxy.boundary.chain import Routed
from zoneproxy.boundary.facts import Noticed
from zoneproxy.boundary.interceptor import Context, Work
from zoneproxy.wire.codec import encode_response
from zoneproxy.wire.messages.find_coordinator_response import FindCoordinatorResponse


async def test_replies_in_pieces() -> None:
    async def dribble(connection: BrokerConnection, frame: bytes) -> None:
        for byte in reply(id_of(frame), b"body"):
            await connection.send(bytes([byte]))
            await asyncio.sleep(0)

    async with rig(dribble) as r:
        client = await r.client()
        assert await client.ask(small(3)) == reply(3, b"body")


async def test_an_edited_reply_is_written_anew() -> None:
    def edit(response: Any, ctx: Context) -> bool:
        response.host = "edited"
        ctx.facts.append(Noticed("seen"))
        return True

    async with rig(answering(2)) as r:
        r.chain.on_request = with_then
        r.chain.on_reply = edit
        client = await r.client()
        assert await client.ask(small(1)) == encode_response(1, 10, 2, FindCoordinatorResponse(host="edited"))
        assert r.recorder.told == [Noticed("seen")]


async def test_a_reply_that_passes_by_its_bytes_is_not_read() -> None:
    async with rig(answering(2, extra=b"left")) as r:
        r.chain.on_request = with_then
        r.chain.on_bytes = lambda frame: frame.endswith(b"left")
        client = await r.client()
        assert (await client.ask(small(1))).endswith(b"left")


async def test_bytes_behind_a_reply_are_cut_where_it_is_read() -> None:
    async with rig(answering(2, extra=b"secret")) as r:
        r.chain.on_request = with_then
        client = await r.client()
        assert await client.ask(small(1)) == encode_response(1, 10, 2, FindCoordinatorResponse(host="h"))


@pytest.mark.parametrize("keeps", [True, False])
async def test_unknown_tags_of_a_reply_stay_within_a_zone(keeps: bool) -> None:
    plain = encode_response(1, 10, 4, FindCoordinatorResponse())
    tagged = (len(plain) - 4 + 3).to_bytes(4, "big") + plain[4:-1] + b"\1\x63\1\x07"

    async def script(connection: BrokerConnection, frame: bytes) -> None:
        await connection.send(tagged)

    async with rig(script) as r:
        r.chain.keeps = keeps
        for r.chain.on_request in (lambda message, ctx: Routed(forward=True), with_then):
            client = await r.client()
            assert await client.ask(request(1, find(), 4)) == (tagged if keeps else plain)


async def test_a_reply_that_waits_holds_those_behind_it() -> None:
    gate = threading.Event()

    def wait(response: Any, ctx: Context) -> Steps:
        if ctx.header.correlation_id == 1:
            yield [Work([lambda: gate.wait(20)], 1_000_000)]
        response.host = "seen"
        return True

    async with rig(answering(2)) as r:
        r.chain.on_request = with_then
        r.chain.on_reply = wait
        client = await r.client()
        await client.send(small(1) + small(2))
        await until(lambda: r.broker.sessions and len(r.broker.sessions[0].received) == 2)
        gate.set()
        assert await ids(client, 2) == [1, 2]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (reply(2), "correlation_id"),
        (b"\0\0\0\2\0\0", "truncated"),
        (b"\x7f\xff\xff\xff", "frame_too_large"),
        (b"\xff\xff\xff\xff", "frame_length"),
    ],
)
async def test_a_broker_that_answers_wrongly_is_closed_with_its_client(answer: bytes, reason: str) -> None:
    async def script(connection: BrokerConnection, frame: bytes) -> None:
        await connection.send(answer)

    async with rig(script) as r:
        client = await r.client()
        await client.send(small(1))
        await violation(r, client, "upstream", reason)


async def test_a_reply_that_nobody_asked_for() -> None:
    async def twice(connection: BrokerConnection, frame: bytes) -> None:
        await connection.send(reply(id_of(frame)) * 2)

    async with rig(twice) as r:
        client = await r.client()
        assert await client.ask(small(1)) == reply(1)
        await violation(r, client, "upstream", "unasked_reply")


async def test_a_reply_that_cannot_be_read() -> None:
    async def script(connection: BrokerConnection, frame: bytes) -> None:
        await connection.send(reply(id_of(frame), b"\0"))

    async with rig(script) as r:
        r.chain.on_request = with_then
        client = await r.client()
        await client.send(small(1))
        await violation(r, client, "upstream", "truncated")


async def test_an_answer_given_here_goes_out_when_it_is_its_turn() -> None:
    held = Held()
    async with rig(held) as r:
        r.chain.on_request = answer_here
        client = await r.client()
        await client.send(small(1) + small(2, "here"))
        await until(lambda: len(r.recorder.decisions) == 2)
        assert len(r.recorder.answers) == 0
        held.free.set()
        assert await client.receive() == reply(1)
        assert await client.receive() == here(2)
        size, seconds, added = r.recorder.answers[1]
        assert size == len(here(2))
        assert 0 <= added < seconds


async def test_a_reply_in_the_works_is_given_up_with_its_session() -> None:
    gate = threading.Event()

    def wait(response: Any, ctx: Context) -> Steps:
        yield [Work([lambda: gate.wait(20)], 1_000_000)]
        raise AssertionError("goes on after the end")

    async with rig(answering(2)) as r:
        r.chain.on_request = with_then
        r.chain.on_reply = wait
        client = await r.client()
        await client.send(small(1))
        session = await r.session()
        await until(lambda: session.replies.waiting)
        session.abort("test")
        gate.set()
        await r.idle()
        assert not r.recorder.faults
