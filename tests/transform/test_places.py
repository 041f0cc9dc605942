from __future__ import annotations

from tests.transform.field_model import HASH, MASK, REMOVE
from zoneproxy.transform.paths import DEEP, EVERY
from zoneproxy.transform.places import MAX_CHILDREN, MAX_NAME, MAX_PLACES, Machine, Place, Selectors


def machine(paths=(), names=(), changes=None, allowed=()) -> Machine:
    by_name = {name: frozenset({len(paths) + at}) for at, name in enumerate(names)}
    changes = [MASK] * (len(paths) + len(names)) if changes is None else changes
    return Machine(Selectors(dict(enumerate(paths)), by_name, changes, allowed))


def at(made: Machine, *steps: bytes | int) -> Place:
    place = made.root
    for step in steps:
        place = place.member(step) if isinstance(step, bytes) else place.element(step)
    return place


def rules(made: Machine, *steps: bytes | int) -> list[int]:
    return sorted(at(made, *steps).state.here)


def test_paths_lie_over_one_another():
    made = machine([(b"a",), (b"a", b"b"), (b"a",)])
    assert rules(made, b"a") == [0, 2]
    assert rules(made, b"a", b"b") == [1]
    assert rules(made, b"b") == rules(made, 0) == []
    assert rules(machine([()])) == [0]


def test_paths_through_every_child_go_on_behind_a_single_one():
    paths = [(EVERY, b"x"), (0, b"y"), (EVERY,), (0, EVERY), (EVERY, 1, b"z"), (EVERY, EVERY, b"z"), (0, 1)]
    made = machine(paths)
    assert rules(made, 0) == rules(made, 5) == rules(made, b"name") == [2]
    assert (rules(made, 0, b"x"), rules(made, 0, b"y")) == ([0, 3], [1, 3])
    assert (rules(made, 5, b"x"), rules(made, 5, b"y")) == ([0], [])
    assert (rules(made, 0, 1), rules(made, 0, 2), rules(made, 5, 1)) == ([3, 6], [3], [])
    assert (rules(made, 0, 1, b"z"), rules(made, 5, 1, b"z"), rules(made, 5, 0, b"z")) == ([4, 5], [4, 5], [5])


def test_any_depth():
    made = machine([(DEEP, b"x"), (b"a", DEEP, b"x", b"y")])
    assert rules(made, b"x") == rules(made, b"b", 3, b"x") == rules(made, b"x", b"x") == [0]
    assert rules(made, b"a", b"x", b"y") == rules(made, b"a", 0, b"c", b"x", b"y") == [1]
    assert rules(made, b"x", b"y") == []


def test_names():
    made = machine([(b"a",)], [b"cvv"])
    assert rules(made, b"C_V-V") == rules(made, b"a", 1, b"cvv") == [1]
    assert rules(made, b"a", b"b") == []


def test_the_strictest_rule_decides():
    made = machine([(b"a",), (b"a",), (b"a",), (b"a", b"b")], changes=[MASK, REMOVE, None, HASH])
    assert (at(made, b"a").scalar, at(made, b"a").whole, at(made, b"a").notes) == (1, 1, (2,))
    assert (at(made, b"b").scalar, at(made, b"b").whole, at(made, b"b").notes) == (-1, -1, ())


def test_where_nothing_can_follow():
    made = machine([(b"a", b"b")])
    assert made.root.leads_on
    assert at(made, b"a").leads_on
    assert not at(made, b"b").leads_on
    assert not at(made, b"a", b"b").leads_on
    assert at(machine(names=[b"cvv"]), b"b").leads_on


def test_inside_of_what_is_changed_only_notes_are_taken():
    made = machine([(b"a",), (b"a", b"b"), (b"a", b"c")], [b"cvv"], changes=[MASK, REMOVE, None, None])
    inside = at(made, b"a").inside()
    assert inside.leads_on
    assert (inside.member(b"b").scalar, inside.member(b"b").notes) == (-1, ())
    assert inside.member(b"c").notes == (2,)
    assert inside.member(b"c").member(b"cvv").notes == (3,)
    assert not at(machine([(b"a",), (b"a", b"b")]), b"a").inside().leads_on


def test_what_is_allowed():
    made = machine([(b"id",)], allowed=[[(b"id",), (b"to", b"city")], [(b"id", b"x"), (DEEP, b"city")]])
    assert (made.root.scalar, made.root.whole) == (1, -1)
    assert (at(made, b"id").scalar, at(made, b"id").whole) == (2, 0)
    assert at(made, b"id", b"x").scalar == -1
    assert (at(made, b"to").scalar, at(made, b"to").whole) == (1, -1)
    assert (at(made, b"to", b"city").scalar, at(made, b"to", b"city", 0).whole) == (-1, -1)
    assert (at(made, b"to", b"street").scalar, at(made, b"other").whole) == (1, 1)


def test_equal_progress_is_the_same_place():
    made = machine([(EVERY, b"x"), (3,)])
    assert at(made, 0) is at(made, 1) is at(made, b"a") is not at(made, 3)
    assert at(made, b"a", b"b") is at(made, b"c", b"d")


def test_what_is_remembered_is_bounded():
    made = machine([(b"a",), (b"x" * (MAX_NAME + 1),)])
    for number in range(MAX_CHILDREN + 10):
        made.root.member(b"%d" % number)
    assert len(made.root._members) == MAX_CHILDREN
    assert rules(made, b"a") == [0]
    assert rules(made, b"x" * (MAX_NAME + 1)) == [1]


def test_places_are_forgotten_at_the_bound():
    made = machine([(DEEP, b"a", *[EVERY] * 20)])
    first = made.root
    for number in range(1 << 14):
        place = made.root
        for bit in range(14):
            place = place.member(b"a" if number >> bit & 1 else b"b")
        if made.root is not first:
            break
    assert made.root is not first
    assert len(made._places) <= MAX_PLACES
    assert rules(made, b"b", b"a", *range(20)) == [0]


def passes(made: Machine, *steps: bytes | int, member: bytes) -> bool:
    matcher = at(made, *steps).pass_members
    match = matcher and matcher(member, 0)
    return bool(match and match.end())


def test_members_that_nothing_is_about_need_not_be_looked_at():
    made = machine([(b"a", b"b"), (b"c",)])
    assert passes(made, member=b'"x":{"a":1},')
    assert not passes(made, member=b'"a":1,')
    assert not passes(made, member=b'"c":1,')
    assert passes(made, b"a", member=b'"a":1,')
    assert not passes(made, b"a", member=b'"b":1,')
    deep = machine([(b"a", DEEP, b"b")])
    assert passes(deep, b"a", member=b'"x":1,')
    assert not passes(deep, b"a", member=b'"x":{},')
    named = machine(names=[b"cvv"])
    assert passes(named, member=b'"x":1,')
    assert not passes(named, member=b'"x":{},')
    assert not passes(named, member=b'"C_VV":1,')


def test_where_all_members_have_to_be_looked_at():
    assert machine([(EVERY,)]).root.pass_members is None
    assert machine([(DEEP, EVERY, b"a")]).root.pass_members is None
    assert machine(allowed=[[(b"a",)]]).root.pass_members is None
    assert machine([(b"%d" % number,) for number in range(65)]).root.pass_members is None
    assert machine([(0,)]).root.pass_members


def test_a_dull_place():
    made = machine([(b"a", b"b")])
    assert at(made, b"x").is_dull
    assert at(made, b"a", b"x").is_dull
    assert not at(made, b"a").is_dull
    assert not at(made, b"a", b"b").is_dull
    assert not at(machine([(b"a",)], changes=[None]), b"a").is_dull
