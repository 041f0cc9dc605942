from __future__ import annotations

import pytest

from zoneproxy.policy.controls import Action, Control
from zoneproxy.policy.value_rules import Binary, Format


@pytest.mark.parametrize(
    ("control", "keeps_records"),
    [
        (Format("r", "json"), True),
        (Binary("r", Action.ALLOW, ("value",)), True),
        (Binary("r", Action.ALERT, ("value",)), True),
        (Binary("r", Action.BLOCK, ("value",)), False),
    ],
)
def test_whether_records_stay(control: Control, keeps_records: bool) -> None:
    assert control.keeps_records is keeps_records
    assert not control.per_principal
    assert control.keys == frozenset()
