from __future__ import annotations

from tests.policy.lint.written import found, lines
from zoneproxy.policy.lint.trials import trials

ZONES = """zones:
  low: {level: internal, owner: o@example.com, upstream: u1%s}
  high: {level: restricted, owner: o@example.com, upstream: u2%s}
"""
PLAIN = ZONES % ("", "")
FLOW = "flows: [{name: f, from: %s, to: %s, topics: t, controls: [{detect: {types: EMAIL, action: block%s}}%s]%s}]\n"


def test_a_zone_of_the_highest_level_that_only_observes() -> None:
    observing = ", observe: true"
    ((line, message),) = found(trials, "", ZONES % (observing, observing))
    assert line == 3
    assert "zone `high`" in message
    assert lines(trials, "", ZONES % (observing, "")) == []


def test_flows_out_of_it_that_are_tried_out() -> None:
    dry = FLOW % ("high", "low", ", dry_run: true", ", {redact: {field: $.a, with: mask}}", "")
    ((_, message),) = found(trials, dry, PLAIN)
    assert "flow `f`: 1 of 2 controls on data of zone `high` are tried out only" in message
    ((_, message),) = found(trials, FLOW % ("high", "low", "", "", ", observe: true"), PLAIN)
    assert "all controls" in message


def test_other_flows_may_be_tried_out_and_these_may_be_meant() -> None:
    assert lines(trials, FLOW % ("low", "high", ", dry_run: true", "", ""), PLAIN) == []
    assert lines(trials, FLOW % ("high", "low", "", "", ""), PLAIN) == []
