from __future__ import annotations

import pytest

from zoneproxy.identity.login.exchange import LoginFailed
from zoneproxy.identity.login.plain import PlainLogin


def test_name_and_password_in_one_token():
    login = PlainLogin("tim", "tanstaaftanstaaf")
    assert login.first() == b"\0tim\0tanstaaftanstaaf"  # RFC 4616, section 4
    assert login.next(b"") is None


def test_a_broker_that_wants_more():
    with pytest.raises(LoginFailed, match="challenge"):
        PlainLogin("tim", "x").next(b"more")
