from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from zoneproxy.policy.documents import (
    ControlDocument,
    DetectDocument,
    FlowDocument,
    MatchDocument,
    PolicyDocument,
    PrincipalDocument,
    RedactDocument,
    RuleDocument,
    ZoneDocument,
)
from zoneproxy.policy.identities import Glob, Match
from zoneproxy.policy.model import Operation, ResourceType
from zoneproxy.policy.patterns import Pattern, PatternKind

ZONE = {"level": "restricted", "owner": "a@example.com", "upstream": "kafka"}


def refusal(kind: Any, data: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as caught:
        kind.model_validate(data)
    return "; ".join(error["msg"] for error in caught.value.errors())


# --- zones ---------------------------------------------------------------------------------------------------


def test_a_zone_demands_mutual_tls_unless_it_says_otherwise() -> None:
    assert ZoneDocument.model_validate(ZONE).encryption.transport == "mtls"
    open_zone = ZoneDocument.model_validate({**ZONE, "encryption": {"transport": "plaintext"}})
    assert open_zone.encryption.min_tls is None
    contradiction = {"transport": "plaintext", "min_tls": "1.3"}
    assert "`min_tls` asks for TLS" in refusal(ZoneDocument, {**ZONE, "encryption": contradiction})


def test_a_zone_needs_an_owner_and_no_invented_keys() -> None:
    assert refusal(ZoneDocument, {key: value for key, value in ZONE.items() if key != "owner"}) == "Field required"
    assert "not permitted" in refusal(ZoneDocument, {**ZONE, "colour": "red"})


# --- principals ----------------------------------------------------------------------------------------------


def test_a_match_is_one_or_several_and_never_empty() -> None:
    subject = {"subject": {"O": "Acme", "CN": "alice"}}
    base = {"name": "alice", "zone": "a"}
    assert PrincipalDocument.model_validate(base).match == ()
    one = PrincipalDocument.model_validate({**base, "match": subject})
    assert [match.as_match() for match in one.match] == [Match(subject=(("CN", "alice"), ("O", "Acme")))]
    assert len(PrincipalDocument.model_validate({**base, "match": [subject, {"dns": "a.b.c"}]}).match) == 2
    assert "would match anybody" in refusal(PrincipalDocument, {**base, "match": {}})
    assert refusal(PrincipalDocument, {**base, "match": {"subject": {}}})


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


# --- roles ---------------------------------------------------------------------------------------------------


def test_rules_in_short_and_long() -> None:
    short = RuleDocument.model_validate({"allow": "all", "topic": "*"})
    assert (short.operations, short.resource, short.host) == ((Operation.ALL,), ResourceType.TOPIC, ("*",))
    long = RuleDocument.model_validate(
        {"deny": ["read", "delete"], "group": ["a", {"prefix": "b"}], "host": ["10.0.0.1", "10.0.0.2"]}
    )
    assert (long.operations, long.resource) == ((Operation.READ, Operation.DELETE), ResourceType.GROUP)
    assert long.patterns == (Pattern(PatternKind.LITERAL, "a"), Pattern(PatternKind.PREFIX, "b"))
    assert long.host == ("10.0.0.1", "10.0.0.2")


def test_rules_about_the_cluster_and_transactional_ids() -> None:
    cluster = RuleDocument.model_validate({"allow": ["idempotent_write"], "cluster": True})
    assert (cluster.resource, cluster.patterns[0].name) == (ResourceType.CLUSTER, "kafka-cluster")
    write = RuleDocument.model_validate({"allow": ["write"], "transactional_id": {"prefix": "p."}})
    assert write.resource is ResourceType.TRANSACTIONAL_ID


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"topic": "a"}, "exactly one of `allow` and `deny`"),
        ({"allow": ["read"], "deny": ["read"], "topic": "a"}, "exactly one of `allow` and `deny`"),
        ({"allow": ["read"]}, "is about exactly one of"),
        ({"allow": ["read"], "topic": "a", "group": "a"}, "is about exactly one of"),
        ({"allow": ["write", "create", "read"], "group": "a"}, "`write`, `create` cannot be done to a group"),
        ({"allow": ["idempotent_write"], "topic": "a"}, "cannot be done to a topic"),
        ({"allow": ["read"], "cluster": True}, "cannot be done to a cluster"),
        ({"allow": [], "topic": "a"}, "at least 1"),
        ({"allow": ["read"], "topic": []}, "at least 1"),
        ({"allow": ["describe"], "cluster": False}, "should be True"),
    ],
)
def test_rules_that_make_no_sense(data: dict[str, Any], message: str) -> None:
    assert message in refusal(RuleDocument, data)


