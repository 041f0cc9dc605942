from __future__ import annotations

import base64

import pytest

from tests.identity.sasl.kit import RIGHT, WRONG, ScramClient, credentials, refusal, step
from zoneproxy.identity.sasl.credentials import HASHES, Credentials, derive
from zoneproxy.identity.sasl.scram import Scram
from zoneproxy.identity.sasl.shapes import Challenge, Proven
from zoneproxy.policy.model import SaslFacts

KNOWN = credentials(alice=RIGHT)
VECTORS = {
    # RFC 5802, section 5 (its SHA-1 is not offered; the exchange is the same), and RFC 7677, section 3.
    "SCRAM-SHA-1": (
        "sha1",
        "QSXCR+Q6sek8bf92",
        "fyko+d2lbbFgONRv9qkxdawL",
        "3rfcNHYJY1ZVvWVs7j",
        "v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
        "rmF9pqV8S7suAoZWja4dJRkFsKQ=",
    ),
    "SCRAM-SHA-256": (
        "sha256",
        "W22ZaJ0SNY7soEsUEjb6gQ==",
        "rOprNGfwEbeRWgbNEkqO",
        "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
        "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
    ),
}


def server(mechanism: str = "SCRAM-SHA-256", known: Credentials = KNOWN, nonce: str = "xyz") -> Scram:
    return Scram(mechanism, known, lambda: nonce)


def challenge(scram: Scram, client: ScramClient) -> bytes:
    answer = step(scram, client.first())
    assert isinstance(answer, Challenge)
    return answer.token


@pytest.mark.parametrize("mechanism", VECTORS)
def test_the_exchanges_of_the_standards(mechanism: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hash_name, salt, client_nonce, server_nonce, proof, signature = VECTORS[mechanism]
    monkeypatch.setitem(HASHES, mechanism, hash_name)
    known = Credentials({"user": {mechanism: derive("pencil", mechanism, base64.b64decode(salt), 4096)}}, b"s" * 32)
    scram = server(mechanism, known, server_nonce)
    nonce = client_nonce + server_nonce
    assert step(scram, f"n,,n=user,r={client_nonce}".encode()) == Challenge(f"r={nonce},s={salt},i=4096".encode())
    facts = SaslFacts(mechanism, "user")
    assert step(scram, f"c=biws,r={nonce},p={proof}".encode()) == Proven(facts, f"v={signature}".encode())


@pytest.mark.parametrize("mechanism", HASHES)
@pytest.mark.parametrize("header", ["n,,", "n,a=alice,"])
def test_the_right_password(mechanism: str, header: str) -> None:
    scram, client = server(mechanism), ScramClient(mechanism, "alice", RIGHT, header=header)
    final = client.final(challenge(scram, client))
    expected = f"v={base64.b64encode(client.expected).decode()}".encode()
    assert step(scram, final) == Proven(SaslFacts(mechanism, "alice"), expected)


@pytest.mark.parametrize(("user", "reason"), [("alice", "password"), ("eve", "unknown_user")])
def test_a_wrong_password_and_an_unknown_user_look_the_same(user: str, reason: str) -> None:
    scram, client = server(), ScramClient("SCRAM-SHA-256", user, WRONG)
    refused = refusal(scram, client.final(challenge(scram, client)))
    assert (refused.reason, refused.text) == (reason, None)


def test_who_is_not_there_is_asked_as_if_it_were() -> None:
    first, second = (challenge(server(), ScramClient("SCRAM-SHA-256", "eve", WRONG)) for _ in range(2))
    assert first == second
    there = challenge(server(), ScramClient("SCRAM-SHA-256", "alice", WRONG))
    assert [part[:2] for part in first.split(b",")] == [part[:2] for part in there.split(b",")]
    assert first.endswith(b",i=4096")


@pytest.mark.parametrize(
    ("nonce", "binding", "reason"),
    [("abc", None, "nonce"), ("abcxyzz", None, "nonce"), ("abcxy", None, "nonce"), (None, "y,,", "channel_binding")],
)
def test_nonce_and_binding_must_be_those_that_were_agreed(nonce: str | None, binding: str | None, reason: str) -> None:
    scram, client = server(), ScramClient("SCRAM-SHA-256", "alice", RIGHT)
    assert refusal(scram, client.final(challenge(scram, client), nonce, binding)).reason == reason


def test_a_final_message_is_good_once() -> None:
    scram, client = server(), ScramClient("SCRAM-SHA-256", "alice", RIGHT)
    final = client.final(challenge(scram, client))
    assert isinstance(step(scram, final), Proven)
    again = server(nonce="new")
    challenge(again, client)
    assert refusal(again, final).reason == "nonce"


def test_nobody_acts_for_somebody_else() -> None:
    client = ScramClient("SCRAM-SHA-256", "alice", RIGHT, header="n,a=bob,")
    assert refusal(server(), client.first()).reason == "authorization_id"


def test_a_nonce_has_an_end() -> None:
    client = ScramClient("SCRAM-SHA-256", "alice", RIGHT, nonce="n" * 257)
    assert refusal(server(), client.first()).reason == "malformed"


def test_a_proof_of_another_length_is_wrong() -> None:
    scram, client = server(), ScramClient("SCRAM-SHA-256", "alice", RIGHT)
    final = client.final(challenge(scram, client))
    assert refusal(scram, final.partition(b",p=")[0] + b",p=AAAA").reason == "password"
