from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.net.harness import ALICE, Policy, Steps, rig, until
from tests.net.peers import BrokerConnection, correlation_of, id_of, produce, reply, request, small
from tests.net.scripts import Held, answer_here, answering, here, ids, long_message, silent, violation, with_then
from tests.net.test_relogin import Demanding
from tests.net.test_relogin import broker as sasl_broker
from zoneproxy.boundary.chain import Routed
from zoneproxy.boundary.interceptor import Context, Work
from zoneproxy.identity.login.plain import PlainLogin
from zoneproxy.net.login import Login
from zoneproxy.policy.model import PeerFacts, Principal, Zone
from zoneproxy.wire.codec import encode_response
from zoneproxy.wire.messages.find_coordinator_response import FindCoordinatorResponse

BIG = 300_000


# --- how much may wait


async def test_requests_in_flight_are_bounded_and_none_is_lost() -> None:
    held = Held()
    async with rig(held, max_in_flight_requests=8) as r:
        client = await r.client()
        await client.send(b"".join(small(n) for n in range(500)))
        await until(lambda: r.broker.sessions and len(r.broker.sessions[0].received) == 8)
        await client.send(b"".join(small(n) for n in range(500, 600)))
        await asyncio.sleep(0.02)
        assert len(r.broker.sessions[0].received) == 8
        assert r.sessions.in_flight() == {"green": 8}
        held.free.set()
        assert await ids(client, 600) == list(range(600))


async def test_bytes_in_flight_are_bounded_and_a_larger_request_goes_alone() -> None:
    held = Held()
    async with rig(held, max_in_flight_bytes=1000) as r:
        client = await r.client()
        await client.send(b"".join(request(n, long_message(5000), 2) for n in range(3)))
        await until(lambda: r.broker.sessions and len(r.broker.sessions[0].received) == 1)
        await asyncio.sleep(0.02)
        assert len(r.broker.sessions[0].received) == 1
        held.free.set()
        assert await ids(client, 3) == [0, 1, 2]


async def test_a_client_that_does_not_read_stops_the_broker() -> None:
    body = b"b" * BIG

    async def generous(connection: BrokerConnection, frame: bytes) -> None:
        connection.writer.write(reply(id_of(frame), body))

    async with rig(generous) as r:
        client = await r.client()
        client.writer.transport.pause_reading()  # type: ignore[attr-defined]
        await client.send(b"".join(small(n) for n in range(64)))
        await until(lambda: r.broker.sessions and len(r.broker.sessions[0].received) == 64)
        session = await r.session()
        await until(lambda: not session.client.writable)
        await asyncio.sleep(0.02)
        assert session.held < 3 * 1024 * 1024
        other = await r.client()
        assert len(await other.ask(small(1))) == BIG + 8
        client.writer.transport.resume_reading()  # type: ignore[attr-defined]
        assert await ids(client, 64) == list(range(64))


async def test_a_broker_that_does_not_read_stops_the_client() -> None:
    gate = asyncio.Event()

    async def slow(connection: BrokerConnection, frame: bytes) -> None:
        await gate.wait()
        await connection.send(reply(id_of(frame)))

    async with rig(slow) as r:
        client = await r.client()
        sending = asyncio.ensure_future(client.send(b"".join(request(n, long_message(BIG), 2) for n in range(60))))
        session = await r.session()
        await until(lambda: session.upstream is not None and not session.upstream.writable)
        await asyncio.sleep(0.02)
        assert session.held < 5 * 1024 * 1024
        gate.set()
        assert await ids(client, 60) == list(range(60))
        await sending


async def test_one_client_with_endless_requests_does_not_keep_others_waiting() -> None:
    async with rig() as r:
        r.chain.on_request = answer_here
        first, second = await r.client(), await r.client()
        await second.ask(small(0))
        first.writer.write(b"".join(small(n, "here") for n in range(5_000)))
        await until(lambda: r.recorder.decisions)
        assert await second.ask(small(1)) == reply(1, small(1)[12:])
        assert len(r.recorder.decisions) < 5_000
        assert await ids(first, 5_000) == list(range(5_000))


