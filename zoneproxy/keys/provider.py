"""Where keys come from: what every provider has to do, and nothing else is asked of one."""

from __future__ import annotations

from typing import Protocol

from zoneproxy.keys.ring import KeyRing


class KeyProvider(Protocol):
    """Keys for hashes, tokens and seals, whoever keeps them: files, a vault, a cloud's key service, a token.

    It is asked when the configuration is loaded and whenever it is loaded again, never while records are treated: what
    is in force does not change in between. Keys have at least ``MINIMUM_KEY_BYTES`` of ``files``.
    """

    def load(self) -> KeyRing:
        """All keys that it was told to provide, by the names that policies know them by.

        Raises InvalidConfiguration: one of them is not to be had; lists all of these, and never any key.
        """
        ...
