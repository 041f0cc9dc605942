from __future__ import annotations

from zoneproxy.keys.provider import KeyProvider
from zoneproxy.keys.ring import KeyRing


class Vault:
    """Another provider: nothing but the one method is asked of it."""

    def load(self) -> KeyRing:
        return KeyRing({"analytics": b"k" * 40})


def test_a_provider_gives_keys_by_name() -> None:
    provider: KeyProvider = Vault()
    assert list(provider.load()) == ["analytics"]
