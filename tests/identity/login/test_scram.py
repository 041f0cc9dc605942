from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.identity.login.exchange import LoginFailed
from zoneproxy.identity.login.scram import ScramLogin

# RFC 7677, section 3
CLIENT_NONCE = "rOprNGfwEbeRWgbNEkqO"
SERVER_FIRST = b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
CLIENT_FINAL = (
    b"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
)
SERVER_FINAL = b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="


def login(user: str = "user", mechanism: str = "SCRAM-SHA-256") -> ScramLogin:
    return ScramLogin(mechanism, user, "pencil", lambda: CLIENT_NONCE)


def test_the_exchange_of_rfc_7677():
    scram = login()
    assert scram.first() == b"n,,n=user,r=rOprNGfwEbeRWgbNEkqO"
    assert scram.next(SERVER_FIRST) == CLIENT_FINAL
    assert scram.next(SERVER_FINAL) is None


def test_names_are_escaped():
    assert login("a=b,c").first() == b"n,,n=a=3Db=2Cc,r=rOprNGfwEbeRWgbNEkqO"


def test_each_login_has_a_nonce_of_its_own():
    one, other = (ScramLogin("SCRAM-SHA-512", "user", "pencil") for _ in range(2))
    assert one.first() != other.first()


@pytest.mark.parametrize(
    "server_final",
    [
        b"v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
        b"v=AAAA",
        b"v=A",
        b"e=other-error",
        b"",
        b"\xff",
    ],
)
def test_a_broker_that_does_not_know_the_password(server_final):
    scram = login()
    scram.next(SERVER_FIRST)
    with pytest.raises(LoginFailed) as failed:
        scram.next(server_final)
    assert failed.value.reason in ("server_signature", "challenge")


@pytest.mark.parametrize(
    ("server_first", "reason"),
    [
        (SERVER_FIRST.replace(b"i=4096", b"i=4095"), "iterations"),
        (SERVER_FIRST.replace(b"i=4096", b"i=1000001"), "iterations"),
        (SERVER_FIRST.replace(b"i=4096", b"i=0"), "challenge"),
        (SERVER_FIRST.replace(b"r=r", b"r=x"), "challenge"),
        (b"r=rOprNGfwEbeRWgbNEkqO,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096", "challenge"),
        (SERVER_FIRST.replace(b"gQ==", b"g"), "challenge"),
        (b"", "challenge"),
        (b"\xff", "challenge"),
    ],
)
def test_challenges_that_are_none(server_first, reason):
    with pytest.raises(LoginFailed) as failed:
        login().next(server_first)
    assert failed.value.reason == reason


@given(st.binary())
def test_any_bytes_are_refused(challenge):
    with pytest.raises(LoginFailed):
        login().next(challenge)
