from __future__ import annotations

from tests.identity.sasl.kit import KEY_SET
from zoneproxy.identity.sasl.providers import KeyCache
from zoneproxy.identity.sasl.signing_keys import parse_keys


def test_keys_are_believed_for_a_while() -> None:
    cache = KeyCache(max_age=100)
    assert cache.keys(0) is None
    keys = parse_keys(KEY_SET)
    cache.loaded(keys, 1000)
    assert cache.keys(1100) is keys
    assert cache.keys(1101) is None


def test_nobody_is_asked_all_the_time() -> None:
    cache = KeyCache(min_interval=30)
    assert cache.may_ask(0)
    cache.asking(0)
    assert not cache.may_ask(29)
    assert cache.may_ask(30)
