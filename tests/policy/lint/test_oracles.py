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


TOKENS = """\
principals:
  - {name: mallory, zone: low, roles: [both]}
roles:
  both: [{allow: [read], topic: in}, {allow: [write], topic: out}]
flows:
  - {name: down, from: high, to: low, topics: in, controls: [{redact: {%s, with: tokenise, key: k}}]}
  - {name: up, from: low, to: %s, topics: out, controls: [*is, {redact: {%s, with: tokenise, key: k}}]}
""".replace("*is", "{format: {value: avro, schemas: s}}")


@pytest.mark.parametrize(
    ("one", "zone", "other", "is_an_oracle"),
    [
        ("field: $.email", "low", "types: EMAIL", True),  # one domain
        ("field: $.email", "low", "name: e_mail", True),
        ("field: $.a, domain: mail", "low", "tag: X, domain: mail", True),
        ("part: key", "low", "part: key", True),
        ("field: $.email", "low", "field: $.phone", False),
        ("field: $.email", "high", "types: EMAIL", False),  # tokens of another zone
    ],
)
def test_tokens_are_kept_apart_by_zone_and_by_what_they_are_about(
    one: str, zone: str, other: str, is_an_oracle: bool
) -> None:
    assert bool(found(oracles.oracles, TOKENS % (one, zone, other))) is is_an_oracle


def test_whoever_learns_by_how_much_dates_are_moved_knows_all_of_them() -> None:
    text = TEXT.replace("with: hash", "with: shift_date, days: 30") % ("high", "write-in, read-out", "k")
    ((_, message),) = found(oracles.oracles, text)
    assert "moved dates under key `k`" in message


def test_one_warning_for_each_key() -> None:
    both = "{redact: {field: $.a, with: hash, key: k}}, {redact: {field: $.b, with: shift_date, days: 3, key: k}}"
    text = TEXT.replace("{redact: {field: $.a, with: hash, key: k}}", both) % ("high", "write-in, read-out", "k")
    text = text.replace("{redact: {types: EMAIL, with: hash, key: k}}", both)
    assert len(found(oracles.oracles, text)) == 1
