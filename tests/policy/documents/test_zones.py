from __future__ import annotations

from tests.policy.documents.refusals import refusal
from zoneproxy.policy.documents.zones import ZoneDocument

ZONE = {"level": "restricted", "owner": "a@example.com", "upstream": "kafka"}


def test_a_zone_demands_mutual_tls_unless_it_says_otherwise() -> None:
    assert ZoneDocument.model_validate(ZONE).encryption.transport == "mtls"
    open_zone = ZoneDocument.model_validate({**ZONE, "encryption": {"transport": "plaintext"}})
    assert open_zone.encryption.min_tls is None
    contradiction = {"transport": "plaintext", "min_tls": "1.3"}
    assert "`min_tls` asks for TLS" in refusal(ZoneDocument, {**ZONE, "encryption": contradiction})


def test_a_namespace_is_a_prefix_of_legal_characters() -> None:
    assert ZoneDocument.model_validate(ZONE).namespace is None
    assert ZoneDocument.model_validate({**ZONE, "namespace": "pay-eu_1."}).namespace == "pay-eu_1."
    for wrong in ("", "a/", "a b", "é", "a\n", "x" * 101):
        assert refusal(ZoneDocument, {**ZONE, "namespace": wrong})


def test_a_zone_needs_an_owner_and_no_invented_keys() -> None:
    assert refusal(ZoneDocument, {key: value for key, value in ZONE.items() if key != "owner"}) == "Field required"
    assert "not permitted" in refusal(ZoneDocument, {**ZONE, "colour": "red"})


def test_names_are_needed_on_the_highest_level_unless_the_zone_says_otherwise() -> None:
    def needed(**more: object) -> bool:
        return ZoneDocument.model_validate({**ZONE, **more}).names_needed("restricted")

    assert needed()
    assert not needed(level="internal")
    assert not needed(encryption={"transport": "plaintext"})
    assert not needed(named_principals_only=False)
    assert needed(level="internal", named_principals_only=True)
    both = {**ZONE, "named_principals_only": True, "encryption": {"transport": "plaintext"}}
    assert "exclude each other" in refusal(ZoneDocument, both)


def test_names_of_topics_are_a_pattern_that_takes_linear_time() -> None:
    assert ZoneDocument.model_validate({**ZONE, "topic_names": "^[a-z.]+$"}).topic_names == "^[a-z.]+$"
    assert ZoneDocument.model_validate({**ZONE, "topic_names": None}).topic_names is None
    for wrong in ("[a-z", r"(a)\1", "a" * 1_001):
        assert refusal(ZoneDocument, {**ZONE, "topic_names": wrong})


def test_what_is_no_record_may_be_looked_through() -> None:
    zone = ZoneDocument.model_validate({**ZONE, "beside_records": {"types": ["pci"], "action": "block"}})
    assert zone.beside_records is not None
    assert zone.beside_records.types_named() == ("pci",)
    assert refusal(ZoneDocument, {**ZONE, "beside_records": {"types": ["pci"]}})
