from __future__ import annotations

import pytest

from tests.boundary.batch_kit import HASH, KEYS, MASK, REMOVE, detect, field, plan, redact
from zoneproxy.boundary.plan import ControlPlan
from zoneproxy.detect.deep.scanner import DeepScanner
from zoneproxy.detect.detector import Finding
from zoneproxy.detect.scanner import Scanner
from zoneproxy.policy.controls import Action, Depth, Detect, RedactFinding
from zoneproxy.policy.record_rules import Lineage, MaximumSize
from zoneproxy.policy.transforms import Transform, TransformKind
from zoneproxy.policy.value_rules import Format

CARD = Finding("PAYMENT_CARD", 0, 16, 0.75)


def test_nothing_to_do():
    assert not plan()
    assert not plan(detect(Action.ALLOW))
    assert plan().scanner is None
    assert plan().fields is None


def test_what_there_is_to_do():
    assert plan(detect())
    assert plan(field("$.a"))
    assert plan(field("$.a")).scanner is None
    assert [(rule.rule, rule.kind) for rule in plan(field("$.a"), field("$.b", REMOVE)).field_rules] == [
        ("fields", "mask"),
        ("fields", "remove"),
    ]


def test_a_finding_has_to_be_sure_enough():
    compiled = plan(detect(confidence=0.8))
    assert compiled.decide(CARD) is None
    decision = compiled.decide(CARD._replace(confidence=0.8))
    assert decision
    assert (decision.rule, decision.action) == ("no cards", Action.BLOCK)


@pytest.mark.parametrize(
    ("controls", "action", "kind"),
    [
        ([detect(Action.ALERT), redact()], Action.REDACT, "mask"),
        ([redact(), detect(), detect(Action.ALERT)], Action.BLOCK, None),
        ([redact(MASK), redact(HASH)], Action.REDACT, "hash"),
        ([redact(REMOVE), redact(HASH)], Action.REDACT, "remove"),
        ([detect(Action.ALLOW), detect(Action.ALERT)], Action.ALERT, None),
        ([detect(Action.REDACT)], Action.REDACT, "mask"),
    ],
)
def test_the_strictest_wins(controls, action, kind):
    decision = plan(*controls).decide(CARD)
    assert decision
    assert decision.action is action
    assert kind is None or decision.change.kind == kind


def test_the_strictest_that_is_sure_enough_wins():
    decision = plan(detect(confidence=0.9), redact()).decide(CARD)
    assert decision
    assert decision.action is Action.REDACT


def test_what_does_not_exist_is_refused():
    with pytest.raises(KeyError):
        ControlPlan((redact(Transform(TransformKind.HASH, key="other")),), KEYS)
    with pytest.raises(KeyError):
        ControlPlan((Detect("r", ("SHOE_SIZE",), 0.5, Action.BLOCK),), KEYS)


def test_a_pack_stands_for_its_types():
    compiled = plan(Detect("no cards", ("pci",), 0.5, Action.BLOCK))
    assert compiled.decide(CARD)
    assert compiled.decide(Finding("CVV", 0, 3, 0.85))
    with pytest.raises(KeyError):
        plan(Detect("no cards", ("pcl",), 0.5, Action.BLOCK))


def test_the_greatest_depth_holds_for_all():
    fast = Detect("r", ("EMAIL",), 0.5, Action.BLOCK)
    assert not plan(fast).is_deep
    assert isinstance(plan(fast).scanner, Scanner)
    idle = Detect("r", ("IBAN",), 0.5, Action.ALLOW, depth=Depth.DEEP)
    assert not plan(idle).is_deep  # there is nothing to look for
    assert plan(fast, idle).is_deep
    both = plan(fast, Detect("r", ("IBAN",), 0.5, Action.ALERT, depth=Depth.DEEP))
    assert both.is_deep
    assert isinstance(both.scanner, DeepScanner)
    assert [hit.type for hit in both.scanner.scan(b"jane.roe%40example.com")] == ["EMAIL"]


def test_formats_fields_depth_and_trials_take_time():
    assert plan(detect()).slowness == 1
    assert plan(detect(), Format("shape", "msgpack")).slowness > 16
    assert plan(detect(), MaximumSize("large", value=1)).slowness > 16
    assert plan(detect(), Lineage("", add=False, ring=(("a", ("k",)),))).slowness == 1
    assert plan(field("$.a")).slowness > 16
    deep = plan(Detect("r", ("IBAN",), 0.5, Action.ALERT, depth=Depth.DEEP))
    assert deep.slowness > 128
    meant = plan(detect())
    meant.dry_run = deep
    assert meant.slowness == deep.slowness


def test_findings_in_keys_are_changed_only_if_all_who_redact_them_ask_for_it():
    tokens = Transform(TransformKind.TOKENISE, key="k", zone="z")
    in_keys = RedactFinding("r", ("PAYMENT_CARD",), 0.5, tokens, record_keys=True)
    decision = plan(in_keys, detect(Action.ALERT)).decide(CARD)
    assert decision
    assert decision.holds_back("key") is decision.holds_back("value") is False
    decision = plan(in_keys, redact(MASK)).decide(CARD)
    assert decision
    assert decision.change.kind == "tokenise"
    assert decision.holds_back("key")
    assert not decision.holds_back("value")
    decision = plan(in_keys, detect()).decide(CARD)
    assert decision
    assert decision.holds_back("value")


def test_tokens_are_about_types():
    compiled = plan(RedactFinding("r", ("pci",), 0.5, Transform(TransformKind.TOKENISE, key="k", zone="z")))
    card, iban = (compiled.decide(Finding(type_, 0, 16, 0.9)) for type_ in ("PAYMENT_CARD", "IBAN"))
    assert card
    assert iban
    assert card.change.text(b"x") != iban.change.text(b"x")
