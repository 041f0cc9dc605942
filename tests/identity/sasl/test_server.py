from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.identity.sasl.kit import NOW, RIGHT, WRONG, ScramClient, credentials, run
from zoneproxy.identity.sasl.plain import Plain
from zoneproxy.identity.sasl.scram import Scram
from zoneproxy.identity.sasl.server import Answer, SaslServer
from zoneproxy.identity.sasl.shapes import Mechanism, Pause, Proven, Refused, Running, SaslNeed, Step
from zoneproxy.policy.model import SaslFacts
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.sasl_authenticate_request import SaslAuthenticateRequest
from zoneproxy.wire.messages.sasl_authenticate_response import SaslAuthenticateResponse
from zoneproxy.wire.messages.sasl_handshake_request import SaslHandshakeRequest
from zoneproxy.wire.messages.sasl_handshake_response import SaslHandshakeResponse

KNOWN = credentials(alice=RIGHT)
INVALID = "due to invalid credentials with SASL mechanism"


class Short:
    """A mechanism whose proof ends soon."""

    def step(self, token: bytes, now: float) -> Running[Step]:
        yield from ()
        return Proven(SaslFacts("SHORT", "alice"), expires=now + 10)


MECHANISMS = {"PLAIN": lambda: Plain(KNOWN), "SCRAM-SHA-256": lambda: Scram("SCRAM-SHA-256", KNOWN, lambda: "xyz")}


def short() -> Mechanism:
    return Short()


def server(
    refused: Refused | None = None, *, max_session: float | None = None, before: str | None = None
) -> SaslServer:
    mechanisms = {**MECHANISMS, "SHORT": short}
    return SaslServer(mechanisms, lambda facts: refused, max_session=max_session, before=before)


def handshake(server: SaslServer, mechanism: str = "PLAIN", version: int = 1) -> tuple[SaslHandshakeResponse, Answer]:
    answer = server.handshake(SaslHandshakeRequest(mechanism=mechanism), version)
    assert isinstance(answer.message, SaslHandshakeResponse)
    return answer.message, answer


def authenticate(server: SaslServer, token: bytes) -> tuple[SaslAuthenticateResponse, Answer]:
    answer = run(server.authenticate(SaslAuthenticateRequest(auth_bytes=token), NOW))
    assert isinstance(answer.message, SaslAuthenticateResponse)
    return answer.message, answer


def plain(password: str) -> bytes:
    return f"\0alice\0{password}".encode()


def test_a_password_in_two_requests() -> None:
    made = server()
    message, answer = handshake(made)
    assert (message.error_code, message.mechanisms) == (0, ["PLAIN", "SCRAM-SHA-256", "SHORT"])
    assert (answer.refused, answer.proven, made.mechanism) == (None, None, "PLAIN")
    done, answer = authenticate(made, plain(RIGHT))
    assert (done.error_code, done.error_message, done.auth_bytes, done.session_lifetime_ms) == (0, "", b"", 0)
    assert answer.proven is not None
    assert answer.proven.facts == SaslFacts("PLAIN", "alice")
    assert answer.session is None


def test_scram_in_three() -> None:
    made, client = server(), ScramClient("SCRAM-SHA-256", "alice", RIGHT)
    handshake(made, "SCRAM-SHA-256")
    challenge, answer = authenticate(made, client.first())
    assert answer.proven is None
    done, answer = authenticate(made, client.final(challenge.auth_bytes))
    assert done.auth_bytes.startswith(b"v=")
    assert answer.proven is not None


def test_unknown_mechanisms_are_told_which_there_are() -> None:
    message, answer = handshake(server(), "GSSAPI")
    assert message.error_code == ErrorCode.UNSUPPORTED_SASL_MECHANISM
    assert message.mechanisms == ["PLAIN", "SCRAM-SHA-256", "SHORT"]
    assert answer.refused is not None
    assert answer.refused.reason == "mechanism"


def test_the_handshake_without_headers_is_not_taken() -> None:
    message, answer = handshake(server(), version=0)
    assert message.error_code == ErrorCode.UNSUPPORTED_VERSION
    assert answer.refused is not None