# --- bytes that are not the protocol


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xff\xff\xff\xff", "frame_length"),
        (b"\0\0\0\0", "frame_length"),
        (b"GET / HTTP/1.1\r\n\r\n", "frame_too_large"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01", "frame_too_large"),
        (b"\0\0\0\3abc", "truncated"),
        (reply(1, b"\xff\xff\xff\xff"), None),
    ],
)
async def test_a_client_that_speaks_no_kafka_is_closed(data: bytes, reason: str | None) -> None:
    async with rig() as r:
        other, client = await r.client(), await r.client()
        await client.send(data)
        assert await client.closed() == b""
        await until(lambda: r.recorder.closed)
        assert [side for side, _ in r.recorder.errors] == ["client"]
        assert reason in (None, r.recorder.errors[0][1])
        assert await other.ask(small(1)) == reply(1, small(1)[12:])


async def test_the_frame_cap_holds_after_authentication() -> None:
    async with rig(max_frame=1000) as r:
        client = await r.client()
        await client.ask(small(1, "x" * 800))
        await client.send((1001).to_bytes(4, "big"))
        await violation(r, client, "client", "frame_too_large")


# --- faults of ours close, and let nothing through


class Broken(Exception):
    pass


def _break(*_args: Any) -> Any:
    raise Broken("with details")


def _break_later(*_args: Any) -> Any:
    yield [Work([_break], 1_000_000)]


@pytest.mark.parametrize("place", ["admit", "request", "reply", "request later", "reply later"])
async def test_an_exception_of_the_chain_closes_both(place: str) -> None:
    async with rig(answering(2)) as r:
        if place == "admit":
            r.chain.on_admit = _break
        elif place.startswith("request"):
            r.chain.on_request = _break_later if "later" in place else _break
        else:
            r.chain.on_request = with_then
            r.chain.on_reply = _break_later if "later" in place else _break
        client = await r.client()
        await client.send(small(1) + small(2))
        assert await client.closed() == b""
        await r.idle()
        assert r.recorder.faults == [(10, "Broken")]
        assert r.recorder.closed == ["internal_error"]
        forwarded = [frame for connection in r.broker.sessions for frame in connection.received]
        assert bool(forwarded) == place.startswith("reply")


async def test_a_message_of_ours_that_cannot_be_written() -> None:
    async with rig() as r:
        r.chain.on_request = lambda message, ctx: Routed(reply=FindCoordinatorResponse(node_id=1 << 40))
        client = await r.client()
        await client.send(small(1))
        assert await client.closed() == b""
        await r.idle()
        assert r.recorder.closed == ["internal_error"]


# --- the end


@pytest.mark.parametrize("answered", [True, False])
async def test_the_chain_closes_after_all_answers_are_out(answered: bool) -> None:
    held = Held()

    def close(message: Any, ctx: Context) -> Routed:
        if message.key == "close":
            return Routed(reply=FindCoordinatorResponse(host="here") if answered else None, close="refused")
        return Routed(forward=True)

    async with rig(held) as r:
        r.chain.on_request = close
        client = await r.client()
        await client.send(small(1) + small(2, "close") + small(3))
        await until(lambda: r.broker.sessions)
        held.free.set()
        assert await client.closed() == reply(1) + (here(2) if answered else b"")
        await r.idle()
        assert r.recorder.closed == ["refused"]
        assert r.recorder.decisions == ["forwarded", "replied" if answered else "closed"]


async def test_a_client_that_stops_sending_gets_its_answers() -> None:
    held = Held()
    async with rig(held) as r:
        client = await r.client()
        await client.send(small(1) + small(2))
        client.writer.write_eof()
        await until(lambda: r.broker.sessions and len(r.broker.sessions[0].received) == 2)
        held.free.set()
        assert await client.closed() == reply(1) + reply(2)
        await r.idle()
        assert r.recorder.closed == ["client_closed"]


