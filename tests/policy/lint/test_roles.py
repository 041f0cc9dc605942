from __future__ import annotations

from tests.policy.lint.written import found, lines
from zoneproxy.policy.lint import roles

TEXT = """\
principals:
  - {name: alice, zone: high, roles: [used]}
  - {name: root, zone: high, roles: [unrestricted]}
  - {name: nobody, zone: low}
  - {name: denied, zone: low, roles: [only-denies]}
roles:
  used: [{allow: [read], topic: t}]
  unused: [{allow: [read], topic: t}]
  only-denies: [{deny: [read], topic: t}]
"""


def test_a_role_that_nobody_has() -> None:
    assert found(roles.unused, TEXT) == [(8, "nobody has the role `unused`")]


def test_super_users_are_told() -> None:
    ((line, message),) = found(roles.super_users, TEXT)
    assert line == 3
    assert "`root` may do everything in its home zone" in message


def test_principals_that_may_do_nothing() -> None:
    assert lines(roles.powerless, TEXT) == [4, 5]


def test_a_role_for_a_group_or_a_while_is_in_use() -> None:
    grant = "{principal: alice, role: unused, until: %s, reason: R, approved_by: eve}"
    assert lines(roles.unused, TEXT + f"grants: [{grant % '2100-01-01T00:00:00Z'}]\n") == []
    assert lines(roles.unused, TEXT + f"grants: [{grant % '2020-01-01T00:00:00Z'}]\n") == [8]
    assert lines(roles.unused, TEXT + "groups: {crew: {roles: [unused]}}\n") == []


def test_a_group_of_super_users_is_told_once() -> None:
    assert lines(roles.super_users, "groups:\n  crew: {roles: [unrestricted]}\n") == [2]


def test_where_there_are_groups_nobody_is_known_to_be_powerless() -> None:
    assert lines(roles.powerless, TEXT + "groups: {crew: {roles: [used]}}\n") == []