def test_a_second_handshake_is_out_of_order() -> None:
    made = server()
    handshake(made)
    message, answer = handshake(made)
    assert (message.error_code, message.mechanisms) == (ErrorCode.ILLEGAL_SASL_STATE, [])
    assert answer.refused is not None
    assert answer.refused.reason == "illegal_state"
    assert authenticate(made, plain(RIGHT))[0].error_code == ErrorCode.ILLEGAL_SASL_STATE


@pytest.mark.parametrize("password", [RIGHT, WRONG])
def test_nothing_follows_the_end(password: str) -> None:
    made = server()
    handshake(made)
    authenticate(made, plain(password))
    message, answer = authenticate(made, plain(RIGHT))
    assert message.error_code == ErrorCode.ILLEGAL_SASL_STATE
    assert answer.proven is None
    assert answer.refused is not None


def test_tokens_before_the_handshake_are_out_of_order() -> None:
    message, answer = authenticate(server(), plain(RIGHT))
    assert message.error_code == ErrorCode.ILLEGAL_SASL_STATE
    assert answer.refused is not None


def test_kafkas_words_for_what_fails() -> None:
    made = server()
    handshake(made)
    message, _ = authenticate(made, plain(WRONG))
    assert message.error_code == ErrorCode.SASL_AUTHENTICATION_FAILED
    assert message.error_message == "Authentication failed: Invalid username or password"
    made = server()
    handshake(made, "SCRAM-SHA-256")
    message, _ = authenticate(made, b"rubbish")
    assert message.error_message == f"Authentication failed during authentication {INVALID} SCRAM-SHA-256"


def test_a_refusal_waits_before_it_is_told() -> None:
    made = server()
    handshake(made)
    needs: list[SaslNeed] = []
    running = made.authenticate(SaslAuthenticateRequest(auth_bytes=b"rubbish"), NOW)
    needs += next(running)
    assert needs == [Pause()]


def test_who_is_nobody_here_is_told_no_more_than_a_guesser() -> None:
    made = server(Refused("unknown_principal"))
    handshake(made)
    message, answer = authenticate(made, plain(RIGHT))
    assert message.error_code == ErrorCode.SASL_AUTHENTICATION_FAILED
    assert message.error_message == f"Authentication failed during authentication {INVALID} PLAIN"
    assert answer.proven is None
    assert answer.refused is not None
    assert answer.refused.reason == "unknown_principal"


@pytest.mark.parametrize(
    ("mechanism", "max_session", "seconds"),
    [("PLAIN", None, None), ("PLAIN", 60.0, 60), ("SHORT", None, 10), ("SHORT", 5.0, 5), ("SHORT", 60.0, 10)],
)
def test_sessions_end_with_what_ends_first(mechanism: str, max_session: float | None, seconds: int | None) -> None:
    made = server(max_session=max_session)
    handshake(made, mechanism)
    message, answer = authenticate(made, plain(RIGHT))
    assert message.session_lifetime_ms == (seconds or 0) * 1000
    assert answer.session == (None if seconds is None else NOW + seconds)


def test_a_session_that_is_nearly_over_is_not_said_to_be_for_good() -> None:
    made = server(max_session=0.0)
    handshake(made)
    assert authenticate(made, plain(RIGHT))[0].session_lifetime_ms == 1


def test_the_mechanism_stays_when_a_client_authenticates_again() -> None:
    made = server(before="SCRAM-SHA-256")
    assert handshake(made)[0].error_code == 0
    message, answer = authenticate(made, plain(RIGHT))
    expected = "SASL mechanism 'PLAIN' requested by client is not supported for re-authentication of mechanism"
    assert message.error_message == f"{expected} 'SCRAM-SHA-256'"
    assert answer.proven is None
    again = server(before="PLAIN")
    handshake(again)
    assert authenticate(again, b"\0alice\0\xff")[0].error_message == (
        f"Authentication failed during re-authentication {INVALID} PLAIN"
    )
    said: Sequence[str] = handshake(server(before="PLAIN"))[0].mechanisms
    assert "PLAIN" in said