# --- flows ---------------------------------------------------------------------------------------------------


def test_a_flow_with_all_controls() -> None:
    flow = FlowDocument.model_validate(
        {
            "name": "completed payments",
            "from": "payments",
            "to": "analytics",
            "topics": ["payments.completed"],
            "controls": [
                {"detect": {"types": "PAYMENT_CARD", "action": "block"}},
                {"redact": {"field": "$.a", "with": "mask", "keep_last": 4, "mask_with": "#"}},
                {"redact": {"types": ["EMAIL"], "confidence": 0.7, "with": "hash", "key": "k"}},
            ],
        }
    )
    assert flow.controls[0].detect == DetectDocument(types=("PAYMENT_CARD",), action="block", confidence=0.5)
    assert flow.controls[1].redact is not None
    assert flow.controls[1].redact.keep_last == 4
    assert flow.controls[2].redact is not None
    assert flow.controls[2].redact.with_ == "hash"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"with": "mask"}, "exactly one of `field` and `types`"),
        ({"with": "mask", "field": "$.a", "types": ["EMAIL"]}, "exactly one of `field` and `types`"),
        ({"with": "mask", "field": "$.a", "confidence": 0.5}, "`confidence` is about findings"),
        ({"with": "mask", "field": "a.b"}, "`a.b` is not a path: it should start with `$`"),
        ({"with": "remove", "field": "$.a", "keep_last": 4}, "`keep_last` has an effect only with `with: mask`"),
        ({"with": "hash", "field": "$.a"}, "`with: hash` needs a `key`"),
        ({"with": "mask", "field": "$.a", "key": "k"}, "`key` has an effect only with `with: hash`"),
        ({"with": "mask", "field": "$.a", "keep_first": 65}, "less than or equal to 64"),
        ({"with": "mask", "field": "$.a", "mask_with": '"'}, "pattern"),
        ({"with": "mask", "field": "$.a", "mask_with": "**"}, "pattern"),
        ({"with": "mask", "types": ["EMAIL"], "confidence": 1.5}, "less than or equal to 1"),
        ({"with": "encrypt", "field": "$.a"}, "Input should be"),
    ],
)
def test_redactions_that_make_no_sense(data: dict[str, Any], message: str) -> None:
    assert message in refusal(RedactDocument, data)


@pytest.mark.parametrize("character", ["*", "#", "X", "-", "~"])
def test_masks_are_one_character_that_json_needs_not_escape(character: str) -> None:
    redact = RedactDocument.model_validate({"field": "$.a", "with": "mask", "mask_with": character})
    assert redact.mask_with == character


def test_a_control_is_one_thing() -> None:
    detect = {"types": ["EMAIL"], "action": "alert"}
    redact = {"field": "$.a", "with": "remove"}
    assert "exactly one of `detect` and `redact`" in refusal(ControlDocument, {})
    assert "exactly one of `detect` and `redact`" in refusal(ControlDocument, {"detect": detect, "redact": redact})


def test_the_outline_of_a_file_holds_for_editors() -> None:
    assert set(PolicyDocument.model_json_schema()["properties"]) == {"levels", "zones", "principals", "roles", "flows"}
    assert PolicyDocument.model_validate({"zones": {"a": ZONE}}).zones["a"].owner == "a@example.com"
