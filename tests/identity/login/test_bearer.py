from __future__ import annotations

import pytest

from zoneproxy.identity.login.bearer import BearerLogin
from zoneproxy.identity.login.exchange import LoginFailed


def test_the_token_as_rfc_7628_has_it():
    token = "vF9dft4qmT" + "c2Nvbg=="
    login = BearerLogin(token)
    assert login.first() == b"n,,\x01auth=Bearer " + token.encode() + b"\x01\x01"
    assert login.next(b"") is None


def test_an_error_is_taken_note_of():
    assert BearerLogin("t").next(b'{"status":"invalid_token"}') == b"\x01"


@pytest.mark.parametrize("token", ["", "a b", "a\x01auth=Bearer b", "a\n", "=a", "ä"])
def test_what_is_no_token(token):
    with pytest.raises(LoginFailed, match="token"):
        BearerLogin(token)
