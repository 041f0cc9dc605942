from __future__ import annotations

from tests.transform.field_model import MASK, REMOVE
from zoneproxy.transform.selectors import ByName, ByTag, Rules


def test_rules_by_path_name_and_tag():
    rules = Rules(
        [((b"a",), MASK), (ByName(b"Card-Number"), REMOVE), (ByName(b"cardnumber"), None), (ByTag("pii"), MASK)],
        [[(b"a",)]],
    )
    root = rules.machine.root
    assert root.member(b"a").state.here == {0}
    assert root.member(b"card_number").state.here == {1, 2}
    assert rules.tags == {"PII": [3]}
    assert [change.kind if change else None for change in rules.changes] == ["mask", "remove", None, "mask", "remove"]
    assert root.member(b"b").scalar == 4
