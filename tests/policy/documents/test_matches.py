from __future__ import annotations

import pytest

from tests.policy.documents.refusals import refusal
from zoneproxy.policy.documents.matches import MatchDocument
from zoneproxy.policy.identities import Glob, Match, TokenMatch


def test_a_match_becomes_conditions() -> None:
    match = MatchDocument.model_validate({"spiffe": "spiffe://a/b", "uri": "urn:a", "dns": "A.b.c", "email": "a@B"})
    assert match.as_match() == Match(
        spiffe=Glob("spiffe://a/b", "/"), uri=Glob("urn:a", "/"), dns=Glob("a.b.c", "."), email=Glob("a@b", "@")
    )


@pytest.mark.parametrize("attribute", ["cn", "Common Name", "E", "1", "9.1"])
def test_subjects_have_known_attributes(attribute: str) -> None:
    assert "is no attribute of a subject" in refusal(MatchDocument, {"subject": {attribute: "x"}})


def test_subjects_take_oids_but_no_stars() -> None:
    assert MatchDocument.model_validate({"subject": {"1.3.6.1.4.1.99": "x", "serialNumber": "7"}}).subject
    assert "a star is a star" in refusal(MatchDocument, {"subject": {"CN": "x*"}})


def test_users_and_tokens() -> None:
    assert MatchDocument.model_validate({"sasl": "ann"}).as_match() == Match(sasl="ann")
    claims = {"team": ["blue", "red"], "sub": "ann"}
    match = MatchDocument.model_validate({"oauth": {"issuer": "https://i", "claims": claims}})
    assert match.as_match() == Match(token=TokenMatch("https://i", (("sub", ("ann",)), ("team", ("blue", "red")))))
    assert MatchDocument.model_validate({"oauth": {"issuer": "https://i"}}).as_match().token == TokenMatch("https://i")
    assert "a password and a token" in refusal(MatchDocument, {"sasl": "ann", "oauth": {"issuer": "https://i"}})
    assert refusal(MatchDocument, {"oauth": {"claims": {"sub": "ann"}}})
