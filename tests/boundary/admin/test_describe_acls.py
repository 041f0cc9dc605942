from __future__ import annotations

from typing import Any

import pytest

from tests.boundary.admin.kit import ask, versions
from zoneproxy.boundary.admin import describe_acls
from zoneproxy.wire.messages.describe_acls_request import DescribeAclsRequest

ANY, MATCH, LITERAL, PREFIXED = 1, 2, 3, 4
TOPIC, GROUP, CLUSTER, TRANSACTIONAL_ID = 2, 3, 4, 5
DENY, ALLOW = 2, 3
ALL, READ, CREATE, DELETE, DESCRIBE, DESCRIBE_CONFIGS = 2, 3, 5, 6, 8, 10

EVERYTHING: dict[str, Any] = {
    "resource_type_filter": ANY,
    "resource_name_filter": None,
    "pattern_type_filter": ANY,
    "principal_filter": None,
    "host_filter": None,
    "operation": ANY,
    "permission_type": ANY,
}

Entry = tuple[int, str, int, str, int, int]  # type, name, pattern; principal, operation, permission


def listed(version: int = 3, who: str = "cluster", **filters: Any) -> set[Entry]:
    response = ask(who, DescribeAclsRequest(**EVERYTHING | filters), version).answer
    assert response.error_code == 0
    entries = [
        (r.resource_type, r.resource_name, r.pattern_type, a.principal, a.operation, a.permission_type)
        for r in response.resources
        for a in r.acls
    ]
    assert len(entries) == len(set(entries))
    assert all(acl.host == "*" for r in response.resources for acl in r.acls)
    assert all(resource.acls for resource in response.resources)
    return set(entries)


def mine(**filters: Any) -> set[tuple[int, str, int, int, int]]:
    return {(t, n, p, o, a) for t, n, p, _, o, a in listed(principal_filter="User:topics", **filters)}


@pytest.mark.parametrize("version", versions(DescribeAclsRequest))
@pytest.mark.parametrize("who", ["topics", "nobody", "stranger"])
def test_it_takes_a_right_on_the_cluster(who: str, version: int) -> None:
    asked = ask(who, DescribeAclsRequest(**EVERYTHING), version)

    assert (asked.answer.error_code, asked.answer.error_message) == (31, "Cluster authorization failed.")
    assert asked.answer.resources == []
    assert asked.denials == [("DESCRIBE", "cluster", "kafka-cluster")]


@pytest.mark.parametrize("version", versions(DescribeAclsRequest))
@pytest.mark.parametrize("who", ["cluster", "operator"])
def test_what_is_in_force_is_listed(who: str, version: int) -> None:
    everything = listed(version, who)

    assert everything == listed(3, "cluster")
    assert {(t, n, p, o, a) for t, n, p, u, o, a in everything if u == "User:topics"} == {
        (TOPIC, "all", LITERAL, ALL, ALLOW),
        (TOPIC, "described", LITERAL, DESCRIBE, ALLOW),
        (TOPIC, "deleted", PREFIXED, DELETE, ALLOW),
        (TOPIC, "deleted-unseen", LITERAL, DESCRIBE, DENY),
        (TOPIC, "created", PREFIXED, CREATE, ALLOW),
        (TOPIC, "altered", LITERAL, 7, ALLOW),
        (TOPIC, "read-configs", LITERAL, DESCRIBE_CONFIGS, ALLOW),
        (TOPIC, "write-configs", LITERAL, 11, ALLOW),
        (GROUP, "read-configs", LITERAL, DESCRIBE_CONFIGS, ALLOW),
        (GROUP, "write-configs", LITERAL, 11, ALLOW),
    }
    assert (CLUSTER, "kafka-cluster", LITERAL, "User:operator", ALL, ALLOW) in everything
    assert (TOPIC, "*", LITERAL, "User:operator", ALL, ALLOW) in everything
    assert not [entry for entry in everything if entry[3] == "User:nobody"]


