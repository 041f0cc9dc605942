from __future__ import annotations

import pytest

from zoneproxy.detect.catalogue import NAMES
from zoneproxy.errors import InvalidConfiguration
from zoneproxy.policy.controls import Detect
from zoneproxy.policy.load import load_policy
from zoneproxy.policy.snapshot import PolicySnapshot

POLICY = """
zones:
  a: {level: internal, owner: o, upstream: u}
  b: {level: internal, owner: o, upstream: u2}
detectors:
  - {name: BADGE, pattern: "EMP-[0-9]{6}", packs: [staff]}
allow_lists:
  - {name: test cards, types: [pci, staff], values: ["4111111111111111"], reason: published}
flows:
  - name: f
    from: a
    to: b
    topics: ["*"]
    controls:
      - detect: {types: [staff, PAYMENT_CARD], action: block}
      - detect: {types: [EMAIL], action: block}
"""


def load(text: str, slow: bool = False) -> PolicySnapshot:
    return load_policy([("p.yaml", text)], None, NAMES, lambda _: slow)


def complaints(text: str, slow: bool = False) -> list[str]:
    with pytest.raises(InvalidConfiguration) as caught:
        load(text, slow)
    return [str(problem) for problem in caught.value.problems]


def test_controls_carry_what_concerns_them() -> None:
    cards, mail = load(POLICY).controls("a", "b", "t")
    assert isinstance(cards, Detect)
    assert isinstance(mail, Detect)
    assert [detector.name for detector in cards.definitions.detectors] == ["BADGE"]
    assert [one.name for one in cards.definitions.allowed] == ["test cards"]
    assert mail.definitions.detectors == mail.definitions.allowed == ()


def test_a_change_of_a_definition_changes_the_digest() -> None:
    assert load(POLICY).digest != load(POLICY.replace("{6}", "{7}")).digest
    assert load(POLICY).digest != load(POLICY.replace("4111111111111111", "4222222222222222")).digest


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("[pci, staff]", "[pci, stuff]"), "p.yaml:8:31: there is no detector `stuff`"),
        (("[staff, PAYMENT_CARD]", "[staff, BADGES]"), "there is no detector `BADGES` (did you mean `BADGE`?)"),
        (("detectors:\n", 'detectors:\n  - {name: BADGE, pattern: "X[0-9]"}\n'), "a detector `BADGE` is there already"),
        (
            ("allow_lists:\n", "allow_lists:\n  - {name: test cards, types: [pci], values: ['1'], reason: r}\n"),
            "already",
        ),
    ],
)
def test_what_does_not_fit_together(change: tuple[str, str], complaint: str) -> None:
    (told,) = complaints(POLICY.replace(*change))
    assert complaint in told


def test_slow_patterns_are_refused() -> None:
    (told,) = complaints(POLICY, slow=True)
    assert "p.yaml:6:28: this pattern is too slow" in told


def test_nothing_is_checked_that_nobody_knows() -> None:
    snapshot = load_policy([("p.yaml", POLICY.replace("[pci, staff]", "[whatever]"))])
    assert snapshot.controls("a", "b", "t")
