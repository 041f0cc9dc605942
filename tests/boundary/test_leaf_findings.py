from __future__ import annotations

from tests.boundary.batch_kit import detect, plan
from tests.detect.samples import CARD, EMAIL, SSN
from tests.formats.test_msgpack import packed
from zoneproxy.boundary.leaf_findings import decided_in
from zoneproxy.formats.document import DEFAULT_LIMITS
from zoneproxy.formats.msgpack import read_msgpack
from zoneproxy.policy.controls import Action


def found(value: object, *controls, name: bytes = b""):
    document = read_msgpack(packed(value), DEFAULT_LIMITS)
    decided = decided_in(document, name, plan(*(controls or (detect(),))))
    return [
        (each.finding.type, [document.leaves[leaf].text[start:end] for leaf, start, end in each.spans])
        for each in decided
    ]


def test_findings_in_leaves():
    assert found({"a": int(CARD), "b": [f"to {EMAIL}", 7]}) == [
        ("PAYMENT_CARD", [CARD.encode()]),
        ("EMAIL", [EMAIL.encode()]),
    ]
    assert found({"a": 1}) == []


def test_names_are_leaves_wherever_they_stand():
    assert found([{CARD: 1}, {CARD: 2}]) == [("PAYMENT_CARD", [CARD.encode()] * 2)]


def test_what_the_rendering_does_not_show_is_found_once():
    assert found({"a": f'"{CARD}"\n'}) == [("PAYMENT_CARD", [CARD.encode()])]
    assert found({"a": CARD.encode() + b"\xff"}) == [("PAYMENT_CARD", [CARD.encode()])]


def test_only_what_a_control_acts_on():
    assert found({"a": CARD}, detect(confidence=0.99)) == []
    assert found({"a": CARD}, detect(Action.ALERT)) == [("PAYMENT_CARD", [CARD.encode()])]


def test_names_make_findings_surer():
    bare, sure = SSN.replace("-", ""), detect(confidence=0.7, types=["US_SSN"])
    assert found({"ssn": bare}, sure) == [("US_SSN", [bare.encode()])]
    assert found({"abc": bare}, sure) == []
    assert found({"ssn": bare.encode() + b"\xff"}, sure) == [("US_SSN", [bare.encode()])]
    assert found({"": bare}, sure, name=b"ssn") == [("US_SSN", [bare.encode()])]
