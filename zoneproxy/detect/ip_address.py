"""Addresses of networks: IP, MAC."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from zoneproxy.detect.declared import words_of
from zoneproxy.detect.detector import Confidence, Detector, Hit

_V4 = rb"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}"
_RUN = re.compile(rb"[0-9A-Fa-f:.]+")
_LONGEST = 45  # ::ffff:255.255.255.255 written in full
_V6 = (
    rb"[0-9A-Fa-f]{1,4}:[0-9A-Fa-f]{1,4}:[0-9A-Fa-f]{1,4}:[0-9A-Fa-f]{0,4}"
    rb"|[0-9A-Fa-f]{1,4}::[0-9A-Fa-f]{1,4}|[0-9A-Fa-f]{1,4}:[0-9A-Fa-f]{1,4}::[0-9A-Fa-f]{0,4}"
)
# The end of the first group is enough to begin with, for stage 1: every group has one.
COLONS = rb"[0-9A-Fa-f]:[0-9A-Fa-f]{1,4}:[0-9A-Fa-f]{0,4}:|[0-9A-Fa-f]::[0-9A-Fa-f]"
_OF_NOBODY = frozenset({0, 127, 255})  # the first octet


def _hits(text: bytes, start: int, _end: int) -> Iterator[Hit]:
    run = _RUN.match(text, start, start + _LONGEST + 1)
    assert run
    written = run.group().rstrip(b".") if b"::" in run.group()[-2:] else run.group().rstrip(b".:")
    after = text[start + len(written) : start + len(written) + 2]
    if after[:1].isalnum() or after[:1] == b"_" or (after[:1] in (b"-", b".") and after[1:].isdigit()):
        return
    if _is_address(written) and not _in_version(text, start):
        yield Hit(start, start + len(written), valid=True)


def _is_address(written: bytes) -> bool:
    if b":" in written:
        return _is_v6(written)
    octets = written.split(b".")
    return (
        len(octets) == 4
        and all(
            octet.isdigit() and len(octet) <= 3 and int(octet) < 256 and (octet == b"0" or octet[:1] != b"0")
            for octet in octets
        )
        and int(octets[0]) not in _OF_NOBODY
    )


def _is_v6(written: bytes) -> bool:
    try:
        address = ipaddress.IPv6Address(written.decode())
    except ValueError:
        return False
    return not (address.is_unspecified or address.is_loopback)


def _in_version(text: bytes, start: int) -> bool:
    """``Chrome/90.0.4430.12``, ``1.2-3.4.5.6``."""
    before = text[max(0, start - 2) : start]
    if before[1:] == b"-":
        return before[:1].isdigit()
    return before[1:] in (b"/", b".") and before[:1].isalnum()


_FOUR = re.compile(_V4)


def _may_be(window: bytes) -> bool:
    written = _FOUR.match(window)
    return written is None or all(int(octet) < 256 for octet in written.group().split(b".")[:3])


IP_ADDRESS = Detector(
    type="IP_ADDRESS",
    shape=rb"[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]",
    other_shapes=(COLONS,),
    stretch=rb"\b(?:" + _V4 + b"|" + _V6 + b")",
    hits=_hits,
    may_be=_may_be,
    words=words_of("ip, ips, ipv4, ipv6, client, remote, addr, address, host, peer, from, source, dst, src, forwarded"),
    against=words_of(
        "version, ver, app, fw, firmware, release, build, image, driver, sdk, kernel, os, semver, rev, revision, oid,"
        "package, chrome, agent, ua, software, update, upgrade, v"
    ),
    confidence=Confidence(alone=0.2, valid=0.6, valid_in_context=0.9, against=0.2),
)
