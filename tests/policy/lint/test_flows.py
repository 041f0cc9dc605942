from __future__ import annotations

import pytest

from tests.policy.lint.written import found, lines, survey
from zoneproxy.policy.lint import flows

TEXT = """\
principals:
  - {name: writer, zone: high, roles: [writes]}
  - {name: reader, zone: low, roles: [reads]}
roles:
  writes: [{allow: [write], topic: {prefix: out.}}]
  reads: [{allow: [read], topic: orders}]
flows:
  - {name: f, from: %s, to: %s, topics: %s}
"""


@pytest.mark.parametrize(
    ("from_zone", "to_zone", "topics"),
    [
        ("high", "low", "out.x"),  # the writer writes across
        ("high", "low", "orders"),  # the reader reads across
        ("high", "low", "{prefix: o}"),
        ("low", "low", "orders"),
        ("high", "high", '"*"'),
    ],
)
def test_a_flow_that_somebody_may_use(from_zone: str, to_zone: str, topics: str) -> None:
    assert lines(flows.never_used, TEXT % (from_zone, to_zone, topics)) == []


@pytest.mark.parametrize(
    ("from_zone", "to_zone", "topics"),
    [("low", "high", "orders"), ("low", "high", "out.x"), ("high", "low", "other"), ("high", "high", "orders")],
)
def test_a_flow_that_nobody_may_use(from_zone: str, to_zone: str, topics: str) -> None:
    ((line, message),) = found(flows.never_used, TEXT % (from_zone, to_zone, topics))
    assert line == 8
    assert "is never used" in message


def test_a_misspelt_topic_is_guessed() -> None:
    (finding,) = flows.never_used(survey(TEXT % ("high", "low", "ordres")))
    assert finding.hint == "did you mean `orders`?"
    (finding,) = flows.never_used(survey(TEXT % ("high", "low", "{prefix: ordres}")))
    assert finding.hint == "allow the topics in a role of theirs, or remove the flow"


def test_a_flow_between_zones_of_nobody() -> None:
    text = "flows: [{name: f, from: high, to: low, topics: t}]"
    assert "nobody belongs to `high` or to `low`" in found(flows.never_used, text)[0][1]


def test_a_super_user_uses_a_flow_within_its_zone() -> None:
    text = (
        "principals: [{name: root, zone: low, roles: [unrestricted]}]\nflows: [{name: f, from: %s, to: low, topics: t}]"
    )
    assert lines(flows.never_used, text % "low") == []
    assert lines(flows.never_used, text % "high") == [2]


def test_data_that_goes_down_as_it_is() -> None:
    ((line, message),) = found(flows.downwards, TEXT % ("high", "low", "orders"))
    assert line == 8
    assert "from restricted to internal as it is" in message
    assert lines(flows.downwards, TEXT % ("low", "high", "orders")) == []
    assert lines(flows.downwards, TEXT % ("low", "low", "orders")) == []
    controlled = "orders, controls: [{detect: {types: EMAIL, action: alert}}]"
    assert lines(flows.downwards, TEXT % ("high", "low", controlled)) == []
    no_data = "orders, controls: [{lineage: {key: k}}, {size: {record: 1000}}]"
    ((_, message),) = found(flows.downwards, TEXT % ("high", "low", no_data))
    assert "as it is: it has no other controls" in message


def test_data_that_leaves_the_highest_level_and_is_not_looked_into() -> None:
    looking = "orders, depth: fast, controls: [{detect: {types: EMAIL, action: alert}}%s]"
    ((line, message),) = found(flows.shallow, TEXT % ("high", "low", looking % ""))
    assert line == 8
    assert "without looking at it" in message
    one_is_deep = ", {redact: {types: IBAN, with: mask, depth: deep}}"
    assert lines(flows.shallow, TEXT % ("high", "low", looking % one_is_deep)) == []
    assert lines(flows.shallow, TEXT % ("low", "high", looking % "")) == []
    assert lines(flows.shallow, TEXT % ("high", "low", looking.replace("depth: fast, ", "") % "")) == []
    other = "orders, depth: fast, controls: [{redact: {field: $.a, with: mask}}]"
    assert lines(flows.shallow, TEXT % ("high", "low", other)) == []


def test_among_many_names_nobody_guesses() -> None:
    names = ", ".join(f"t{number}" for number in range(flows.MANY_NAMES))
    many = (TEXT % ("high", "low", "ordres")).replace("topic: orders", f"topic: [orders, {names}]")
    (finding,) = flows.never_used(survey(many))
    assert finding.hint == "allow the topics in a role of theirs, or remove the flow"
