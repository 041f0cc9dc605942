from __future__ import annotations

import pytest

from tests.transform.changes import make
from zoneproxy.policy.transforms import Unit


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("jane.doe@example.com", "j***@example.com"),
        ("jd@mail.example.co.uk", "j***@mail.example.co.uk"),
        ("ö.x@example.com", "ö***@example.com"),
        (" jane@example.com ", "j***@example.com"),
        ("j@example.com", "***@example.com"),
        ("ö@example.com", "***@example.com"),
        ("jane", "****"),
        ("jane@", "****"),
        ("jane@localhost", "****"),
        ("jane@example.com,joe@example.com", "****"),
        ("Jane <jane@example.com>", "****"),
        ("jane@joe@example.com", "****"),
        ("x" * 400 + "@example.com", "****"),
        ("", "****"),
    ],
)
def test_email(text, expected):
    assert make("mask_email").text(text.encode()).decode() == expected


@pytest.mark.parametrize(
    ("text", "expected", "network"),
    [
        ("192.0.2.77", "192.0.2.0", "192.0.2.0/24"),
        (" 10.1.2.3", "10.1.2.0", "10.1.2.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::", "2001:db8:1::/48"),
        ("::1", "::", "::/48"),
        ("::ffff:192.0.2.77", "::", "::/48"),
        ("fe80::1%eth0", "fe80::", "fe80::/48"),
        ("192.0.2.77:8080", "****", "****"),
        ("192.0.2.256", "****", "****"),
        ("192.0.2.077", "****", "****"),
        ("\u0661.2.3.4", "****", "****"),
        ("1" * 100, "****", "****"),
        ("", "****", "****"),
    ],
)
def test_ip(text, expected, network):
    assert make("mask_ip").text(text.encode()).decode() == expected
    assert make("generalise", to=Unit.NETWORK).text(text.encode()).decode() == network


def test_how_much_is_left_of_an_ip_address():
    change = make("mask_ip", bits_v4=16, bits_v6=32)
    assert change.text(b"192.0.2.77") == b"192.0.0.0"
    assert change.text(b"2001:db8:1:2::3") == b"2001:db8::"
    assert change.strictness > make("mask_ip").strictness
