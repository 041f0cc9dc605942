"""Logging in at a broker with SASL: at first over a new connection, and again before the broker's patience ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from zoneproxy.identity.login.exchange import LoginFailed
from zoneproxy.net.asking import UpstreamError
from zoneproxy.wire.codec import decode_response
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.sasl_authenticate_request import SaslAuthenticateRequest
from zoneproxy.wire.messages.sasl_authenticate_response import SaslAuthenticateResponse
from zoneproxy.wire.messages.sasl_handshake_request import SaslHandshakeRequest
from zoneproxy.wire.messages.sasl_handshake_response import SaslHandshakeResponse

if TYPE_CHECKING:
    from zoneproxy.boundary.node_versions import NodeVersions
    from zoneproxy.identity.login.exchange import Begin, Exchange
    from zoneproxy.wire.messages.message import Message

HANDSHAKE_VERSION = 1  # 0 would have tokens follow without any header
T = TypeVar("T")

MAX_STEPS = 8  # tokens of one login: SCRAM takes two

# We log in again after this share of a session: enough is left for a second try on a new connection (as Java does).
RENEW_AFTER = 0.85

Ask = Callable[["Message", int], Awaitable["bytes | bytearray"]]


@dataclass(frozen=True, slots=True)
class Login:
    """How to log in at one upstream. ``clock`` gives seconds since the epoch; ``executor`` may be kept waiting."""

    mechanism: str
    begin: Begin
    clock: Callable[[], float]
    executor: Executor

    async def run(self, ask: Ask, versions: NodeVersions, host: str) -> float | None:
        """Log in by way of ``ask``; seconds until it should be done again, None if never. Raises UpstreamError."""
        try:
            return await self._run(ask, versions, host)
        except LoginFailed as failed:
            raise UpstreamError(f"login_{failed.reason}") from None

    async def _run(self, ask: Ask, versions: NodeVersions, host: str) -> float | None:
        exchange = await self._off_loop(lambda: self.begin(host, self.clock()))
        handshake = await self._handshake(ask)
        if handshake.error_code:
            raise LoginFailed("mechanism")
        version = _authenticate_version(versions)
        token: bytes | None = exchange.first()
        for _ in range(MAX_STEPS):
            assert token is not None
            answer = await self._authenticate(ask, token, version)
            if answer.error_code != ErrorCode.NONE:
                raise LoginFailed("refused")
            token = await self._next(exchange, answer.auth_bytes)
            if token is None:
                lifetime = answer.session_lifetime_ms / 1000
                return lifetime * RENEW_AFTER if lifetime > 0 else None
        raise LoginFailed("challenge")

    async def _next(self, exchange: Exchange, challenge: bytes) -> bytes | None:
        return await self._off_loop(lambda: exchange.next(challenge))

    async def _handshake(self, ask: Ask) -> SaslHandshakeResponse:
        frame = await ask(SaslHandshakeRequest(mechanism=self.mechanism), HANDSHAKE_VERSION)
        answer = decode_response(frame, SaslHandshakeRequest.API_KEY, HANDSHAKE_VERSION).message
        assert isinstance(answer, SaslHandshakeResponse)
        return answer

    async def _authenticate(self, ask: Ask, token: bytes, version: int) -> SaslAuthenticateResponse:
        frame = await ask(SaslAuthenticateRequest(auth_bytes=token), version)
        answer = decode_response(frame, SaslAuthenticateRequest.API_KEY, version).message
        assert isinstance(answer, SaslAuthenticateResponse)
        return answer

    async def _off_loop(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self.executor, work)


def _authenticate_version(versions: NodeVersions) -> int:
    """The highest that both know; brokers name it in ApiVersions since there is SaslAuthenticate."""
    low, high = versions.apis.get(SaslAuthenticateRequest.API_KEY, (0, 0))
    return max(low, min(high, SaslAuthenticateRequest.MAX_VERSION))
