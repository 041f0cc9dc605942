from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policy import naive
from zoneproxy.config.located import read_yaml
from zoneproxy.errors import Problem
from zoneproxy.policy.acl import Rule
from zoneproxy.policy.explain import notation
from zoneproxy.policy.load import load_policy
from zoneproxy.policy.model import ResourceType
from zoneproxy.policy.patterns import Pattern, PatternKind

HEAD = """\
zones:
  one: {level: internal, owner: o@example.com, upstream: u1, lineage_keys: [one]}
  two: {level: internal, owner: o@example.com, upstream: u2}
"""


@pytest.mark.parametrize(
    "value", ["orders", "a.b-c_D", "true", "NULL", "1.5", "", "a b", "no: thing", "ä", '"', "null "]
)
def test_texts_come_back_as_they_were(value: str) -> None:
    problems: list[Problem] = []
    assert read_yaml(f"a: {notation.text(value)}", "p", problems).data == {"a": value}
    assert problems == []


def test_plain_names_stay_plain() -> None:
    assert notation.text("payments.completed") == "payments.completed"


@given(rule=naive.rules())
def test_rules_come_back_as_they_were(rule: Rule) -> None:
    if rule.resource is ResourceType.CLUSTER:
        rule = Rule(
            rule.allow, rule.operations, rule.resource, (Pattern(PatternKind.LITERAL, "kafka-cluster"),), rule.hosts
        )
    text = f"{HEAD}roles:\n  r:\n    - {notation.rule(rule)}\n"
    (read,) = load_policy([("p.yaml", text)]).policy.roles["r"]
    assert (read.allow, read.resource, set(read.patterns), read.hosts) == (
        rule.allow,
        rule.resource,
        set(rule.patterns),
        rule.hosts,
    )
    assert read.mask() == rule.mask()


@given(
    topics=st.lists(naive.PATTERNS, min_size=1, max_size=3),
    controls=st.lists(
        st.sampled_from(
            (
                "detect: {types: [EMAIL, IBAN], confidence: 0.75, action: block}",
                "detect: {types: [EMAIL], confidence: 0.5, action: block, depth: deep}",
                "redact: {types: [EMAIL], confidence: 0.5, with: mask, depth: deep, dry_run: true}",
                "detect: {types: [EMAIL], confidence: 0.9, action: quarantine}",
                "redact: {field: $.a.b, with: remove}",
                "redact: {field: $.a.b, with: remove, dry_run: true}",
                'redact: {field: "$[\'odd name\'][0]", with: mask, keep_first: 1, keep_last: 4, mask_with: "#"}',
                "redact: {types: [EMAIL], confidence: 0.5, with: hash, key: k}",
                "redact: {types: [EMAIL], confidence: 0.5, with: mask, keep_last: 2}",
                'filter: {when: "$.region == \\"EU\\" and key != \'x\'"}',
                'filter: {when: "exists(key)", dry_run: true}',
                'headers: {require: [a, {prefix: b-}], forbid: ["*"], action: remove}',
                "headers: {forbid: [a.b]}",
                "size: {key: 0, value: 2, headers: 3, record: 4}",
                "size: {value: 65536}",
                "format: {value: json}",
                "format: {value: xml, on_error: quarantine}",
                "format: {value: xml, on_error: allow, dry_run: true}",
                "format: {value: auto, key: text, headers: form, unique_names: true, dry_run: true}",
                "format: {value: avro, key: protobuf, schemas: main}",
                'format: {value: csv, csv: {delimiter: "\\t", columns: [id, "odd name"], header: true}}',
                "binary: {action: block}",
                "binary: {action: alert, parts: [key, headers]}",
                "lineage: {}",
                "lineage: {dry_run: true}",
                "lineage: {key: k, require: true, max_hops: 3}",
                "lineage: {require: true, add: false}",
            )
        ),
        max_size=3,
        unique=True,
    ),
)
def test_flows_and_controls_come_back_as_they_were(topics: list[Pattern], controls: list[str]) -> None:
    listed = "".join(f"      - {control}\n" for control in controls)
    written = f"  - name: f\n    from: one\n    to: two\n    topics: [{', '.join(map(notation.pattern, topics))}]\n"
    text = f"{HEAD}flows:\n{written}" + (f"    controls:\n{listed}" if controls else "")
    (flow,) = load_policy([("p.yaml", text)]).policy.flows
    assert flow.topics == tuple(topics)
    again = "\n".join(f"  {line}" for line in notation.flow(flow))
    assert f"{HEAD}flows:\n{again}\n" == text


def test_a_name_that_is_a_star_is_not_all_names() -> None:
    assert notation.pattern(Pattern(PatternKind.LITERAL, "*")) == '{literal: "*"}'
    assert notation.pattern(Pattern(PatternKind.ANY)) == '"*"'
