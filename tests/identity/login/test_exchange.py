from __future__ import annotations

from zoneproxy.identity.login.exchange import LoginFailed


def test_a_login_that_failed_says_why_in_a_fixed_word():
    failed = LoginFailed("secret")
    assert (failed.reason, str(failed)) == ("secret", "secret")
