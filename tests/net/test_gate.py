from __future__ import annotations

import asyncio

import pytest

from tests.identity.sasl.kit import RIGHT, WRONG, ScramClient, signed
from tests.net.harness import Rig, until
from tests.net.peers import Client, produce, request, small
from tests.net.sasl_kit import (
    BOB,
    MECHANISMS,
    authenticate,
    authenticate_frame,
    handshake,
    handshake_frame,
    log_in,
    plain,
    recorder_of,
    sasl_rig,
    scram,
    token_of,
)
from zoneproxy.net import gate as module
from zoneproxy.net.gate import MAX_SASL_FRAME
from zoneproxy.wire.codec import decode_response
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.api_versions_request import ApiVersionsRequest
from zoneproxy.wire.messages.api_versions_response import ApiVersionsResponse

ILLEGAL, FAILED = ErrorCode.ILLEGAL_SASL_STATE, ErrorCode.SASL_AUTHENTICATION_FAILED


async def turned_away(r: Rig, client: Client, *reasons: str) -> None:
    """Closed without a word, and nothing was dialled for it."""
    assert await client.closed() == b""
    await r.idle()
    (reason,) = r.recorder.refused
    assert reason in reasons
    assert not r.recorder.opened
    assert not r.recorder.faults
    assert not r.broker.sessions


async def refused(r: Rig, client: Client, mechanism: str, reason: str) -> None:
    await turned_away(r, client, "authentication_failed")
    assert recorder_of(r).authentications == [(mechanism, reason)]


async def versions(client: Client, version: int = 4, name: str = "test") -> ApiVersionsResponse:
    message = ApiVersionsRequest(client_software_name=name, client_software_version="1")
    asked = 4 if version > 4 else version
    frame = bytearray(request(7, message, asked))
    frame[6:8] = version.to_bytes(2, "big")
    answered = 0 if version > 4 else version
    decoded = decode_response(await client.ask(bytes(frame)), ApiKey.API_VERSIONS, answered).message
    assert isinstance(decoded, ApiVersionsResponse)
    return decoded


# --- who gets in ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [0, 1, 2])
async def test_a_password(version: int) -> None:
    async with sasl_rig() as r:
        client = await r.client()
        assert (await handshake(client, "PLAIN")).mechanisms == list(MECHANISMS)
        done = await authenticate(client, plain("alice", RIGHT), version)
        assert (done.error_code, done.session_lifetime_ms) == (0, 0)
        assert (await client.ask(small(1)))[4:8] == b"\0\0\0\1"
        assert [opened.principal for opened in r.recorder.opened] == ["alice"]
        assert recorder_of(r).authentications == [("PLAIN", "accepted")]


async def test_scram_and_a_token() -> None:
    async with sasl_rig() as r:
        first, second = await r.client(), await r.client()
        assert (await scram(first, "bob", BOB)).auth_bytes.startswith(b"v=")
        await handshake(second, "OAUTHBEARER")
        done = await authenticate(second, token_of("alice"))
        assert done.error_code == 0
        assert 0 < done.session_lifetime_ms <= 330_000
        await until(lambda: len(r.recorder.opened) == 2)
        assert {opened.principal for opened in r.recorder.opened} == {"alice", "bob"}


async def test_requests_may_come_right_behind_the_last_token() -> None:
    async with sasl_rig() as r:
        client = await r.client()
        await handshake(client, "PLAIN")
        await client.send(authenticate_frame(plain("alice", RIGHT)) + small(3) + small(4))
        assert [(await client.receive())[7] for _ in range(3)] == [2, 3, 4]


async def test_bytes_may_come_one_by_one() -> None:
    async with sasl_rig() as r:
        client = await r.client()
        for frame in (handshake_frame("PLAIN"), authenticate_frame(plain("alice", RIGHT)), small(3)):
            for byte in frame:
                await client.send(bytes([byte]))
                await asyncio.sleep(0)
            await client.receive()
        assert r.recorder.opened


# --- ApiVersions ---------------------------------------------------------------------------------------------


async def test_versions_are_told_from_what_is_known_and_sasl_is_among_them() -> None:
    async with sasl_rig() as r:
        client = await r.client(node=0)
        answer = await versions(client)
        spans = {api.api_key: (api.min_version, api.max_version) for api in answer.api_keys}
        assert spans[ApiKey.SASL_HANDSHAKE] == (0, 1)
        assert spans[ApiKey.SASL_AUTHENTICATE] == (0, 2)
        assert ApiKey.PRODUCE in spans
        assert [api.api_key for api in answer.api_keys] == sorted(spans)
        assert not r.broker.sessions
        await log_in(client)


