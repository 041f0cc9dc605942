from __future__ import annotations

from tests.policy.documents.refusals import refusal
from zoneproxy.policy.documents.flows import FlowDocument


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
    assert [control.kind for control in flow.controls] == ["detect", "redact", "redact"]


def test_a_flow_may_ask_for_a_better_connection() -> None:
    flow = {"name": "f", "from": "a", "to": "b", "topics": "t"}
    assert FlowDocument.model_validate(flow).encryption is None
    asked = FlowDocument.model_validate({**flow, "encryption": {"min_tls": "1.3"}}).encryption
    assert asked is not None
    assert asked.min_tls == "1.3"
    assert "Input should be" in refusal(FlowDocument, {**flow, "encryption": {"min_tls": "1.1"}})
    assert "Field required" in refusal(FlowDocument, {**flow, "encryption": {}})


def test_a_flow_may_be_tried_out() -> None:
    flow = {"name": "f", "from": "a", "to": "b", "topics": "t"}
    assert not FlowDocument.model_validate(flow).observe
    assert FlowDocument.model_validate({**flow, "observe": True}).observe


def test_a_flow_may_have_a_depth() -> None:
    flow = {"name": "f", "from": "a", "to": "b", "topics": "t"}
    assert FlowDocument.model_validate(flow).depth is None
    assert FlowDocument.model_validate({**flow, "depth": "deep"}).depth == "deep"
    assert "Input should be" in refusal(FlowDocument, {**flow, "depth": 3})


def test_rules_for_tags_need_schemas() -> None:
    def with_controls(*controls: object) -> dict[str, object]:
        return {"name": "f", "from": "a", "to": "b", "topics": "t", "controls": list(controls)}

    redact, forbid = {"redact": {"tag": "pii", "with": "null"}}, {"forbid": {"tag": "pii", "action": "block"}}
    for each in (redact, forbid):
        for value in ({"value": "avro", "schemas": "main"}, {"value": "protobuf", "schemas": "main"}):
            assert FlowDocument.model_validate(with_controls({"format": value}, each))
        for other in ({"value": "json"}, {"value": "protobuf"}, {"key": "avro", "schemas": "main"}):
            assert "read with schemas" in refusal(FlowDocument, with_controls({"format": other}, each))
        assert "read with schemas" in refusal(FlowDocument, with_controls(each))
    assert FlowDocument.model_validate(with_controls({"forbid": {"name": "cvv", "action": "block"}}))