async def test_a_frame_that_is_cut_short_is_never_forwarded() -> None:
    async with rig() as r:
        client = await r.client()
        await client.send(small(1) + small(2)[:-1])
        client.writer.write_eof()
        assert correlation_of(await client.closed()) == 1
        await r.idle()
        assert r.broker.sessions[0].received == [small(1)]
        assert r.recorder.closed == ["truncated"]


async def test_a_client_that_says_nothing_costs_no_broker_connection() -> None:
    async with rig() as r:
        before = len(r.broker.connections)
        client = await r.client()
        await until(lambda: len(r.sessions))
        await client.send(small(1)[:-1])
        client.writer.close()
        await r.idle()
        assert len(r.broker.connections) == before
        assert r.recorder.closed == ["truncated"]


async def test_the_last_words_of_a_client_that_has_gone_are_forwarded() -> None:
    async with rig(silent) as r:
        r.chain.on_request = lambda message, ctx: Routed(forward=True, expects_reply=False)
        client = await r.client()
        await client.send(b"".join(produce(n, acks=0) for n in range(300)))
        client.writer.close()
        await r.idle()
        await until(lambda: len(r.broker.sessions[0].received) == 300)


async def test_a_client_that_breaks_off_takes_its_broker_connection_along() -> None:
    async with rig(silent) as r:
        client = await r.client()
        await client.send(small(1))
        await until(lambda: r.broker.sessions)
        client.reset()
        await r.idle()
        assert r.recorder.closed == ["client_reset"]
        await until(lambda: r.broker.sessions[0].writer.is_closing())


async def test_answers_that_came_before_the_broker_went_are_delivered() -> None:
    async def once(connection: BrokerConnection, frame: bytes) -> None:
        if len(connection.received) == 3:
            await connection.send(reply(1) + reply(2))
            connection.writer.close()

    async with rig(once) as r:
        client = await r.client()
        await client.send(small(1) + small(2) + small(3))
        assert await client.closed() == reply(1) + reply(2)
        await r.idle()
        assert r.recorder.closed == ["upstream_closed"]


async def test_an_answer_in_the_works_is_delivered_after_the_broker_went() -> None:
    gate = threading.Event()

    def wait(response: Any, ctx: Context) -> Steps:
        yield [Work([lambda: gate.wait(20)], 1_000_000)]
        return False

    async def once(connection: BrokerConnection, frame: bytes) -> None:
        whole = encode_response(id_of(frame), 10, 2, FindCoordinatorResponse(host="h"))
        await connection.send(whole)
        connection.writer.close()

    async with rig(once) as r:
        r.chain.on_request = with_then
        r.chain.on_reply = wait
        client = await r.client()
        await client.send(small(1))
        session = await r.session()
        await until(lambda: session.upstream is not None and session.replies.waiting)
        gate.set()
        assert await client.closed() == encode_response(1, 10, 2, FindCoordinatorResponse(host="h"))


async def test_a_broker_that_breaks_off_in_the_middle_of_a_reply() -> None:
    async def half(connection: BrokerConnection, frame: bytes) -> None:
        await connection.send(reply(id_of(frame), b"body")[:-2])
        await connection.reset()

    async with rig(half) as r:
        client = await r.client()
        await client.send(small(1))
        assert await client.closed() == b""
        await r.idle()
        assert r.recorder.closed == ["upstream_closed"]


async def test_a_broker_that_cannot_be_reached() -> None:
    async with rig() as r:
        client = await r.client()
        await r.broker.stop()
        await client.send(small(1))
        assert await client.closed() == b""
        await r.idle()
        assert r.recorder.closed == ["upstream_unreachable"]


