from __future__ import annotations

from typing import Any

import pytest

from tests.policy.documents.refusals import refusal
from zoneproxy.policy.controls import RedactField, RedactFinding
from zoneproxy.policy.documents.controls.redact import RedactDocument
from zoneproxy.policy.documents.controls.section import DEFAULT_CONFIDENCE, Surroundings
from zoneproxy.policy.transforms import Transform, TransformKind


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


def test_a_field_and_its_change() -> None:
    written = RedactDocument.model_validate({"field": "$.a", "with": "mask", "keep_last": 4, "mask_with": "#"})
    transform = Transform(TransformKind.MASK, keep_last=4, mask_with="#")
    assert written.as_control(Surroundings("r")) == RedactField("r", "$.a", transform)
    assert (written.types_named(), written.key_named()) == ((), None)


def test_findings_and_their_change() -> None:
    written = RedactDocument.model_validate({"types": ["EMAIL"], "confidence": 0.7, "with": "hash", "key": "k"})
    transform = Transform(TransformKind.HASH, key="k")
    assert written.as_control(Surroundings("r")) == RedactFinding("r", ("EMAIL",), 0.7, transform)
    assert (written.types_named(), written.key_named()) == (("EMAIL",), "k")
    usual = RedactDocument.model_validate({"types": "EMAIL", "with": "remove"}).as_control(Surroundings())
    assert usual == RedactFinding("", ("EMAIL",), DEFAULT_CONFIDENCE, Transform(TransformKind.REMOVE))
