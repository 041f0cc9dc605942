"""A listener that takes SASL, between scripted peers; and what clients say to it."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from tests.identity.sasl.kit import ISSUER, RIGHT, ScramClient, bearer, credentials, issuer, signed
from tests.net.harness import Policy, Recorder, Rig, rig, until
from tests.net.peers import Client, request
from zoneproxy.net.observer import Connection
from zoneproxy.net.sasl import ListenerSasl
from zoneproxy.net.sasl_needs import SaslNeeds
from zoneproxy.policy.model import PeerFacts, Principal
from zoneproxy.wire.codec import decode_response
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.sasl_authenticate_request import SaslAuthenticateRequest
from zoneproxy.wire.messages.sasl_authenticate_response import SaslAuthenticateResponse
from zoneproxy.wire.messages.sasl_handshake_request import SaslHandshakeRequest
from zoneproxy.wire.messages.sasl_handshake_response import SaslHandshakeResponse

BOB = "-".join(("bob", "secret"))
MECHANISMS = ("PLAIN", "SCRAM-SHA-512", "OAUTHBEARER")


class SaslRecorder(Recorder):
    def __init__(self) -> None:
        super().__init__()
        self.authentications: list[tuple[str, str]] = []

    def authentication(self, connection: Connection, mechanism: str, result: str) -> None:
        self.authentications.append((mechanism, result))


class SaslPolicy(Policy):
    """Knows users by name; where a certificate was shown, too, its CN must be the same."""

    def identify(self, peer: PeerFacts) -> Principal | None:
        assert peer.sasl is not None
        names = {value for key, value in peer.subject if key == "CN"}
        return self.principals.get(peer.sasl.name) if not peer.certified or names == {peer.sasl.name} else None


ALICE, BOBS = Principal("alice", "green"), Principal("bob", "green")


@asynccontextmanager
async def sasl_rig(
    *,
    mechanisms: Sequence[str] = MECHANISMS,
    max_session: float | None = None,
    clock: Callable[[], float] = time.time,
    pause: float = 0.0,
    certificates: bool = False,
    **changes: Any,
) -> AsyncIterator[Rig]:
    """As ``rig``, with SASL. Users are alice and bob; tokens are those of the kit."""
    executor = ThreadPoolExecutor(1)
    known = SimpleNamespace(credentials=credentials(alice=RIGHT, bob=BOB))
    needs = SaslNeeds(executor, {"main": SimpleNamespace(fresh=_nothing)}, pause)  # type: ignore[dict-item]
    sasl = ListenerSasl(tuple(mechanisms), known, {ISSUER: issuer()}, needs, clock, max_session)  # type: ignore[arg-type]
    async with rig(recorder=SaslRecorder(), **changes) as r:
        r.policy.snapshot = SaslPolicy(alice=ALICE, bob=BOBS)
        route = r.listener._route
        r.listener._route = replace(route, plaintext_principal=None, sasl=sasl, certificates=certificates)
        r.listener._worker = replace(r.worker, clock=clock)
        await until(lambda: r.cluster.common_versions())
        yield r
    executor.shutdown()


async def _nothing() -> None:
    """Fresh keys are no others."""


def recorder_of(r: Rig) -> SaslRecorder:
    assert isinstance(r.recorder, SaslRecorder)
    return r.recorder


# --- what clients say ----------------------------------------------------------------------------------------


def handshake_frame(mechanism: str, version: int = 1, correlation_id: int = 1) -> bytes:
    return request(correlation_id, SaslHandshakeRequest(mechanism=mechanism), version)


def authenticate_frame(token: bytes, version: int = 2, correlation_id: int = 2) -> bytes:
    return request(correlation_id, SaslAuthenticateRequest(auth_bytes=token), version)


def plain(user: str, password: str) -> bytes:
    return f"\0{user}\0{password}".encode()


async def handshake(client: Client, mechanism: str, version: int = 1) -> SaslHandshakeResponse:
    answer = await client.ask(handshake_frame(mechanism, version))
    message = decode_response(answer, ApiKey.SASL_HANDSHAKE, version).message
    assert isinstance(message, SaslHandshakeResponse)
    return message


async def authenticate(client: Client, token: bytes, version: int = 2) -> SaslAuthenticateResponse:
    return authenticated(await client.ask(authenticate_frame(token, version)), version)


def authenticated(answer: bytes, version: int = 2) -> SaslAuthenticateResponse:
    message = decode_response(answer, ApiKey.SASL_AUTHENTICATE, version).message
    assert isinstance(message, SaslAuthenticateResponse)
    return message


async def log_in(client: Client, user: str = "alice", password: str = RIGHT) -> SaslAuthenticateResponse:
    """By PLAIN, successfully."""
    assert (await handshake(client, "PLAIN")).error_code == 0
    done = await authenticate(client, plain(user, password))
    assert done.error_code == 0, done.error_message
    return done


async def scram(client: Client, user: str, password: str) -> SaslAuthenticateResponse:
    """The last answer of SCRAM-SHA-512."""
    says = ScramClient("SCRAM-SHA-512", user, password)
    await handshake(client, "SCRAM-SHA-512")
    challenge = await authenticate(client, says.first())
    return await authenticate(client, says.final(challenge.auth_bytes))


def token_of(sub: str, **claims: Any) -> bytes:
    """A client's first message with a token that is good from now on."""
    now = time.time()
    payload = {"iss": ISSUER, "aud": "kafka", "sub": sub, "iat": now - 1, "exp": now + 300}
    return bearer(signed(payload | claims))
