"""Changes that leave nothing of a value."""

from __future__ import annotations

import json

from zoneproxy.policy.transforms import Transform
from zoneproxy.transform.change import Change, Rank
from zoneproxy.transform.json_text import encode_string


class Replace(Change):
    """The same for every value: a text, or a number or truth value of JSON."""

    strictness: tuple[int, int] = (Rank.REPLACE, 0)
    opaque = True

    def __init__(self, transform: Transform) -> None:
        super().__init__(transform)
        self._value = transform.value.encode()
        plain = json.loads(transform.value)
        self._text = plain.encode() if isinstance(plain, str) else self._value
        self._inside = encode_string(self._text)[1:-1]

    def text(self, text: bytes) -> bytes:
        """See Change."""
        return self._text

    def in_string(self, inside: bytes) -> bytes:
        """See Change."""
        return self._inside

    def value(self, token: bytes) -> bytes:
        """See Change."""
        return token if token == b"null" else self._value

    def for_plain(self) -> None:
        """See Change."""


class Null(Change):
    """Null in its place."""

    strictness: tuple[int, int] = (Rank.NULL, 0)
    nulls = True

    def text(self, text: bytes) -> bytes:
        """See Change; what is not JSON knows no null."""
        return b""

    def value(self, token: bytes) -> bytes:
        """See Change."""
        return b"null"

    def for_plain(self) -> None:
        """See Change."""


class Remove(Change):
    """Nothing is left, where it stood neither."""

    strictness: tuple[int, int] = (Rank.REMOVE, 0)
    removes = True

    def text(self, text: bytes) -> bytes:
        """See Change."""
        return b""

    def value(self, token: bytes) -> bytes:
        """See Change; for a document that has to be a value."""
        return b"null"

    def for_plain(self) -> None:
        """See Change."""
