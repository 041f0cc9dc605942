from __future__ import annotations

from typing import Any

import pytest

from tests.policy.documents.refusals import refusal
from zoneproxy.policy.derivation import Derivation
from zoneproxy.policy.documents.identities import IdentityDocument

TOKEN = {"oauth": {"issuer": "https://login.example.com"}}
STAFF: dict[str, Any] = {"name": "staff", "zone": "a", "match": TOKEN, "principal": {"claim": "sub", "prefix": "acme:"}}


def test_a_rule_becomes_a_derivation() -> None:
    document = IdentityDocument.model_validate(STAFF | {"roles": ["reader"]})
    expected = Derivation("staff", "a", "acme:", claim="sub", roles=frozenset({"reader"}))
    assert document.as_derivation() == expected
    apps = {"match": {"dns": "*.apps.example.com"}, "principal": {"subject": "CN"}}
    assert IdentityDocument.model_validate(STAFF | apps).as_derivation() == Derivation("staff", "a", attribute="CN")
    users = {"match": {"sasl": "*"}, "principal": {"sasl": True}}
    assert IdentityDocument.model_validate(STAFF | users).as_derivation() == Derivation("staff", "a")


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"principal": {}}, "exactly one of `claim`, `subject` and `sasl: true`"),
        ({"principal": {"claim": "sub", "sasl": True}}, "exactly one of"),
        ({"principal": {"claim": "sub", "prefix": " a"}}, "cannot begin the name of a principal"),
        ({"principal": {"claim": "sub", "prefix": "a*"}}, "cannot begin the name of a principal"),
        ({"match": {"sasl": "*"}}, "a claim is part of a token"),
        ({"match": [TOKEN, {"dns": "a.b.c"}]}, "a claim is part of a token"),
        ({"principal": {"subject": "CN"}}, "`subject` is part of a certificate"),
        ({"principal": {"sasl": True}}, "`match` must ask for any"),
        ({"principal": {"sasl": True}, "match": {"sasl": "ann"}}, "`match` must ask for any"),
        ({"match": []}, "at least 1 item"),
    ],
)
def test_what_cannot_be_shown_names_nobody(change: dict[str, Any], text: str) -> None:
    assert text in refusal(IdentityDocument, STAFF | change)