def test_of_strangers_that_which_flows_let_them_do() -> None:
    assert listed(principal_filter="User:stranger") == {
        (TOPIC, "shared", LITERAL, "User:stranger", operation, ALLOW)
        for operation in (READ, DESCRIBE, DESCRIBE_CONFIGS)
    }


@pytest.mark.parametrize("field", ["resource_type_filter", "pattern_type_filter", "operation", "permission_type"])
@pytest.mark.parametrize("who", ["operator", "nobody"])
def test_a_filter_of_an_unknown_type_has_no_reply(who: str, field: str) -> None:
    assert ask(who, DescribeAclsRequest(**EVERYTHING | {field: 0}), 3).closed == "invalid_request"


@pytest.mark.parametrize("field", ["resource_type_filter", "pattern_type_filter", "operation", "permission_type"])
def test_types_that_there_are_not_match_nothing(field: str) -> None:
    assert listed(**{field: 99}) == set()


def test_what_one_reply_takes_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    everything = len(listed())
    monkeypatch.setattr(describe_acls, "MAX_LISTED", everything)
    assert len(listed()) == everything

    monkeypatch.setattr(describe_acls, "MAX_LISTED", everything - 1)
    answer = ask("cluster", DescribeAclsRequest(**EVERYTHING), 3).answer
    assert (answer.error_code, answer.resources) == (44, [])
    assert answer.error_message == "There are more than 1000000 rules here: ask for those of one principal."
    assert len(listed(principal_filter="User:topics")) == len(mine())


# --- resources, as Kafka 4.3.1 answers ---


def test_by_type() -> None:
    assert {entry[0] for entry in mine(resource_type_filter=GROUP)} == {GROUP}
    assert mine(resource_type_filter=TRANSACTIONAL_ID) == set()


@pytest.mark.parametrize(
    ("name", "pattern", "found"),
    [
        ("deleted", MATCH, {("deleted", PREFIXED)}),
        ("deleted5", MATCH, {("deleted", PREFIXED)}),
        ("deleted-unseen", MATCH, {("deleted", PREFIXED), ("deleted-unseen", LITERAL)}),
        ("delete", MATCH, set()),
        ("deleted", LITERAL, set()),
        ("deleted", PREFIXED, {("deleted", PREFIXED)}),
        ("deleted5", PREFIXED, set()),
        ("deleted", ANY, {("deleted", PREFIXED)}),
        ("all", ANY, {("all", LITERAL)}),
        ("all", LITERAL, {("all", LITERAL)}),
        ("all", PREFIXED, set()),
        (None, PREFIXED, {("deleted", PREFIXED), ("created", PREFIXED)}),
        ("", ANY, set()),
    ],
)
def test_by_name_and_pattern(name: str | None, pattern: int, found: set[tuple[str, int]]) -> None:
    entries = mine(resource_name_filter=name, pattern_type_filter=pattern)

    assert {(entry[1], entry[2]) for entry in entries} == found


def test_without_a_name_match_is_any() -> None:
    assert mine(pattern_type_filter=MATCH) == mine()


@pytest.mark.parametrize(
    ("name", "pattern", "found"),
    [("x", MATCH, True), ("x", LITERAL, False), ("*", LITERAL, True), ("*", PREFIXED, False)],
)
def test_the_wildcard(name: str, pattern: int, found: bool) -> None:
    entries = listed(principal_filter="User:operator", resource_name_filter=name, pattern_type_filter=pattern)

    assert ((TOPIC, "*", LITERAL, "User:operator", ALL, ALLOW) in entries) is found


# --- entries ---


def test_by_operation_and_permission() -> None:
    assert {entry[1] for entry in mine(operation=CREATE)} == {"created"}
    assert {entry[1] for entry in mine(operation=ALL)} == {"all"}
    assert {entry[1] for entry in mine(permission_type=DENY)} == {"deleted-unseen"}
    assert mine(permission_type=ALLOW) | mine(permission_type=DENY) == mine()


def test_by_host_and_principal() -> None:
    assert mine(host_filter="*") == mine()
    assert mine(host_filter="127.0.0.1") == set()
    for nobody in ("User:*", "topics", "", "User:none"):
        assert listed(principal_filter=nobody) == set()
