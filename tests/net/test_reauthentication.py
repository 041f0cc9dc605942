from __future__ import annotations

import time

import pytest

from tests.identity.sasl.kit import RIGHT, WRONG, ScramClient
from tests.net.harness import Rig, until
from tests.net.peers import Client, small
from tests.net.sasl_kit import (
    BOB,
    BOBS,
    SaslPolicy,
    authenticate,
    authenticate_frame,
    authenticated,
    handshake,
    handshake_frame,
    log_in,
    plain,
    recorder_of,
    sasl_rig,
    token_of,
)
from zoneproxy.net.reauthentication import with_sasl
from zoneproxy.policy.model import PeerFacts, Principal, SaslFacts
from zoneproxy.wire.error_codes import ErrorCode

ILLEGAL, FAILED = ErrorCode.ILLEGAL_SASL_STATE, ErrorCode.SASL_AUTHENTICATION_FAILED


class Clock:
    """The time, and what is added to it."""

    def __init__(self) -> None:
        self.later = 0.0

    def __call__(self) -> float:
        return time.time() + self.later


async def closed(r: Rig, client: Client, reason: str) -> None:
    assert await client.closed() == b""
    await r.idle()
    assert r.recorder.closed == [reason]
    assert not r.recorder.faults


def test_what_was_proved_stays_together() -> None:
    facts = SaslFacts("PLAIN", "alice")
    assert with_sasl(None, facts) == PeerFacts(certified=False, sasl=facts)
    assert with_sasl(PeerFacts(dns=("a.b.c",)), facts) == PeerFacts(dns=("a.b.c",), sasl=facts)


async def test_again_in_the_stream_of_requests() -> None:
    clock = Clock()
    async with sasl_rig(max_session=60, clock=clock) as r:
        client = await r.client()
        assert (await log_in(client)).session_lifetime_ms == 60_000
        await client.ask(small(3))
        clock.later = 59
        frames = handshake_frame("PLAIN", correlation_id=4), authenticate_frame(plain("alice", RIGHT), correlation_id=5)
        await client.send(small(6) + frames[0] + frames[1] + small(7))
        answers = [await client.receive() for _ in range(4)]
        assert [answer[7] for answer in answers] == [6, 4, 5, 7]
        assert authenticated(answers[2]).session_lifetime_ms == 60_000
        clock.later = 118
        assert (await client.ask(small(8)))[7] == 8
        assert recorder_of(r).authentications == [("PLAIN", "accepted"), ("PLAIN", "renewed")]


async def test_by_scram_and_with_a_token() -> None:
    async with sasl_rig() as r:
        first, says = await r.client(), ScramClient("SCRAM-SHA-512", "alice", RIGHT)
        second = await r.client()
        for _ in range(2):
            await handshake(first, "SCRAM-SHA-512")
            challenge = await authenticate(first, says.first())
            assert (await authenticate(first, says.final(challenge.auth_bytes))).error_code == 0
            await handshake(second, "OAUTHBEARER")
            assert (await authenticate(second, token_of("alice"))).session_lifetime_ms > 0
        await first.ask(small(3))
        await second.ask(small(3))
        assert sorted(recorder_of(r).authentications) == [
            (mechanism, result) for mechanism in ("OAUTHBEARER", "SCRAM-SHA-512") for result in ("accepted", "renewed")
        ]


async def test_a_request_after_the_end_ends_it() -> None:
    clock = Clock()
    async with sasl_rig(max_session=60, clock=clock) as r:
        client = await r.client()
        await log_in(client)
        await client.ask(small(3))
        clock.later = 61
        await client.send(small(4))
        await closed(r, client, "session_expired")


async def test_nor_is_one_taken_after_the_end_that_was_decided_before() -> None:
    clock = Clock()
    async with sasl_rig(max_session=60, clock=clock) as r:
        r.chain.remembers = True
        client = await r.client()
        await log_in(client)
        for _ in range(2):
            await client.ask(small(3))
        clock.later = 61
        await client.send(small(3))
        await closed(r, client, "session_expired")


async def test_after_the_end_one_may_still_authenticate() -> None:
    clock = Clock()
    async with sasl_rig(max_session=60, clock=clock) as r:
        client = await r.client()
        await log_in(client)
        await client.ask(small(3))
        clock.later = 61
        await log_in(client)
        assert (await client.ask(small(4)))[7] == 4