async def test_a_version_that_is_too_new_may_be_asked_for_once_more() -> None:
    async with sasl_rig() as r:
        client = await r.client()
        answer = await versions(client, version=9)
        assert answer.error_code == ErrorCode.UNSUPPORTED_VERSION
        assert [(api.api_key, api.max_version) for api in answer.api_keys] == [(ApiKey.API_VERSIONS, 4)]
        assert (await versions(client)).error_code == 0
        await log_in(client)


async def test_names_of_software_are_names() -> None:
    async with sasl_rig() as r:
        client = await r.client()
        assert (await versions(client, name="a b")).error_code == ErrorCode.INVALID_REQUEST
        assert (await versions(client)).error_code == 0


async def test_one_good_answer_is_enough() -> None:
    async with sasl_rig() as r:
        client = await r.client()
        await versions(client)
        await client.send(request(8, ApiVersionsRequest(), 0))
        await turned_away(r, client, "unauthenticated_request")


async def test_asking_for_versions_has_an_end() -> None:
    async with sasl_rig() as r:
        client = await r.client()
        for _ in range(3):
            await versions(client, version=9)
        await client.send(request(8, ApiVersionsRequest(), 0))
        await turned_away(r, client, "unauthenticated_request")


async def test_a_negative_version_is_none() -> None:
    async with sasl_rig() as r:
        client = await r.client()
        frame = bytearray(request(8, ApiVersionsRequest(), 0))
        frame[6:8] = b"\xff\xff"
        await client.send(bytes(frame))
        await turned_away(r, client, "unsupported_version")


async def test_nothing_is_told_of_an_upstream_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    async with sasl_rig() as r:
        monkeypatch.setattr(r.cluster, "common_versions", lambda: None)
        client = await r.client()
        await client.send(request(8, ApiVersionsRequest(), 0))
        await turned_away(r, client, "upstream_unknown")


# --- what is out of order ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "frame",
    [
        pytest.param(produce(1), id="produce"),
        pytest.param(small(1), id="find coordinator"),
        pytest.param(authenticate_frame(b"\0alice\0x"), id="authenticate first"),
        pytest.param(b"\0\0\0\x0a\x27\x0f\0\0\0\0\0\1\xff\xff", id="unknown key"),
        pytest.param(b"\0\0\0\x0a\0\x11\0\x09\0\0\0\1\xff\xff", id="unknown version of the handshake"),
    ],
)
async def test_nothing_else_comes_before_authentication(frame: bytes) -> None:
    async with sasl_rig() as r:
        client = await r.client()
        await client.send(frame)
        await turned_away(r, client, "unauthenticated_request")


@pytest.mark.parametrize("frame", [produce(1), request(8, ApiVersionsRequest(), 0)])
async def test_nothing_else_comes_after_the_handshake(frame: bytes) -> None:
    async with sasl_rig() as r:
        client = await r.client()
        await handshake(client, "PLAIN")
        await client.send(frame)
        await turned_away(r, client, "unauthenticated_request")


async def test_unknown_mechanisms() -> None:
    async with sasl_rig() as r:
        client = await r.client()
        answer = await handshake(client, "GSSAPI")
        assert (answer.error_code, answer.mechanisms) == (ErrorCode.UNSUPPORTED_SASL_MECHANISM, list(MECHANISMS))
        await refused(r, client, "none", "mechanism")


async def test_mechanisms_are_those_of_the_listener() -> None:
    async with sasl_rig(mechanisms=["SCRAM-SHA-512"]) as r:
        client = await r.client()
        assert (await handshake(client, "PLAIN")).mechanisms == ["SCRAM-SHA-512"]
        await refused(r, client, "none", "mechanism")


async def test_a_second_handshake() -> None:
    async with sasl_rig() as r:
        client = await r.client()
        await handshake(client, "PLAIN")
        assert (await handshake(client, "PLAIN")).error_code == ILLEGAL
        await refused(r, client, "PLAIN", "illegal_state")


async def test_the_handshake_without_headers() -> None:
    async with sasl_rig() as r:
        client = await r.client()
        assert (await handshake(client, "PLAIN", version=0)).error_code == ErrorCode.UNSUPPORTED_VERSION
        await refused(r, client, "none", "handshake_version")


# --- who does not get in -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("user", "reason"), [("alice", "password"), ("eve", "unknown_user")])
async def test_a_wrong_password(user: str, reason: str) -> None:
    async with sasl_rig() as r:
        client = await r.client()
        await handshake(client, "PLAIN")
        done = await authenticate(client, plain(user, WRONG))
        assert (done.error_code, done.auth_bytes, done.session_lifetime_ms) == (FAILED, b"", 0)
        assert done.error_message == "Authentication failed: Invalid username or password"
        await refused(r, client, "PLAIN", reason)


