from __future__ import annotations

from zoneproxy.identity.sasl.shapes import Refused


def test_a_refusal_has_a_reason_and_says_little() -> None:
    assert (Refused("password").reason, Refused("password").text) == ("password", None)
    assert Refused("password", "Authentication failed").text == "Authentication failed"
    assert str(Refused("password", "words")) == "password"
