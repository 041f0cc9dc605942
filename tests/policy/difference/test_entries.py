from __future__ import annotations

from zoneproxy.policy.controls import Action, Detect
from zoneproxy.policy.derivation import Derivation
from zoneproxy.policy.difference.entries import EntryChange, entry_changes
from zoneproxy.policy.identities import Match
from zoneproxy.policy.model import Principal, Zone
from zoneproxy.policy.snapshot import Policy

ONE, TWO = Zone("one", "internal", 1, "o", "u1"), Zone("two", "internal", 1, "o", "u2")
ALICE, BOB = (Principal("alice", "one"), ()), (Principal("bob", "one"), ())
ALERT = Detect("", ("EMAIL",), 0.5, Action.ALERT)
MATCH = Match(subject=(("CN", "alice"),))


def compare(old: Policy, new: Policy) -> list[tuple[str, str, str]]:
    return [(change.kind, change.name, change.what) for change in entry_changes(old, new)]


def test_zones() -> None:
    stricter = Zone("two", "internal", 1, "o", "u2", "1.3")
    assert compare(Policy(zones=(ONE, TWO)), Policy(zones=(ONE, stricter))) == [("zone", "two", "min_tls none → 1.3")]
    assert compare(Policy(zones=(ONE,)), Policy(zones=(TWO,))) == [("zone", "one", "gone"), ("zone", "two", "new")]

    named = Zone("two", "internal", 1, "o", "u2", topic_names="[a-z]+", beside_records=(ALERT,))
    assert compare(Policy(zones=(TWO,)), Policy(zones=(named,))) == [("zone", "two", "topic_names none → [a-z]+")]


def test_who_is_told_by_what() -> None:
    moved = (Principal("alice", "two"), (MATCH,))
    assert compare(Policy(principals=(ALICE,)), Policy(principals=(moved,))) == [
        ("principal", "alice", "home one → two, match")
    ]
    other_roles = (Principal("alice", "one", frozenset({"r"})), ())
    assert compare(Policy(principals=(ALICE,)), Policy(principals=(other_roles,))) == []


def test_the_order_of_principals() -> None:
    (change,) = entry_changes(Policy(principals=(ALICE, BOB)), Policy(principals=(BOB, ALICE)))
    assert change == EntryChange("principals", "", "their order: where several match one client, the first one wins")


def test_rules_that_make_names() -> None:
    old, new = Derivation("staff", "one", "staff-", "sub"), Derivation("staff", "one", "people-", "sub")
    assert compare(Policy(identities=((old, ()),)), Policy(identities=((new, ()),))) == [
        ("identity rule", "staff", "prefix staff- → people-")
    ]
    more = Derivation("staff", "one", "staff-", "sub", roles=frozenset({"r"}))
    assert compare(Policy(identities=((old, ()),)), Policy(identities=((more, ()),))) == []


def test_the_order_of_rules_that_make_names() -> None:
    one, two = (Derivation("one", "z", "a-", "sub"), ()), (Derivation("two", "z", "b-", "sub"), ())
    ((kind, _, _),) = compare(Policy(identities=(one, two)), Policy(identities=(two, one)))
    assert kind == "identity rules"


def test_certificates_that_are_turned_away() -> None:
    old, new = Policy(revoked=frozenset({"aa", "bb"})), Policy(revoked=frozenset({"bb", "cc"}))
    assert compare(old, new) == [
        ("certificate", "aa", "no longer turned away"),
        ("certificate", "cc", "turned away from now on"),
    ]
