from __future__ import annotations

from zoneproxy.policy.explain.crossings import crossings
from zoneproxy.policy.load import load_policy

TEXT = """\
zones:
  one: {level: internal, owner: o@example.com, upstream: u1}
  two: {level: internal, owner: o@example.com, upstream: u2}
principals: [{name: alice, zone: one}]
flows:
  - {name: out, from: one, to: two, topics: t, controls: [{redact: {field: $.a, with: remove}}]}
  - {name: all out, from: one, to: two, topics: "*", controls: [{detect: {types: EMAIL, action: alert}}]}
  - {name: within, from: one, to: one, topics: t, controls: [{redact: {field: $.b, with: remove}}]}
"""


def test_what_is_written_and_what_is_read_cross_in_opposite_directions() -> None:
    snapshot = load_policy([("p.yaml", TEXT)])
    alice = snapshot.principal("alice")
    assert alice is not None
    written, read = crossings(snapshot, alice, "two", "t")
    assert (written.written, written.from_zone, written.to_zone) == (True, "one", "two")
    assert [flow.name for flow in written.flows] == ["out", "all out"]
    assert len(written.controls) == 2
    assert (read.written, read.from_zone, read.to_zone) == (False, "two", "one")
    assert read.flows == ()
    assert read.controls == ()
    assert [flow.name for flow in crossings(snapshot, alice, "two", "other")[0].flows] == ["all out"]


def test_within_a_zone_both_directions_are_the_same() -> None:
    snapshot = load_policy([("p.yaml", TEXT)])
    alice = snapshot.principal("alice")
    assert alice is not None
    for crossing in crossings(snapshot, alice, "one", "t"):
        assert [flow.name for flow in crossing.flows] == ["within"]
        assert len(crossing.controls) == 1
