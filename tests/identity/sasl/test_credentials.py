from __future__ import annotations

import base64

import pytest

from tests.identity.sasl.kit import RIGHT, SALT, credentials
from zoneproxy.identity.sasl.credentials import HASHES, Credentials, Verifier, derive


def test_verifiers_are_those_of_rfc_5802(monkeypatch: pytest.MonkeyPatch) -> None:
    """Section 5: its SHA-1 is not offered, but everything else is the same."""
    monkeypatch.setitem(HASHES, "SCRAM-SHA-1", "sha1")
    made = derive("pencil", "SCRAM-SHA-1", base64.b64decode("QSXCR+Q6sek8bf92"), 4096)
    assert base64.b64encode(made.stored_key) == b"6dlGYMOdZcOPutkcNY8U2g7vK9Y="
    assert base64.b64encode(made.server_key) == b"D+CSWLOshSulAsxiupA+qs2/fTE="


def test_who_is_not_there_gets_a_decoy_that_stays_the_same() -> None:
    known = credentials(alice=RIGHT)
    first, there = known.verifier("bob", "SCRAM-SHA-256")
    assert not there
    assert first == known.verifier("bob", "SCRAM-SHA-256")[0]
    assert first == credentials(carol=RIGHT).verifier("bob", "SCRAM-SHA-256")[0]
    others = [known.verifier("eve", "SCRAM-SHA-256")[0], Credentials({}, b"t" * 32).verifier("bob", "SCRAM-SHA-256")[0]]
    assert all(other.salt != first.salt and other.stored_key != first.stored_key for other in others)
    assert len({first.salt, first.stored_key, first.server_key}) == 3


def test_a_decoy_does_not_stand_out() -> None:
    def verifier(iterations: int) -> Verifier:
        return Verifier(SALT, b"", b"", iterations)

    usual = {"a": {"SCRAM-SHA-256": verifier(5000)}, "b": {"SCRAM-SHA-256": verifier(9000)}}
    usual["c"] = {"SCRAM-SHA-256": verifier(5000), "SCRAM-SHA-512": verifier(5000)}
    assert Credentials(usual, b"s" * 32).verifier("eve", "SCRAM-SHA-512")[0].iterations == 5000
    assert Credentials({}, b"s" * 32).verifier("eve", "SCRAM-SHA-512")[0].iterations == 10_000


def test_a_password_is_checked_against_whichever_verifier_there_is() -> None:
    only = Credentials({"alice": {"SCRAM-SHA-256": derive(RIGHT, "SCRAM-SHA-256", SALT, 4096)}}, b"s" * 32)
    assert only.for_password("alice")[0::2] == ("SCRAM-SHA-256", True)
    assert credentials(alice=RIGHT).for_password("alice")[0::2] == ("SCRAM-SHA-512", True)
    assert only.for_password("eve")[0::2] == ("SCRAM-SHA-512", False)
    assert len(only) == 1


def test_nothing_that_is_printed_shows_a_verifier() -> None:
    assert repr(derive(RIGHT, "SCRAM-SHA-256", SALT, 4096)) == "Verifier(iterations=4096)"
