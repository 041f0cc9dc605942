from __future__ import annotations

import pytest

from tests.policy.test_checks import merged
from zoneproxy.policy.controls import Control
from zoneproxy.policy.flows import Flow
from zoneproxy.policy.lineage import check_lineage, with_keys
from zoneproxy.policy.load import load_policy
from zoneproxy.policy.patterns import ANY
from zoneproxy.policy.record_rules import Lineage, MaximumSize

TEXT = """\
zones:
  a: {level: restricted, owner: o, upstream: u1, lineage_keys: [a2, a1]}
  b: {level: internal, owner: o, upstream: u2, lineage_keys: b1}
  c: {level: public, owner: o, upstream: u3}
flows:
  - {name: down, from: a, to: b, topics: t, controls: [{lineage: {}}]}
  - {name: on, from: b, to: c, topics: t, controls: [{lineage: {key: own, require: true}}, {size: {value: 1}}]}
  - {name: within, from: c, to: c, topics: t, controls: [{lineage: {}}]}
  - {name: verified, from: c, to: b, topics: t, controls: [{lineage: {add: false}}]}
"""
RING = (("a", ("a2", "a1")), ("b", ("b1", "own")))


def faults(text: str, keys: set[str] | None = None) -> list[str]:
    return [str(problem) for problem in check_lineage(merged(text), keys)]


def test_every_lineage_control_has_all_keys() -> None:
    policy = load_policy([("p.yaml", TEXT)]).policy
    assert {flow.name: flow.controls for flow in policy.flows} == {
        "down": (Lineage("down", ring=RING),),
        "on": (Lineage("on", key="own", require=True, ring=RING), MaximumSize("on", value=1)),
        "within": (Lineage("within", ring=RING),),
        "verified": (Lineage("verified", add=False, ring=RING),),
    }


def test_zones_without_keys_are_left_out() -> None:
    def flow(control: Control) -> Flow:
        return Flow("f", "a", "b", (ANY,), (control,))

    (with_key, _) = with_keys([flow(Lineage("f", key="k")), flow(Lineage("f"))], {"a": (), "b": ()})
    assert with_key.controls == (Lineage("f", key="k", ring=(("a", ("k",)),)),)


def test_what_fits_together() -> None:
    assert faults(TEXT) == []
    assert faults(TEXT, {"a1", "a2", "b1", "own"}) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("[a2, a1]", "[a2, a3]", "0:2:69: there is no key `a3`"),
        ("lineage_keys: b1", "lineage_keys: a1", "0:3:"),
        (
            "key: own",
            "key: a1",
            "0:7:70: `a1` is a lineage key of zone `a`: with it one could say that records come out of there",
        ),
        (
            ", lineage_keys: [a2, a1]",
            "",
            "0:6:56: nothing to seal lineage with: zone `a` has no `lineage_keys` (give the zone some",
        ),
    ],
)
def test_what_does_not(old: str, new: str, problem: str) -> None:
    assert old in TEXT
    (fault,) = faults(TEXT.replace(old, new, 1), {"a1", "a2", "b1", "own"})
    assert fault.startswith(problem)
