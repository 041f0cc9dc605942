from __future__ import annotations

from tests.policy.documents.refusals import refusal
from zoneproxy.policy.controls import Action
from zoneproxy.policy.documents.controls.fields import AllowDocument, ForbidDocument
from zoneproxy.policy.documents.controls.section import Surroundings
from zoneproxy.policy.field_controls import AllowFields, ForbidFields


def test_forbid() -> None:
    written = ForbidDocument.model_validate({"name": "cvv", "field": ["$.a"], "tag": "pci", "action": "block"})
    expected = ForbidFields("r", ("$.a",), ("cvv",), ("PCI",), Action.BLOCK)
    assert written.as_controls(Surroundings("r")) == (expected,)
    assert "at least one of `field`, `name` and `tag`" in refusal(ForbidDocument, {"action": "block"})
    assert "Input should be" in refusal(ForbidDocument, {"name": "cvv", "action": "redact"})


def test_allow() -> None:
    written = AllowDocument.model_validate({"fields": ["$.id", "$.items[*].sku"]})
    assert written.as_controls(Surroundings("r")) == (AllowFields("r", ("$.id", "$.items[*].sku")),)
    assert "at least 1" in refusal(AllowDocument, {"fields": []})
    assert "not a path" in refusal(AllowDocument, {"fields": ["id"]})


def test_what_becomes_of_what_cannot_be_read() -> None:
    written = ForbidDocument.model_validate({"name": "cvv", "action": "alert", "on_error": "quarantine"})
    (control,) = written.as_controls(Surroundings("r"))
    assert (control.on_error, control.quarantines) == (Action.QUARANTINE, True)
    assert written.looks_at == AllowDocument.model_validate({"fields": ["$.id"]}).looks_at == "fields"
    assert "Extra inputs" in refusal(AllowDocument, {"fields": ["$.id"], "on_error": "allow"})
