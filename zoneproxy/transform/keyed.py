"""Hashes and tokens: the same for the same value, and without the key nobody can try all card numbers.

Both are HMAC-SHA-256 (FIPS 198-1), cut to 128 bits. Neither can be turned back, with the key either: whoever has that
can only try values. Equal values are equal however they were escaped, whatever field they came in; what is hashed for
one purpose is never equal to what is hashed for another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

from zoneproxy.policy.transforms import Transform
from zoneproxy.transform.change import Change, Rank
from zoneproxy.transform.json_text import BACKSLASH, decode_string
from zoneproxy.transform.names import normal_name

HASH_LENGTH = 32  # hexadecimal digits: 128 bits

_BLOCK = 64  # bytes, of SHA-256
_INNER, _OUTER = (bytes(byte ^ pad for byte in range(256)) for pad in (0x36, 0x5C))


class Keyed(Change):
    """A prefix and a MAC of the value; subclasses say under which key and for what."""

    prefix = b""
    opaque = True

    def __init__(self, transform: Transform, key: bytes, purpose: bytes) -> None:
        super().__init__(transform)
        # Both halves of HMAC begun, and copied for each value: a third of the price of a new one.
        key = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
        self._inner = hashlib.sha256(key.translate(_INNER) + purpose)
        self._outer = hashlib.sha256(key.translate(_OUTER))

    def text(self, text: bytes) -> bytes:
        """See Change."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(text)
        outer.update(inner.digest())
        return self.prefix + outer.hexdigest()[:HASH_LENGTH].encode()

    def alike(self, plain: bytes) -> bytes:
        """See Change."""
        return self.text(plain)

    def for_plain(self) -> Callable[[bytes], bytes]:
        """See Change."""
        return self.text

    def in_string(self, inside: bytes) -> bytes:
        """See Change; prefixes need no escapes."""
        return self.text(decode_string(b'"' + inside + b'"') if BACKSLASH in inside else inside)

    def container(self, token: bytes) -> bytes:
        """See Change: of the text as it is written."""
        return b'"' + self.text(token) + b'"'


class Hash(Keyed):
    """One domain for each key: equal values have equal hashes everywhere."""

    strictness: tuple[int, int] = (Rank.HASH, 0)

    def __init__(self, transform: Transform, keys: Mapping[str, bytes]) -> None:
        """Raises KeyError: the key is not among ``keys``."""
        name = transform.key or ""
        super().__init__(transform, keys[name], b"zoneproxy hash 1\0" + name.encode() + b"\0")


class Tokenise(Keyed):
    """A domain for each key, zone and type of data: what is not meant to be joined cannot be."""

    strictness: tuple[int, int] = (Rank.TOKENISE, 0)

    def __init__(self, transform: Transform, keys: Mapping[str, bytes], about: str) -> None:
        """``about`` is the type of data, unless the transform names a domain. Raises KeyError as Hash does."""
        name = transform.key or ""
        domain = normal_name((transform.domain or about).encode())
        purpose = b"\0".join((b"zoneproxy token 1", name.encode(), transform.zone.encode(), domain, b""))
        super().__init__(transform, keys[name], purpose)
        self.prefix = transform.prefix.encode()
