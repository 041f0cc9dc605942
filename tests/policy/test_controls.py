from __future__ import annotations

import pytest

from zoneproxy.policy.controls import Action, Control, Detect, RedactField, RedactFinding
from zoneproxy.policy.field_controls import ForbidFields
from zoneproxy.policy.transforms import Transform, TransformKind

HASH = Transform(TransformKind.HASH, key="k")
MASK = Transform(TransformKind.MASK)


def test_a_control_is_taken_to_need_no_key_and_to_drop_records() -> None:
    assert Control("r").keys == frozenset()
    assert not Control("r").keeps_records


@pytest.mark.parametrize(("action", "keeps"), [(Action.ALERT, True), (Action.REDACT, True), (Action.BLOCK, False)])
def test_whether_records_stay(action: Action, keeps: bool) -> None:
    assert Detect("r", ("EMAIL",), 0.5, action).keeps_records is keeps


@pytest.mark.parametrize("action", Action)
def test_whether_copies_are_made(action: Action) -> None:
    quarantines = action is Action.QUARANTINE
    assert Detect("r", ("EMAIL",), 0.5, action).quarantines is quarantines
    assert ForbidFields("r", (), ("cvv",), (), action).quarantines is quarantines
    assert not Control("r").quarantines


@pytest.mark.parametrize(("transform", "keys"), [(HASH, {"k"}), (MASK, set())])
def test_redactions_keep_records_and_say_their_key(transform: Transform, keys: set[str]) -> None:
    for control in (RedactField("r", "$.a", transform), RedactFinding("r", ("EMAIL",), 0.5, transform)):
        assert control.keys == keys
        assert control.keeps_records