async def test_nobody_becomes_somebody_else() -> None:
    async with sasl_rig() as r:
        client = await r.client()
        await log_in(client)
        await handshake(client, "PLAIN")
        done = await authenticate(client, plain("bob", BOB))
        assert done.error_code == FAILED
        expected = "Cannot change principals during re-authentication from User.alice: User.bob"
        assert done.error_message == expected
        await closed(r, client, "authentication_failed")
        assert recorder_of(r).authentications[1:] == [("PLAIN", "other_principal")]


async def test_the_mechanism_stays() -> None:
    async with sasl_rig() as r:
        client = await r.client()
        await log_in(client)
        await handshake(client, "OAUTHBEARER")
        done = await authenticate(client, token_of("alice"))
        assert done.error_code == FAILED
        assert done.error_message is not None
        assert "is not supported for re-authentication of mechanism 'PLAIN'" in done.error_message
        await closed(r, client, "authentication_failed")


@pytest.mark.parametrize("mechanism", ["PLAIN", "GSSAPI"])
async def test_what_fails_ends_the_session(mechanism: str) -> None:
    async with sasl_rig() as r:
        client = await r.client()
        await log_in(client)
        await client.ask(small(3))
        answer = await handshake(client, mechanism)
        if mechanism == "PLAIN":
            assert (await authenticate(client, plain("alice", WRONG))).error_code == FAILED
        else:
            assert answer.error_code == ErrorCode.UNSUPPORTED_SASL_MECHANISM
        await closed(r, client, "authentication_failed")


async def test_who_is_no_longer_anybody() -> None:
    async with sasl_rig() as r:
        client = await r.client()
        await log_in(client)
        await client.ask(small(3))
        await handshake(client, "PLAIN")
        r.policy.snapshot.principals["alice"] = Principal("alice", "green", groups=frozenset({"new"}))
        assert (await authenticate(client, plain("alice", RIGHT))).error_code == 0
        session = await r.session()
        assert session.principal is not None
        assert session.principal.groups == {"new"}
        assert session.facts is not None
        assert session.facts.principal is session.principal
        clock = r.listener._route.sasl
        assert clock is not None


async def test_a_principal_that_is_gone_is_refused() -> None:
    async with sasl_rig() as r:
        client = await r.client()
        await log_in(client)
        await handshake(client, "PLAIN")
        del r.policy.snapshot.principals["alice"]
        assert (await authenticate(client, plain("alice", RIGHT))).error_code == FAILED
        await closed(r, client, "authentication_failed")


async def test_nothing_comes_between() -> None:
    async with sasl_rig() as r:
        client = await r.client()
        await log_in(client)
        await handshake(client, "PLAIN")
        await client.send(small(3))
        await closed(r, client, "unfinished_authentication")


async def test_not_twice_within_a_second_and_not_without_a_handshake() -> None:
    clock = Clock()
    async with sasl_rig(clock=clock) as r:
        client = await r.client()
        await log_in(client)
        done = await authenticate(client, plain("alice", RIGHT))
        assert (done.error_code, done.error_message) == (
            ILLEGAL,
            "SaslAuthenticate request received after successful authentication",
        )
        await log_in(client)
        assert (await handshake(client, "PLAIN")).error_code == ILLEGAL
        assert (await client.ask(small(3)))[7] == 3
        clock.later = 2
        await log_in(client)


async def test_a_handshake_in_an_unknown_version_is_for_the_chain_to_refuse() -> None:
    async with sasl_rig() as r:
        seen: list[int] = []

        def refuse(ctx: object) -> None:
            seen.append(1)

        client = await r.client()
        await log_in(client)
        r.chain.on_admit = refuse  # type: ignore[assignment]
        await client.send(b"\0\0\0\x0a\0\x11\0\x09\0\0\0\1\xff\xff")
        await closed(r, client, "protocol_error")
        await until(lambda: seen)


async def test_who_has_got_another_name_proves_to_be_that_one() -> None:
    carol = Principal("carol", "green")
    async with sasl_rig(max_session=60) as r:
        client = await r.client()
        await log_in(client)
        await client.ask(small(3))
        r.policy.snapshot = SaslPolicy(alice=carol, bob=BOBS)
        await client.ask(small(4))
        await handshake(client, "PLAIN")
        assert (await authenticate(client, plain("alice", RIGHT))).error_code == ErrorCode.NONE
        session = await r.session()
        assert session.principal == carol
