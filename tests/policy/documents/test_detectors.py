from __future__ import annotations

from typing import Any

import pytest

from tests.policy.documents.refusals import refusal
from zoneproxy.policy.definitions import AllowList, CustomDetector
from zoneproxy.policy.documents.detectors import AllowListDocument, DetectorDocument

BADGE = {"name": "BADGE", "pattern": "EMP-[0-9]{6}"}
LIST = {"name": "test cards", "types": "pci", "reason": "published by the card schemes"}


def test_a_detector_with_all_that_it_may_have() -> None:
    more = {"words": "badge", "against": ["example"], "confidence": 0.4, "near_word": 0.8, "check": "luhn"}
    written = DetectorDocument.model_validate({**BADGE, **more, "within_words": True, "packs": ["staff"]})
    assert written.as_value() == CustomDetector(
        "BADGE", "EMP-[0-9]{6}", ("badge",), ("example",), 0.4, 0.8, "luhn", True, ("staff",)
    )


@pytest.mark.parametrize(("confidence", "near"), [(0.5, 0.9), (0.95, 0.95)])
def test_a_word_makes_it_surer_by_default(confidence: float, near: float) -> None:
    written = DetectorDocument.model_validate({**BADGE, "words": ["badge"], "confidence": confidence})
    assert written.as_value().near_word == near


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"name": "PAYMENT_CARD"}, "is a detector of the catalogue"),
        ({"name": "badge"}, "^[A-Z]"),
        ({"pattern": "a.*b"}, "is a gap"),
        ({"near_word": 0.9}, "`near_word` needs `words`"),
        ({"confidence": 0}, "needs a word, and there are none"),
        ({"words": ["badge"], "confidence": 0.8, "near_word": 0.7}, "`near_word` is less than `confidence`"),
        ({"words": ["Badge"]}, "^[a-z0-9]"),
        ({"check": "sum"}, "luhn"),
    ],
)
def test_detectors_that_make_no_sense(change: dict[str, Any], complaint: str) -> None:
    assert complaint in refusal(DetectorDocument, BADGE | change)


def test_an_allow_list() -> None:
    written = AllowListDocument.model_validate({**LIST, "values": ["1"], "domains": "example.com", "pattern": "x+"})
    assert written.as_value() == AllowList("test cards", ("pci",), ("1",), ("example.com",), "x+")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({}, "needs `values`, `domains` or a `pattern`"),
        ({"domains": ["com"]}, "pattern"),
        ({"pattern": "x.*"}, "is a gap"),
        ({"values": ["1"], "types": []}, "at least 1"),
    ],
)
def test_allow_lists_that_make_no_sense(change: dict[str, Any], complaint: str) -> None:
    assert complaint in refusal(AllowListDocument, LIST | change)
