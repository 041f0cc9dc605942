from __future__ import annotations

from tests.policy.documents.refusals import refusal
from zoneproxy.policy.documents.principals import PrincipalDocument
from zoneproxy.policy.identities import Match


def test_a_match_is_one_or_several_and_never_empty() -> None:
    subject = {"subject": {"O": "Acme", "CN": "alice"}}
    base = {"name": "alice", "zone": "a"}
    assert PrincipalDocument.model_validate(base).match == ()
    one = PrincipalDocument.model_validate({**base, "match": subject})
    assert [match.as_match() for match in one.match] == [Match(subject=(("CN", "alice"), ("O", "Acme")))]
    assert len(PrincipalDocument.model_validate({**base, "match": [subject, {"dns": "a.b.c"}]}).match) == 2
    assert "would match anybody" in refusal(PrincipalDocument, {**base, "match": {}})
    assert refusal(PrincipalDocument, {**base, "match": {"subject": {}}})


def test_a_principal_is_not_everybody_with_a_password() -> None:
    base = {"name": "alice", "zone": "a"}
    assert PrincipalDocument.model_validate({**base, "match": {"sasl": "alice"}}).match[0].as_match().sasl == "alice"
    assert "everybody with a password" in refusal(PrincipalDocument, {**base, "match": {"sasl": "*"}})


def test_groups_of_a_principal() -> None:
    base = {"name": "alice", "zone": "a"}
    assert PrincipalDocument.model_validate(base).groups == ()
    assert PrincipalDocument.model_validate({**base, "groups": ["/acme/x", "Ys"]}).groups == ("/acme/x", "Ys")
