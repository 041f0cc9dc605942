from __future__ import annotations

import pytest

from zoneproxy.policy.controls import Action, Control
from zoneproxy.policy.field_controls import AllowFields, ForbidFields, RedactKey, RedactName, RedactTag
from zoneproxy.policy.transforms import Transform, TransformKind

HASH = Transform(TransformKind.HASH, key="k")


@pytest.mark.parametrize(
    ("control", "keeps", "keys"),
    [
        (RedactName("r", HASH, "cvv"), True, {"k"}),
        (RedactTag("r", Transform(TransformKind.MASK), "PII"), True, set()),
        (RedactKey("r", HASH), True, {"k"}),
        (AllowFields("r", ("$.a",)), True, set()),
        (ForbidFields("r", (), ("cvv",), (), Action.ALERT), True, set()),
        (ForbidFields("r", (), ("cvv",), (), Action.BLOCK), False, set()),
        (ForbidFields("r", (), ("cvv",), (), Action.QUARANTINE), False, set()),
    ],
)
def test_what_controls_need_and_keep(control: Control, keeps: bool, keys: set[str]) -> None:
    assert control.keeps_records is keeps
    assert control.keys == keys
