from __future__ import annotations

import pytest

from zoneproxy.policy.controls import Action, Control, Detect, RedactField, RedactFinding
from zoneproxy.policy.field_controls import RedactKey, RedactName, RedactTag
from zoneproxy.policy.token_domains import Domain, domains
from zoneproxy.policy.transforms import Transform, TransformKind

HASH = Transform(TransformKind.HASH, key="k")
TOKENS = Transform(TransformKind.TOKENISE, key="k", zone="z")
NAMED = Transform(TransformKind.TOKENISE, key="k", zone="z", domain="E-Mail")


def tokens(about: str) -> Domain:
    return Domain("tokenise", "k", "z", about)


@pytest.mark.parametrize(
    ("control", "expected"),
    [
        (Detect("r", ("EMAIL",), 0.5, Action.BLOCK), []),
        (RedactField("r", "$.a", Transform(TransformKind.MASK)), []),
        (RedactField("r", "$.a", HASH), [Domain("hash", "k")]),
        (RedactField("r", "$.a", Transform(TransformKind.SHIFT_DATE, key="k", days=3)), [Domain("shift_date", "k")]),
        (RedactField("r", "$.to.eMail[0]", TOKENS), [tokens("email")]),
        (RedactField("r", "$[*]", TOKENS), [tokens("")]),
        (RedactField("r", "$.a", NAMED), [tokens("email")]),
        (RedactName("r", TOKENS, "e_mail"), [tokens("email")]),
        (RedactTag("r", TOKENS, "PII"), [tokens("pii")]),
        (RedactKey("r", TOKENS), [tokens("recordkey")]),
        (RedactFinding("r", ("EMAIL", "PHONE"), 0.5, TOKENS), [tokens("email"), tokens("phone")]),
        (RedactFinding("r", ("EMAIL", "PHONE"), 0.5, NAMED), [tokens("email")]),
    ],
)
def test_domains(control: Control, expected: list[Domain]) -> None:
    assert list(domains(control)) == expected


def test_a_pack_has_a_domain_for_each_type() -> None:
    assert tokens("paymentcard") in domains(RedactFinding("r", ("pci",), 0.5, TOKENS))


def test_domains_in_words() -> None:
    assert str(Domain("hash", "k")) == "hashes under key `k`"
    assert str(Domain("shift_date", "k")) == "moved dates under key `k`"
    assert str(tokens("email")) == "tokens of `email` under key `k`"
