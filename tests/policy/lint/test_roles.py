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
    assert "`root` may do everything in zone `high`" in message


def test_principals_that_may_do_nothing() -> None:
    assert lines(roles.powerless, TEXT) == [4, 5]
