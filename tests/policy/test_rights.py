from __future__ import annotations

import pytest

from zoneproxy.policy import rights as module
from zoneproxy.policy.acl import Rule
from zoneproxy.policy.derivation import Derivation
from zoneproxy.policy.model import UNRESTRICTED, Grant, Group, Operation, Principal, ResourceType
from zoneproxy.policy.patterns import Pattern, PatternKind
from zoneproxy.policy.rights import Holders, Members, RoleTables

TOPIC = ResourceType.TOPIC


def rule(name: str) -> Rule:
    return Rule(True, frozenset({Operation.READ}), TOPIC, (Pattern(PatternKind.LITERAL, name),))


TABLES = {"own": (rule("mine"),), "shared": (rule("ours"),), "lent": (rule("borrowed"),)}
ALICE, BOB = Principal("alice", "payments", frozenset({"own"})), Principal("bob", "analytics")
GROUPS = (Group("everywhere", frozenset({"shared"})), Group("payers", frozenset({"shared"}), "payments"))
LENT = Grant("lent", 0, 10, "INC-1", principal="alice")
LENT_TO_ALL = Grant("lent", 0, 10, "INC-1", group="everywhere")
BROKEN = Grant(UNRESTRICTED, 0, 10, "INC-1", group="payers", break_glass=True)


def holders(*grants: Grant, **listed: set[str]) -> Holders:
    members = Members((ALICE, BOB), GROUPS, {name: frozenset(groups) for name, groups in listed.items()})
    return Holders(members, grants, RoleTables(TABLES))


def proved(principal: Principal, *groups: str) -> Principal:
    return Principal(principal.name, principal.zone, principal.roles, frozenset(groups))


def readable(made: Holders, principal: Principal) -> set[str]:
    rights = made.of(principal)
    assert rights is not None
    bit = 1 << Operation.READ
    return {name for name in ("mine", "ours", "borrowed") if rights.table.allowed(TOPIC, name, "h") & bit}


def test_roles_of_ones_own() -> None:
    assert readable(holders(), ALICE) == {"mine"}
    assert readable(holders(), BOB) == set()
    rights = holders().of(ALICE)
    assert rights is not None
    assert (rights.zone, rights.roles, rights.unrestricted, rights.break_glass) == ("payments", {"own"}, False, ())


def test_nobody_has_no_rights_whatever_it_says() -> None:
    made = holders(LENT_TO_ALL)
    assert made.of(Principal("eve", "payments", frozenset({"own"}), frozenset({"everywhere"}))) is None


def test_what_a_session_remembers_counts_for_its_groups_only() -> None:
    made = holders()
    changed = Principal("alice", "analytics", frozenset({"shared", UNRESTRICTED}))
    rights = made.of(changed)
    assert rights is not None
    assert (rights.zone, rights.roles) == ("payments", {"own"})


def test_groups_are_proved_or_listed() -> None:
    assert readable(holders(), proved(ALICE, "everywhere", "unheard-of")) == {"mine", "ours"}
    assert readable(holders(alice={"everywhere"}), ALICE) == {"mine", "ours"}
    assert readable(holders(alice={"everywhere"}), BOB) == set()


def test_a_group_of_a_zone_is_for_those_who_are_at_home_there() -> None:
    assert readable(holders(), proved(ALICE, "payers")) == {"mine", "ours"}
    assert readable(holders(), proved(BOB, "payers")) == set()
    assert readable(holders(bob={"payers"}), BOB) == set()


def test_grants_to_principals_and_groups() -> None:
    assert readable(holders(LENT), ALICE) == {"mine", "borrowed"}
    assert readable(holders(LENT), BOB) == set()
    assert readable(holders(LENT_TO_ALL), ALICE) == {"mine"}
    assert readable(holders(LENT_TO_ALL), proved(BOB, "everywhere")) == {"ours", "borrowed"}
    assert readable(holders(LENT_TO_ALL, bob={"everywhere"}), BOB) == {"ours", "borrowed"}


def test_break_glass_grants_are_kept_apart() -> None:
    member, other = holders(BROKEN, LENT).of(proved(ALICE, "payers")), holders(BROKEN).of(proved(BOB, "payers"))
    assert member is not None
    assert other is not None
    assert (member.unrestricted, member.break_glass) == (True, (BROKEN,))
    assert (other.unrestricted, other.break_glass) == (False, ())


def test_the_same_roles_share_a_table_and_answers_are_the_same_object() -> None:
    made = holders(alice={"everywhere"}, bob={"everywhere"})
    assert made.of(ALICE) is made.of(ALICE)
    tables = RoleTables(TABLES)
    assert tables.of(frozenset({"own", "shared"})) is tables.of(frozenset({"shared", "own"}))


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_REMEMBERED", 5)
    made = holders()
    for number in range(50):
        assert readable(made, proved(ALICE, f"g{number}", "everywhere")) == {"mine", "ours"}
    assert len(made._known) <= 7
    tables = RoleTables({})
    for number in range(50):
        tables.of(frozenset({f"r{number}"}))
    assert len(tables._tables) <= 5


def test_names_that_a_rule_made_have_its_roles_while_it_is_there() -> None:
    staff = Derivation("staff", "analytics", roles=frozenset({"own"}))
    made = Holders(Members((ALICE,), GROUPS, {}, [staff]), (), RoleTables(TABLES))
    rights = made.of(Principal("ann", "payments", frozenset({"lent"}), frozenset({"everywhere"}), rule="staff"))
    assert rights is not None
    assert (rights.zone, rights.roles) == ("analytics", {"own", "shared"})
    assert made.of(Principal("ann", "analytics", rule="gone")) is None
    assert made.of(Principal("ann", "analytics")) is None
    assert made.of(Principal("alice", "analytics", rule="staff")) is None
