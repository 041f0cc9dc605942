"""Addresses of which a part is left: the domain of an e-mail address, the network of an IP address."""

from __future__ import annotations

import ipaddress
import re

from zoneproxy.policy.transforms import Transform
from zoneproxy.transform.change import WHOLE, Change, Rank
from zoneproxy.transform.characters import CHARACTER

_EMAIL = re.compile(rb"\s*([^@\s\"<>\x00-\x20]+)@((?:[A-Za-z0-9_-]{1,63}\.)+[A-Za-z0-9-]{2,63})\s*").fullmatch
_MAX_EMAIL = 320
_MAX_IP = 45


class EmailMask(Change):
    """``jane.doe@example.com`` becomes ``j***@example.com``."""

    strictness: tuple[int, int] = (Rank.MASK_ADDRESS, 0)
    looks_alike = True

    def text(self, text: bytes) -> bytes:
        """See Change. A name of one character would be left whole: it goes."""
        match = _EMAIL(text) if len(text) <= _MAX_EMAIL else None
        if match is None:
            return WHOLE
        first = CHARACTER.match(match[1])
        assert first
        return (first[0] if first.end() < len(match[1]) else b"") + b"***@" + match[2]


class IPMask(Change):
    """``192.0.2.77`` becomes ``192.0.2.0``, the network's own address, which is still one to whoever parses it."""

    looks_alike = True

    def __init__(self, transform: Transform) -> None:
        super().__init__(transform)
        self._bits = {4: transform.bits_v4, 6: transform.bits_v6}
        self.strictness = (Rank.MASK_ADDRESS, 32 - transform.bits_v4 + 128 - transform.bits_v6)

    def text(self, text: bytes) -> bytes:
        """See Change."""
        found = network(text, self._bits)
        return WHOLE if found is None else str(found.network_address).encode()


def network(text: bytes, bits: dict[int, int]) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """The network that an address is in, which has so many bits by IP version; None if ``text`` is no address."""
    try:
        address = ipaddress.ip_address(text.decode("ascii").strip()) if len(text) <= _MAX_IP else None
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv4Address):
        return ipaddress.IPv4Network((int(address), bits[4]), strict=False)
    return ipaddress.IPv6Network((int(address), bits[6]), strict=False) if address else None
