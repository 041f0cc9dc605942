"""Addresses of networks and devices."""

from __future__ import annotations

import re

from zoneproxy.detect.declared import keyed, pattern
from zoneproxy.detect.detector import Confidence
from zoneproxy.detect.ip_address import COLONS, IP_ADDRESS
from zoneproxy.detect.overseas import imei
from zoneproxy.detect.weights import luhn_valid

_PAIR = rb"[0-9A-Fa-f]{2}"


def _mac(written: bytes) -> bool:
    return len(set(written.lower().translate(None, b":-."))) > 1


_REST_OF_MAC = re.compile(rb"[0-9A-Fa-f](?:(?::%b){5}|(?:-%b){5})" % (_PAIR, _PAIR))


def _may_be_mac(window: bytes) -> bool:
    return _REST_OF_MAC.match(window) is not None


DETECTORS = (
    IP_ADDRESS,
    pattern(
        "MAC_ADDRESS",
        _PAIR + b"(?:" + b":" + _PAIR + b"){5}|" + _PAIR + b"(?:-" + _PAIR + b"){5}",
        words="mac, device, bssid, ethernet, hwaddr, wifi, bluetooth, macaddress",
        valid=_mac,
        shape=COLONS,
        other_shapes=(rb"[0-9A-Fa-f]-[0-9A-Fa-f]{2}-[0-9A-Fa-f]{2}-[0-9A-Fa-f]{2}-",),
        closer=_may_be_mac,
        confidence=Confidence(alone=0.3, valid=0.75, valid_in_context=0.95),
    ),
    keyed(
        "IMEI",
        rb"[0-9]{15}|[0-9]{2}-[0-9]{6}-[0-9]{6}-[0-9]",
        words="imei, imeisv, device id, tac",
        near=rb"[0-9]{2}",
        valid=imei,
    ),
    keyed("IMSI", rb"[2-79][0-9]{13,14}", words="imsi", near=rb"[0-9]{14}"),
    keyed(
        "ICCID",
        rb"89[0-9]{17,18}",
        words="iccid, sim card, simcard, sim",
        near=rb"89[0-9]{17}",
        valid=lambda written: len(written) != 19 or luhn_valid(written),
    ),
)
