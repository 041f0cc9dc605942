from __future__ import annotations

from typing import Any

import pytest

from tests.policy.documents.refusals import refusal
from zoneproxy.policy.documents.flows import ControlDocument, DetectDocument, FlowDocument, RedactDocument


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


def test_a_flow_may_ask_for_a_better_connection() -> None:
    flow = {"name": "f", "from": "a", "to": "b", "topics": "t"}
    assert FlowDocument.model_validate(flow).encryption is None
    asked = FlowDocument.model_validate({**flow, "encryption": {"min_tls": "1.3"}}).encryption
    assert asked is not None
    assert asked.min_tls == "1.3"
    assert "Input should be" in refusal(FlowDocument, {**flow, "encryption": {"min_tls": "1.1"}})
    assert "Field required" in refusal(FlowDocument, {**flow, "encryption": {}})