@pytest.mark.parametrize(("user", "reason"), [("alice", "password"), ("eve", "unknown_user")])
async def test_a_wrong_password_by_scram(user: str, reason: str) -> None:
    async with sasl_rig() as r:
        client = await r.client()
        done = await scram(client, user, WRONG)
        assert done.error_code == FAILED
        invalid = "due to invalid credentials with SASL mechanism SCRAM-SHA-512"
        assert done.error_message == f"Authentication failed during authentication {invalid}"
        await refused(r, client, "SCRAM-SHA-512", reason)


async def test_who_is_nobody_in_this_policy() -> None:
    async with sasl_rig() as r:
        r.policy.snapshot.principals.pop("alice")
        client = await r.client()
        await handshake(client, "PLAIN")
        done = await authenticate(client, plain("alice", RIGHT))
        assert done.error_code == FAILED
        await refused(r, client, "PLAIN", "unknown_principal")


async def test_a_connection_without_the_encryption_that_the_zone_wants() -> None:
    async with sasl_rig() as r:
        zone = r.policy.snapshot.zones["green"]
        r.policy.snapshot.zones["green"] = type(zone)("green", "public", 0, "owner", "upstream", min_tls="1.3")
        client = await r.client()
        await handshake(client, "PLAIN")
        assert (await authenticate(client, plain("alice", RIGHT))).error_code == FAILED
        await refused(r, client, "PLAIN", "encryption")


async def test_a_token_of_somebody_else() -> None:
    async with sasl_rig() as r:
        client = await r.client()
        await handshake(client, "OAUTHBEARER")
        first = await authenticate(client, token_of("alice", aud="other"))
        assert (first.error_code, first.auth_bytes) == (0, b'{"status": "invalid_token"}')
        done = await authenticate(client, b"\x01")
        assert (done.error_code, done.error_message) == (FAILED, '{"status": "invalid_token"}')
        await refused(r, client, "OAUTHBEARER", "audience")


# --- how much, how long --------------------------------------------------------------------------------------


@pytest.mark.parametrize("shaken", [False, True])
async def test_frames_have_an_end(shaken: bool) -> None:
    async with sasl_rig() as r:
        client = await r.client()
        if shaken:
            await handshake(client, "PLAIN")
        size = MAX_SASL_FRAME if shaken else r.worker.bounds.max_unauthenticated_frame
        await client.send((size + 1).to_bytes(4, "big"))
        await turned_away(r, client, "frame_too_large")


async def test_a_long_token_is_a_token_all_the_same() -> None:
    async with sasl_rig() as r:
        client = await r.client()
        await handshake(client, "OAUTHBEARER")
        long = signed({"x": "y" * 300_000})
        answer = await authenticate(client, f"n,,\x01auth=Bearer {long}\x01\x01".encode())
        assert answer.auth_bytes == b'{"status": "invalid_token"}'


async def test_who_dawdles_is_turned_away() -> None:
    async with sasl_rig(handshake=0.2) as r:
        client = await r.client()
        await handshake(client, "PLAIN")
        await turned_away(r, client, "slow")


async def test_who_leaves_has_gone() -> None:
    async with sasl_rig() as r:
        for client in (await r.client(), await r.client()):
            await handshake(client, "PLAIN")
            client.reset() if r.recorder.refused else await client.close()
            await until(lambda: len(r.admission) < 2)
        await r.idle()
        assert r.recorder.refused == ["gone", "gone"]


async def test_who_sends_without_waiting_is_not_kept_for() -> None:
    async with sasl_rig() as r:
        client = await r.client()
        await handshake(client, "PLAIN")
        await client.send(b"\0\7\0\0" + bytes(100_000))
        await until(lambda: len(r.admission) == 1)
        for _ in range(8):
            client.writer.write(authenticate_frame(bytes(256 * 1024)))
        await turned_away(r, client, "unauthenticated_request", "flood")


async def test_a_refused_client_that_stays_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FAREWELL_SECONDS", 0.01)
    async with sasl_rig() as r:
        client = await r.client()
        await handshake(client, "PLAIN")
        await authenticate(client, plain("alice", WRONG))
        await r.idle()


async def test_scram_tokens_are_good_once() -> None:
    async with sasl_rig() as r:
        client, says = await r.client(), ScramClient("SCRAM-SHA-512", "alice", RIGHT)
        await handshake(client, "SCRAM-SHA-512")
        final = says.final((await authenticate(client, says.first())).auth_bytes)
        assert (await authenticate(client, final)).error_code == 0
        again = await r.client()
        await handshake(again, "SCRAM-SHA-512")
        await authenticate(again, says.first())
        assert (await authenticate(again, final)).error_code == FAILED
        assert recorder_of(r).authentications == [("SCRAM-SHA-512", "accepted"), ("SCRAM-SHA-512", "nonce")]
