from __future__ import annotations

import pytest

from tests.policy.lint.written import ZONES, found
from zoneproxy.policy.lint.lineage import lineage

THREE = ZONES.replace("high-kafka}", "high-kafka, lineage_keys: h}") + (
    "  out: {level: public, owner: out@example.com, upstream: out-kafka}\n"
)
FLOWS = """\
flows:
  - {name: first, from: high, to: low, topics: t, controls: [%s]}
  - {name: second, from: low, to: out, topics: t, controls: [%s]}
  - {name: within, from: low, to: low, topics: t}
"""


def test_a_flow_that_does_not_go_on_with_it() -> None:
    ((line, message),) = found(lineage, FLOWS % ("{lineage: {}}", "{size: {value: 1}}"), THREE)
    assert line == 3
    assert "flow `second` adds nothing to the lineage that records have from flow `first`" in message
    assert len(found(lineage, FLOWS % ("{lineage: {}}", "{lineage: {add: false}}"), THREE)) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("", ""),
        ("", "{lineage: {key: k}}"),
        ("{lineage: {}}", "{lineage: {key: k}}"),
        ("{lineage: {add: false}}", ""),
        ("{lineage: {dry_run: true}}", ""),
    ],
)
def test_flows_that_do_and_flows_to_which_none_leads(first: str, second: str) -> None:
    assert found(lineage, FLOWS % (first, second), THREE) == []
