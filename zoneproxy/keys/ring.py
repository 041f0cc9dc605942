"""Keys by name. Whatever prints, logs or compares a ring sees names only."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping


class KeyRing(Mapping[str, bytes]):
    """Name → key. Immutable."""

    __slots__ = ("_keys",)

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._keys = dict(keys)

    def __getitem__(self, name: str) -> bytes:
        return self._keys[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def id_of(self, name: str) -> str:
        """What tells a key from the one that had its name before, and tells nothing else of it: 16 digits."""
        return hmac.digest(self._keys[name], b"zoneproxy key id 1", "sha256").hex()[:16]

    def __repr__(self) -> str:
        return f"KeyRing({', '.join(sorted(self._keys))})"
