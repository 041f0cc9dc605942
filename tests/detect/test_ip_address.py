from __future__ import annotations

import pytest

from zoneproxy.detect.ip_address import IP_ADDRESS
from zoneproxy.detect.scanner import Scanner

SCANNER = Scanner(["IP_ADDRESS"])


def found(text: str) -> list[str]:
    data = text.encode()
    return [data[hit.start : hit.end].decode() for hit in SCANNER.scan(data) if hit.confidence >= 0.5]


@pytest.mark.parametrize(
    "address", ["8.8.4.4", "192.168.1.1", "2001:db8::1", "fe80::1ff:fe23:4567:890a", "1:2:3:4:5:6:7:8"]
)
def test_addresses(address):
    for text in (address, f"from {address}.", f"[{address}] x", f"ip={address},"):
        assert found(text) == [address]


@pytest.mark.parametrize(
    "text",
    [
        "12:34:56", "1.2.3", "256.1.1.1", "1.2.3.4.5", "01.2.3.4", "version 1.2.3.4", '{"app":"1.2.3.4"}', "x1.2.3.4",
        "Chrome/90.0.4430.12", "127.0.0.1", "0.0.0.0", "1.2.3.4-5",
        "1.2.3.4a", "a1-1.2.3.4", "12:34:56:78", "::x", "1::2_", "de:ad:be:ef:00:01", "_1::2",
    ],
)  # fmt: skip
def test_no_addresses(text):
    assert found(text) == []


def test_the_closer_look():
    assert not IP_ADDRESS.may_be(b"300.1.2.3")
    assert IP_ADDRESS.may_be(b"30.1.2.3")
    assert IP_ADDRESS.may_be(b"fe80::1")
