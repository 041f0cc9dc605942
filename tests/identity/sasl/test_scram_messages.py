from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.identity.sasl.scram_messages import ClientFinal, ClientFirst, client_final, client_first
from zoneproxy.identity.sasl.shapes import Refused


def test_the_first_message() -> None:
    assert client_first(b"n,,n=user,r=abc") == ClientFirst("n,,", "", "n=user,r=abc", "user", "abc")
    got = client_first(b"n,a=b=2Cc,n=b=3D2C,r=abc,x=1")
    assert (got.header, got.authorisation, got.user, got.bare) == ("n,a=b=2Cc,", "b,c", "b=2C", "n=b=3D2C,r=abc,x=1")


def test_the_final_message() -> None:
    assert client_final(b"c=biws,r=abc,x=1,p=AAAA") == ClientFinal("c=biws,r=abc,x=1", b"n,,", "abc", b"\0\0\0")


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"y,,n=user,r=abc",
        b"p=tls-unique,,n=user,r=abc",
        b"n,,m=x,n=user,r=abc",
        b"n,,n=,r=abc",
        b"n,,n=user,r=",
        b"n,,n=us\0er,r=abc",
        b"n,,n=us=er,r=abc",
        b"n,,n=user,r=a\xc3\xa9",
        b"n,,n=user,r=abc,tokenauth=true",
        b"n,,n=user",
        b"n,,n=\xff,r=abc",
        b"n,,n=user,r=abc\n",
    ],
)
def test_what_is_no_first_message(message: bytes) -> None:
    with pytest.raises(Refused, match="malformed"):
        client_first(message)


@pytest.mark.parametrize(
    "message",
    [b"", b"c=biws,r=abc", b"c=bi*s,r=abc,p=AAAA", b"c=biws,r=abc,p=A", b"r=abc,p=AAAA", b"c=biws,r=abc,p=AAAA,x=1"],
)
def test_what_is_no_final_message(message: bytes) -> None:
    with pytest.raises(Refused, match="malformed"):
        client_final(message)


@given(st.binary(max_size=60))
def test_any_bytes_are_a_message_or_refused(data: bytes) -> None:
    for parse in (client_first, client_final):
        with contextlib.suppress(Refused):
            parse(data)
