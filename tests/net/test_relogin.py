from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.net.harness import rig, until
from tests.net.peers import Broker, BrokerConnection, id_of, reply, small
from tests.net.scripts import ids
from zoneproxy.identity.login.plain import PlainLogin
from zoneproxy.net.login import Login
from zoneproxy.wire.codec import encode_response
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.sasl_authenticate_response import SaslAuthenticateResponse
from zoneproxy.wire.messages.sasl_handshake_response import SaslHandshakeResponse


class Demanding:
    """A broker's script that wants a login every ``seconds``, and takes nothing else while one goes on."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.logins = 0
        self.refuse = False
        self.silent = False
        self.mixed = False
        self._began: set[int] = set()

    async def __call__(self, connection: BrokerConnection, frame: bytes) -> None:
        key, version, number = int.from_bytes(frame[4:6], "big"), int.from_bytes(frame[6:8], "big"), id_of(frame)
        if key == ApiKey.SASL_HANDSHAKE:
            self._began.add(id(connection))
            await connection.send(encode_response(number, key, version, SaslHandshakeResponse(mechanisms=["PLAIN"])))
        elif key == ApiKey.SASL_AUTHENTICATE:
            self._began.discard(id(connection))
            self.logins += 1
            error = ErrorCode.SASL_AUTHENTICATION_FAILED if self.refuse else ErrorCode.NONE
            answer = SaslAuthenticateResponse(error_code=error, session_lifetime_ms=int(self.seconds * 1000))
            if not self.silent:
                await connection.send(encode_response(number, key, version, answer))
        else:
            self.mixed |= id(connection) in self._began
            await connection.send(reply(number, frame[12:]))


@pytest.fixture
def login() -> Iterator[Login]:
    with ThreadPoolExecutor(2) as executor:
        yield Login("PLAIN", lambda _host, _now: PlainLogin("zoneproxy", "x"), lambda: 1.0, executor)


def broker() -> Broker:
    made = Broker()
    made.versions[ApiKey.SASL_AUTHENTICATE] = (0, 2)
    return made


async def test_a_session_logs_in_again_between_requests_and_none_is_lost(login: Login) -> None:
    script = Demanding(0.1)
    async with rig(script, broker=broker(), login=login) as r:
        client = await r.client()
        sent = 0
        while script.logins < 8:
            await client.send(b"".join(small(sent + n) for n in range(20)))
            assert await ids(client, 20) == list(range(sent, sent + 20))
            sent += 20
            await asyncio.sleep(0.005)
        assert not script.mixed
        assert len(r.sessions) == 1


async def test_brokers_that_never_ask_again(login: Login) -> None:
    script = Demanding(0)
    async with rig(script, broker=broker(), login=login) as r:
        client = await r.client()
        assert await client.ask(small(1))
        assert (await r.session()).relogin is None


async def test_a_login_that_fails_ends_the_session(login: Login) -> None:
    script = Demanding(0.1)
    async with rig(script, broker=broker(), login=login) as r:
        client = await r.client()
        assert await client.ask(small(1))
        script.refuse = True
        await r.idle()
        assert "login_refused" in r.recorder.failures
        assert "upstream_login" in r.recorder.closed


async def test_a_login_that_is_not_answered_ends_the_session(login: Login) -> None:
    script = Demanding(0.1)
    async with rig(script, broker=broker(), login=login, connect=0.2) as r:
        client = await r.client()
        assert await client.ask(small(1))
        script.silent = True
        await r.idle()
        assert "login_timeout" in r.recorder.failures


async def test_a_session_may_end_while_it_logs_in(login: Login) -> None:
    script = Demanding(0.1)
    async with rig(script, broker=broker(), login=login) as r:
        client = await r.client()
        assert await client.ask(small(1))
        script.silent = True
        session = await r.session()
        await until(lambda: session.relogin is not None and session.relogin.holding)
        await client.close()
        r.clients.clear()
        session.abort("test")
        await r.idle()
