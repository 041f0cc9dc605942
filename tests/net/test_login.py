from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from zoneproxy.boundary.node_versions import NodeVersions
from zoneproxy.errors import ProtocolError
from zoneproxy.identity.login.exchange import LoginFailed
from zoneproxy.identity.login.plain import PlainLogin
from zoneproxy.net.asking import UpstreamError
from zoneproxy.net.login import MAX_STEPS, Login
from zoneproxy.wire.codec import encode_response
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.message import Message
from zoneproxy.wire.messages.sasl_authenticate_request import SaslAuthenticateRequest
from zoneproxy.wire.messages.sasl_authenticate_response import SaslAuthenticateResponse
from zoneproxy.wire.messages.sasl_handshake_request import SaslHandshakeRequest
from zoneproxy.wire.messages.sasl_handshake_response import SaslHandshakeResponse

MODERN = NodeVersions({ApiKey.SASL_AUTHENTICATE: (0, 2)})


class Broker:
    """Answers a login with what it was given, one after the other."""

    def __init__(self, *answers: SaslAuthenticateResponse, handshake: int = 0) -> None:
        self.answers = list(answers)
        self.handshake = handshake
        self.asked: list[tuple[Message, int]] = []

    async def __call__(self, message: Message, version: int) -> bytes:
        self.asked.append((message, version))
        answer: Message
        if isinstance(message, SaslHandshakeRequest):
            answer = SaslHandshakeResponse(error_code=self.handshake, mechanisms=["PLAIN"])
        else:
            answer = self.answers.pop(0)
        return encode_response(7, message.API_KEY, version, answer)

    @property
    def tokens(self) -> list[bytes]:
        return [message.auth_bytes for message, _ in self.asked if isinstance(message, SaslAuthenticateRequest)]


class Echo:
    """Answers each challenge with itself, until it is empty."""

    def first(self) -> bytes:
        return b"first"

    def next(self, challenge: bytes) -> bytes | None:
        return challenge or None


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def login(executor: ThreadPoolExecutor, exchange: object = None) -> Login:
    return Login("PLAIN", lambda _host, _now: exchange or PlainLogin("zoneproxy", "x"), lambda: 1.0, executor)  # type: ignore[arg-type, return-value]


async def test_handshake_and_token(executor: ThreadPoolExecutor) -> None:
    broker = Broker(SaslAuthenticateResponse())
    assert await login(executor).run(broker, MODERN, "kafka-1") is None
    (handshake, version), (_, authenticate_version) = broker.asked
    assert isinstance(handshake, SaslHandshakeRequest)
    assert (handshake.mechanism, version, authenticate_version) == ("PLAIN", 1, 2)
    assert broker.tokens == [b"\0zoneproxy\0x"]


async def test_it_is_to_be_done_again_before_the_session_ends(executor: ThreadPoolExecutor) -> None:
    broker = Broker(SaslAuthenticateResponse(session_lifetime_ms=100_000))
    assert await login(executor).run(broker, MODERN, "kafka-1") == pytest.approx(85)


async def test_many_steps(executor: ThreadPoolExecutor) -> None:
    broker = Broker(*(SaslAuthenticateResponse(auth_bytes=text) for text in (b"a", b"b", b"")))
    assert await login(executor, Echo()).run(broker, MODERN, "kafka-1") is None
    assert broker.tokens == [b"first", b"a", b"b"]


async def test_old_brokers_are_asked_in_their_version(executor: ThreadPoolExecutor) -> None:
    broker = Broker(SaslAuthenticateResponse())
    await login(executor).run(broker, NodeVersions({ApiKey.SASL_AUTHENTICATE: (0, 1)}), "kafka-1")
    assert broker.asked[-1][1] == 1


@pytest.mark.parametrize(
    ("handshake", "answer", "reason"),
    [
        (ErrorCode.UNSUPPORTED_SASL_MECHANISM, SaslAuthenticateResponse(), "login_mechanism"),
        (0, SaslAuthenticateResponse(error_code=ErrorCode.SASL_AUTHENTICATION_FAILED), "login_refused"),
        (0, SaslAuthenticateResponse(auth_bytes=b"more"), "login_challenge"),
    ],
)
async def test_refusals(
    executor: ThreadPoolExecutor, handshake: int, answer: SaslAuthenticateResponse, reason: str
) -> None:
    broker = Broker(*[answer] * MAX_STEPS, handshake=handshake)
    with pytest.raises(UpstreamError) as error:
        await login(executor, Echo()).run(broker, MODERN, "kafka-1")
    assert error.value.reason == reason


async def test_a_secret_that_cannot_be_read(executor: ThreadPoolExecutor) -> None:
    def nothing(_host: str, _now: float) -> PlainLogin:
        raise LoginFailed("secret")

    with pytest.raises(UpstreamError, match="login_secret"):
        await Login("PLAIN", nothing, lambda: 1.0, executor).run(Broker(), MODERN, "kafka-1")


async def test_bytes_that_are_no_answer(executor: ThreadPoolExecutor) -> None:
    async def ask(message: Message, version: int) -> bytes:
        return b"\0\0\0\4\0\0\0\7"

    with pytest.raises(ProtocolError):
        await login(executor).run(ask, MODERN, "kafka-1")
