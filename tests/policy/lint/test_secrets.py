from __future__ import annotations

import pytest

from zoneproxy.policy.lint.secrets import secrets

RANDOM = "q7Zp" + "0Xk2" + "LmV9" + "sT4w" + "Yb8N" + "cR1e" + "Hd6J"
HEX = "9f86d081884c7d659a2f" + "eaa0c55ad015a3bf4f1b"


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("a private key", "-----BEGIN RSA " + "PRIVATE KEY-----"),
        ("an AWS access key id", "AKIA" + "Q3EGRZ7NAB2C4D5F"),
        ("a GitHub token", "ghp_" + "a1B2" * 9),
        ("a GitLab token", "glpat-" + "x1Y2z3" * 4),
        ("a Slack token", "xoxb-" + "123456789012-abcdef"),
        ("a Stripe key", "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"),
        ("a Google API key", "AIza" + "SyA-b1C2d3" * 3 + "e4F5g"),
        ("a Vault token", "hvs." + "CAESIJx1" * 4),
        ("a PyPI token", "pypi-AgE" + "IcHlwaS5vcmcC" * 3),
        ("an npm token", "npm_" + "a1B2c3" * 6),
        ("a JSON web token", "eyJ" + "hbGciOiJI.eyJ" + "zdWIiOiIx.c2ln"),
        ("a password in a URL", "https://bob:" + "hunter2@example.com/"),
        ("a password", "password" + ": correct-horse"),
        ("a random key", RANDOM),
        ("a random key", HEX),
    ],
)
def test_secrets_are_named_and_never_shown(what: str, text: str) -> None:
    (finding,) = secrets("p.yaml", f"a: 1\nb: {text}\n")
    assert finding.code == "ZP010"
    assert finding.line == 2
    assert finding.column >= 4 or what == "a password"
    assert what in finding.message
    assert text not in str(finding)
    assert text[-8:] not in str(finding)


@pytest.mark.parametrize(
    "text",
    [
        "topics: [customer-orders-eu-west-1-production-v2, CustomerOrdersEuropeWestProductionVersion2]",
        'spiffe: "spiffe://acme.example.com/payments/settlement-service/production"',
        "# 123e4567-e89b-12d3-a456-426614174000 is the number of the contract",
        "until: 2026-12-01T00:00:00Z",
        "topics: 00000000000000000000000000000000",
        "digest: aaaaaaaaaaaaaaaa1111111111111111",
        f"- {{certificate: {HEX}, reason: lost}}",
        f'sha256: "{HEX}"',
        "# a note on passwords: they do not belong here",
    ],
)
def test_what_is_no_secret(text: str) -> None:
    assert list(secrets("p.yaml", text)) == []
