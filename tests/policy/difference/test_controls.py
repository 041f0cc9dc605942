from __future__ import annotations

from zoneproxy.policy.difference.controls import Treatment, said_in_zones, treatments
from zoneproxy.policy.load import load_policy
from zoneproxy.policy.snapshot import Policy

ZONES = """\
zones:
  one: {level: internal, owner: o@example.com, upstream: u1}
  two: {level: internal, owner: o@example.com, upstream: u2}
"""
EMAIL = "{detect: {types: EMAIL, action: alert}}"
REMOVE = "{redact: {field: $.a, with: remove}}"


def flow(name: str, topics: str, *controls: str, to: str = "two") -> str:
    return f"  - {{name: {name}, from: one, to: {to}, topics: {topics}, controls: [{', '.join(controls)}]}}\n"


def compare(old: str, new: str) -> list[Treatment]:
    return list(treatments(*(load_policy([("p", f"{ZONES}flows:\n{flows}")]) for flows in (old, new))))


def test_the_name_and_number_of_rules_make_no_difference() -> None:
    assert compare(flow("a", "t", EMAIL, REMOVE), flow("b", "t", EMAIL) + flow("c", "t", REMOVE, EMAIL)) == []


def test_controls_that_are_added_and_taken_away() -> None:
    (found,) = compare(flow("a", "[t, u]", EMAIL), flow("a", "[t, u]", EMAIL, REMOVE))
    assert [str(atom) for atom in found.atoms] == ["t", "u"]
    assert found.before is not None
    assert found.after is not None
    assert len(found.before) == 1
    assert len(found.after) == 2


def test_a_flow_that_opens_is_another_thing_than_one_without_controls() -> None:
    (found,) = compare(flow("a", "t"), flow("a", "[t, u]"))
    assert (found.before, found.after) == (None, ())
    assert [str(atom) for atom in found.atoms] == ["u"]


def test_within_a_zone_no_rule_is_no_control() -> None:
    assert compare(flow("a", "t"), flow("a", "t") + flow("b", "u", to="one")) == []
    (found,) = compare(flow("a", "t"), flow("a", "t") + flow("b", "u", EMAIL, to="one"))
    assert found.before == ()


def test_the_order_of_controls_counts() -> None:
    assert len(compare(flow("a", "t", EMAIL, REMOVE), flow("a", "t", REMOVE, EMAIL))) == 1


def test_lineage_of_one_flow_is_looked_at_by_all() -> None:
    plain = flow("a", "t", EMAIL)
    changes = compare(plain, plain + flow("b", "u", "{lineage: {key: k}}"))
    assert {
        (str(each.atoms[0]), None if each.before is None else len(each.before), len(each.after or ()))
        for each in changes
    } == {("t", 1, 2), ("u", None, 1)}


def test_other_keys_are_other_controls() -> None:
    lined = flow("a", "t", "{lineage: {}}")
    keyed = ZONES.replace("upstream: u1", "upstream: u1, lineage_keys: [%s]")
    old, new = (load_policy([("p", f"{keyed % key}flows:\n{lined}")]) for key in ("k1", "k2"))
    assert len(list(treatments(old, new))) == 1
    assert list(treatments(old, old)) == []


def test_what_is_done_about_what_zones_say_beside_records() -> None:
    def policy(beside: str, zones: str = ZONES) -> Policy:
        return load_policy([("p", zones.replace("upstream: u1", f"upstream: u1{beside}"))]).policy

    alert = policy(", beside_records: {types: EMAIL, action: alert}")
    block = policy(", beside_records: {types: EMAIL, action: block}")
    (found,) = said_in_zones(alert, block)
    assert found.zone == "one"
    assert [control.action.name for control in (*found.before, *found.after)] == ["ALERT", "BLOCK"]  # type: ignore[attr-defined]
    assert [(each.before, len(each.after)) for each in said_in_zones(policy(""), alert)] == [((), 1)]
    assert list(said_in_zones(alert, alert)) == []
    renamed = policy(", beside_records: {types: EMAIL, action: alert}", ZONES.replace("one:", "three:"))
    assert [(each.zone, each.before) for each in said_in_zones(alert, renamed)] == [("three", ())]
