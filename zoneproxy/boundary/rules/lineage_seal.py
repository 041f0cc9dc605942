"""The seal on lineage: a MAC that binds it to the one content that it is about.

    zoneproxy-lineage-mac: payments-2026:dGhpcyBpcyBub3QgYSByZWFsIG1hYywganVzdCBiYXNl

The name of the key, then HMAC-SHA-256 (FIPS 198-1) under it, in base64url without padding (RFC 4648), of

    "zoneproxy lineage 1" NUL  field(name of the key)  field(lineage)  content
    content   = SHA-256( field(key)  field(value)  uint32(number of headers)  {field(name) field(value)} )
    field(x)  = uint32(length of x)  x         in network byte order; a null is ffffffff

where the headers are all but the proxy's own, in their order. Whatever is changed, in the lineage or in the record, it
is another MAC; so lineage cannot be moved to a record that says anything else.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from struct import Struct
from typing import Final

from zoneproxy.boundary.rules.lineage_text import LINEAGE
from zoneproxy.wire.record import Header

MAC: Final = LINEAGE + b"-mac"
"""The name of the header."""
_DOMAIN = b"zoneproxy lineage 1\0"
_UINT32 = Struct(">I").pack
_NULL = b"\xff\xff\xff\xff"


def seal(key: bytes, name: str, lineage: bytes, content: bytes) -> bytes:
    """The value of the header: ``key``, which is called ``name``, says that ``lineage`` is that of ``content``."""
    called = name.encode()
    mac = hmac.digest(key, b"".join((_DOMAIN, *_field(called), *_field(lineage), content)), "sha256")
    return called + b":" + urlsafe_b64encode(mac).rstrip(b"=")


def content_of(key: bytes | None, value: bytes | None, headers: Iterable[Header]) -> bytes:
    """The hash of what a record says; ``headers`` without the proxy's own."""
    others = [part for header in headers for text in header for part in _field(text)]
    count = _UINT32(len(others) // 4)
    return hashlib.sha256(b"".join((*_field(key), *_field(value), count, *others))).digest()


def same(one: bytes, other: bytes) -> bool:
    """Whether two seals are equal, in a time that tells nothing about where they differ."""
    return hmac.compare_digest(one, other)


def _field(text: bytes | None) -> tuple[bytes, bytes]:
    return (_NULL, b"") if text is None else (_UINT32(len(text)), text)
