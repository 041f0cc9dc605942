from __future__ import annotations

import pytest

from tests.policy.lint.written import found
from zoneproxy.policy.lint import oracles

TEXT = """\
principals:
  - {name: mallory, zone: %s, roles: [%s]}
roles:
  write-in: [{allow: [write], topic: in}]
  read-in: [{allow: [read], topic: in}]
  write-out: [{allow: [write], topic: out}]
  read-out: [{allow: [read], topic: out}]
flows:
  - {name: hashes, from: high, to: low, topics: in, controls: [{redact: {field: $.a, with: hash, key: k}}]}
  - {name: more hashes, from: low, to: high, topics: out, controls: [{redact: {types: EMAIL, with: hash, key: %s}}]}
"""


@pytest.mark.parametrize(
    ("home", "roles", "key"),
    [
        ("high", "write-in, read-out", "k"),  # writes what is hashed when it goes down, reads what was hashed coming up
        ("high", "unrestricted, read-out", "k"),
        ("low", "read-in, write-out", "k"),
        ("low", "read-in, write-out, write-in", "k"),
    ],
)
def test_who_can_put_in_and_see(home: str, roles: str, key: str) -> None:
    ((line, message),) = found(oracles.oracles, TEXT % (home, roles, key))
    assert line == 2
    assert "under key `k`" in message


def test_lineage_hashes_no_values() -> None:
    text = TEXT % ("high", "write-in, read-out", "k")
    sealed = text.replace("redact: {types: EMAIL, with: hash, key: k}", "lineage: {key: k}")
    assert sealed != text
    assert found(oracles.oracles, sealed) == []


@pytest.mark.parametrize(
    ("home", "roles", "key"),
    [
        ("high", "write-in", "k"),
        ("low", "read-in", "k"),
        ("low", "read-in, write-out", "another"),
        ("high", "read-in, write-out", "another"),
    ],
)
def test_who_can_do_but_one_of_the_two(home: str, roles: str, key: str) -> None:
    assert found(oracles.oracles, TEXT % (home, roles, key)) == []


def test_who_reaches_the_source_through_another_flow() -> None:
    text = TEXT % ("low", "write-in, read-in", "k") + "  - {name: way in, from: low, to: high, topics: in}\n"
    assert len(found(oracles.oracles, text)) == 1
