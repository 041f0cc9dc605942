from __future__ import annotations

import pytest

from tests.identity.sasl.kit import NOW, RIGHT, WRONG, credentials, refusal, step
from zoneproxy.identity.sasl.plain import Plain
from zoneproxy.identity.sasl.shapes import Derive, Proven
from zoneproxy.policy.model import SaslFacts

KNOWN = credentials(alice=RIGHT)


def token(user: str, password: str, authorisation: str = "") -> bytes:
    return f"{authorisation}\0{user}\0{password}".encode()


@pytest.mark.parametrize("authorisation", ["", "alice"])
def test_the_right_password(authorisation: str) -> None:
    assert step(Plain(KNOWN), token("alice", RIGHT, authorisation)) == Proven(SaslFacts("PLAIN", "alice"))


@pytest.mark.parametrize(("user", "reason"), [("alice", "password"), ("eve", "unknown_user")])
def test_a_wrong_password_and_an_unknown_user_look_the_same(user: str, reason: str) -> None:
    refused = refusal(Plain(KNOWN), token(user, WRONG))
    assert (refused.reason, refused.text) == (reason, "Authentication failed: Invalid username or password")


@pytest.mark.parametrize("user", ["alice", "eve"])
def test_they_take_the_same_work_off_the_event_loop(user: str) -> None:
    ((need,),) = [next(Plain(KNOWN).step(token(user, WRONG), NOW))]
    assert isinstance(need, Derive)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (b"alice", "Invalid SASL/PLAIN response: expected 3 tokens, got 1"),
        (b"\0alice\0secret\0more", "Invalid SASL/PLAIN response: expected 3 tokens, got 4"),
        (b"\0\0secret", "Authentication failed: username not specified"),
        (b"\0alice\0", "Authentication failed: password not specified"),
        (b"\0alice\0\xff", None),
        (b"\0alice\0" + b"x" * 4097, None),
    ],
)
def test_what_is_no_answer_at_all(given: bytes, text: str | None) -> None:
    refused = refusal(Plain(KNOWN), given)
    assert (refused.reason, refused.text) == ("malformed", text)


def test_nobody_acts_for_somebody_else() -> None:
    assert refusal(Plain(KNOWN), token("alice", RIGHT, "bob")).reason == "authorization_id"