async def test_a_fault_while_dialling(monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig() as r:
        monkeypatch.setattr("zoneproxy.net.upstream.Dialler._dial_any", _break)
        client = await r.client()
        await client.send(small(1))
        assert await client.closed() == b""
        await r.idle()
        assert r.recorder.faults == [(-1, "Broken")]
        monkeypatch.undo()


async def test_a_client_that_leaves_while_its_broker_is_dialled(monkeypatch: pytest.MonkeyPatch) -> None:
    dialling, go_on = asyncio.Event(), asyncio.Event()

    async with rig() as r:
        dialler = r.listener._route.dialler
        plain = type(dialler)._ask_versions

        async def slowly(self: Any, asker: Any) -> Any:
            dialling.set()
            await go_on.wait()
            return await plain(self, asker)

        monkeypatch.setattr(type(dialler), "_ask_versions", slowly)
        client = await r.client()
        await client.send(small(1))
        await dialling.wait()
        for session in tuple(r.sessions._sessions):
            session.abort("test")
        go_on.set()
        await r.idle()
        assert r.recorder.closed == ["test"]
        await until(lambda: r.broker.connections[-1].writer.is_closing())
        monkeypatch.undo()


async def test_a_session_closed_just_as_its_broker_is_there() -> None:
    async with rig() as r:
        client = await r.client()
        await client.send(small(1))
        session = await r.session()
        await until(lambda: (session._dialling is not None and session._dialling.done()) or session.upstream)
        session.close("test")
        await r.idle()


# --- deadlines


async def test_a_first_request_that_takes_too_long() -> None:
    async with rig(handshake=0.05) as r:
        slow, idle = await r.client(), await r.client()
        await slow.send(small(1)[:-1])
        assert await slow.closed() == b""
        assert r.recorder.errors == [("client", "slow")]
        assert await idle.ask(small(1)) == reply(1, small(1)[12:])


async def test_a_connection_without_a_byte() -> None:
    async with rig(idle=0.1) as r:
        client = await r.client()
        await client.ask(small(1))
        assert await client.closed() == b""
        await r.idle()
        assert r.recorder.closed == ["idle"]


async def test_a_client_that_never_reads_again() -> None:
    async def generous(connection: BrokerConnection, frame: bytes) -> None:
        connection.writer.write(reply(id_of(frame), b"b" * 10_000_000))

    async with rig(generous, stall=0.1) as r:
        client = await r.client()
        client.writer.transport.pause_reading()  # type: ignore[attr-defined]
        await client.send(small(1) + small(2))
        await until(lambda: r.recorder.closed)
        assert r.recorder.closed == ["stalled"]


async def test_a_client_that_does_not_take_the_last_words() -> None:
    async def generous(connection: BrokerConnection, frame: bytes) -> None:
        connection.writer.write(reply(id_of(frame), b"b" * 10_000_000) + reply(99))

    async with rig(generous, close=0.1) as r:
        client = await r.client()
        client.writer.transport.pause_reading()  # type: ignore[attr-defined]
        await client.send(small(1))
        await until(lambda: r.broker.sessions)
        session = await r.session()
        await until(lambda: session.client.unsent)
        session.close("test")
        await r.idle()
        assert r.recorder.closed == ["test"]


# --- drain


async def test_draining_finishes_what_is_in_flight() -> None:
    held = Held()
    async with rig(held) as r:
        idle, busy = await r.client(), await r.client()
        await busy.send(small(1))
        await until(lambda: r.broker.sessions and len(r.sessions) == 2)
        draining = asyncio.ensure_future(r.sessions.drain(20))
        assert await idle.closed() == b""
        await busy.send(small(2))
        await asyncio.sleep(0.01)
        held.free.set()
        assert await busy.closed() == reply(1)
        await draining
        assert r.recorder.closed == ["drained", "drained"]
        assert [len(connection.received) for connection in r.broker.sessions] == [1]


async def test_draining_ends_in_time() -> None:
    async with rig(silent) as r:
        client = await r.client()
        await client.send(small(1))
        await until(lambda: r.broker.sessions)
        await r.sessions.drain(0.05)
        assert not len(r.sessions)
        assert r.recorder.closed == ["drain_timeout"]


# --- policy changes


async def test_each_request_is_decided_for_who_the_client_is_now() -> None:
    seen = []

    def see(ctx: Context) -> None:
        seen.append((ctx.session.principal.zone, ctx.snapshot))

    async with rig() as r:
        r.chain.on_admit = see
        client = await r.client()
        await client.ask(small(1))
        first, r.policy.snapshot = r.policy.snapshot, Policy(alice=Principal("alice", "red"))
        await client.ask(small(2))
        assert seen == [("green", first), ("red", r.policy.snapshot)]
        r.policy.snapshot = Policy(bob=ALICE)
        await client.send(small(3))
        assert await client.closed() == b""
        await r.idle()
        assert r.recorder.closed == ["principal_revoked"]
        assert len(r.broker.sessions[0].received) == 2


async def test_what_is_told_names_who_the_client_is_now() -> None:
    async with rig() as r:
        client = await r.client()
        await client.ask(small(1))
        session = await r.session()
        assert session.connection.principal == "alice"
        r.policy.snapshot = Policy(alice=Principal("carol", "green"))
        await client.ask(small(2))
        assert session.connection.principal == "carol"
        assert session.principal == Principal("carol", "green")


async def test_what_holds_changes_with_time_and_takes_effect_at_the_next_request() -> None:
    seen = []
    async with rig() as r:
        r.chain.on_admit = lambda ctx: seen.append((ctx.session.principal.zone, ctx.snapshot))
        client = await r.client()
        await client.ask(small(1))
        first = r.policy.snapshot
        first.later = Policy(alice=Principal("alice", "red"))
        await client.ask(small(2))
        assert seen == [("green", first), ("red", first.later)]


async def test_a_zone_that_asks_for_more_than_the_connection_has_closes_it() -> None:
    async with rig() as r:
        client = await r.client()
        await client.ask(small(1))
        r.policy.snapshot = Policy(alice=Principal("alice", "green"))
        r.policy.snapshot.zones["green"] = Zone("green", "public", 0, "owner", "upstream", "1.2")
        await client.send(small(2))
        assert await client.closed() == b""
        await r.idle()
        assert r.recorder.closed == ["encryption"]


# --- what is left over: nothing


async def test_cancelled_work_is_given_up_with_its_session() -> None:
    gate = threading.Event()

    def wait(message: Any, ctx: Context) -> Steps:
        yield [Work([lambda: gate.wait(20)], 1_000_000)]
        raise AssertionError("goes on after the end")

    async with rig() as r:
        r.chain.on_request = wait
        client = await r.client()
        await client.send(small(1))
        session = await r.session()
        await until(lambda: session.requests._driver.busy)
        session.abort("test")
        gate.set()
        await r.idle()
        assert not r.recorder.faults


async def test_a_session_ends_with_the_certificate_that_opened_it() -> None:
    async with rig() as r:
        client = await r.client()
        await client.ask(small(1))
        (await r.session())._ends = 1.0
        assert await client.closed() == b""
        await r.idle()
        assert r.recorder.closed == ["certificate_expired"]


async def test_a_client_that_has_proved_itself_again_is_who_it_is_now() -> None:
    async with rig() as r:
        client = await r.client()
        await client.ask(small(1))
        session = await r.session()
        renewed = Principal("alice", "green", groups=frozenset({"crew"}))
        session.renew(PeerFacts(), renewed)
        assert session.facts is not None
        assert session.principal is session.facts.principal is renewed


async def test_a_session_logs_in_again_where_its_broker_wants_that() -> None:
    script = Demanding(0.1)
    with ThreadPoolExecutor(1) as executor:
        login = Login("PLAIN", lambda _host, _now: PlainLogin("zoneproxy", "x"), lambda: 1.0, executor)
        async with rig(script, broker=sasl_broker(), login=login) as r:
            client = await r.client()
            await client.ask(small(1))
            before = script.logins
            await until(lambda: script.logins > before + 2)
            assert len(await client.ask(small(2)))
