from __future__ import annotations

from math import inf

import pytest

from zoneproxy.config.located import read_yaml
from zoneproxy.errors import Problem
from zoneproxy.policy.acl import Rule
from zoneproxy.policy.compile import compile_policy
from zoneproxy.policy.controls import Action, Depth, Detect, RedactField, RedactFinding
from zoneproxy.policy.identities import Glob, Match
from zoneproxy.policy.merge import Entries, add_file
from zoneproxy.policy.model import UNRESTRICTED, Grant, Group, Operation, Origin, Principal, ResourceType, Zone
from zoneproxy.policy.patterns import Pattern, PatternKind
from zoneproxy.policy.snapshot import Policy
from zoneproxy.policy.transforms import Transform, TransformKind

TEXT = """\
levels: [low, high]
zones:
  a: {level: high, owner: ann, upstream: u1}
  b: {level: low, owner: bob, upstream: u2, encryption: {min_tls: "1.2"}}
  c: {level: low, owner: eve, upstream: u3, encryption: {transport: plaintext}}
principals:
  - {name: alice, zone: a, match: {spiffe: "spiffe://x/y", subject: {O: Acme, CN: alice}}, roles: [r, unrestricted]}
  - {name: carol, zone: c, groups: [g]}
roles:
  r:
    - {allow: [read, write], topic: [t, {prefix: u.}], host: [10.0.0.1, "::1"]}
    - {deny: all, cluster: true}
flows:
  - {name: plain, from: a, to: b, topics: "*"}
  - name: full
    from: a
    to: a
    topics: [t]
    controls:
      - detect: {types: [EMAIL, IBAN], confidence: 1, action: alert}
      - detect: {types: EMAIL, action: allow}
      - redact: {field: $.a, with: mask, keep_first: 1, keep_last: 2, mask_with: "#"}
      - redact: {types: EMAIL, with: hash, key: k}
      - redact: {types: EMAIL, confidence: 0, with: remove}
  - {name: tight, from: b, to: a, topics: t, encryption: {min_tls: "1.3"}}
groups:
  g: {roles: [r], zone: c}
grants:
  - {principal: alice, role: r, until: 1970-01-01T00:01:00Z, reason: INC-1, approved_by: bob}
  - group: g
    role: unrestricted
    from: 1970-01-01T01:00:00+01:00
    until: 1970-01-01T00:02:00Z
    reason: fire
    break_glass: true
"""


@pytest.fixture
def policy() -> Policy:
    entries, problems = Entries(), list[Problem]()
    add_file(entries, read_yaml(TEXT, "p.yaml", problems), problems)
    assert problems == []
    return compile_policy(entries, "d1")


def test_zones_know_rank_and_minimum(policy: Policy) -> None:
    assert policy.zones == (
        Zone("a", "high", 1, "ann", "u1", "1.3", named_principals_only=True),
        Zone("b", "low", 0, "bob", "u2", "1.2"),
        Zone("c", "low", 0, "eve", "u3", None, client_certificates=False),
    )
    assert policy.digest == "d1"


def test_principals_with_and_without_match(policy: Policy) -> None:
    match = Match(spiffe=Glob("spiffe://x/y", "/"), subject=(("CN", "alice"), ("O", "Acme")))
    assert policy.principals == (
        (Principal("alice", "a", frozenset({"r", "unrestricted"})), (match,)),
        (Principal("carol", "c", frozenset()), ()),
    )


def test_rules_know_where_they_were_written(policy: Policy) -> None:
    patterns = (Pattern(PatternKind.LITERAL, "t"), Pattern(PatternKind.PREFIX, "u."))
    read_write = frozenset({Operation.READ, Operation.WRITE})
    hosts = frozenset({"10.0.0.1", "::1"})
    cluster = (Pattern(PatternKind.LITERAL, "kafka-cluster"),)
    anywhere = frozenset({"*"})
    assert policy.roles == {
        "r": (
            Rule(True, read_write, ResourceType.TOPIC, patterns, hosts, Origin("p.yaml", 11, 7)),
            Rule(False, frozenset({Operation.ALL}), ResourceType.CLUSTER, cluster, anywhere, Origin("p.yaml", 12, 7)),
        )
    }


def test_flows_with_their_controls(policy: Policy) -> None:
    plain, full, tight = policy.flows
    assert (full.min_tls, tight.min_tls) == ("", "1.3")
    assert (plain.from_zone, plain.to_zone, plain.controls) == ("a", "b", ())
    assert full.origin == Origin("p.yaml", 15, 5)
    assert full.controls == (
        Detect("full", ("EMAIL", "IBAN"), 1.0, Action.ALERT),
        Detect("full", ("EMAIL",), 0.5, Action.ALLOW),
        RedactField("full", "$.a", Transform(TransformKind.MASK, 1, 2, "#")),
        RedactFinding("full", ("EMAIL",), 0.5, Transform(TransformKind.HASH, key="k")),
        RedactFinding("full", ("EMAIL",), 0.0, Transform(TransformKind.REMOVE)),
    )


def test_origins_of_what_other_files_may_refer_to(policy: Policy) -> None:
    assert policy.origins[("zones", "b")] == Origin("p.yaml", 4, 3)
    assert policy.origins[("roles", "r")] == Origin("p.yaml", 10, 3)
    assert policy.origins[("principals", "carol")] == Origin("p.yaml", 8, 5)
    assert policy.origins[("flows", "plain")] == Origin("p.yaml", 14, 5)
    assert policy.origins[("groups", "g")] == Origin("p.yaml", 27, 3)


def test_groups_and_who_is_in_them(policy: Policy) -> None:
    assert policy.groups == (Group("g", frozenset({"r"}), "c"),)
    assert policy.members == {"carol": {"g"}}


def test_grants_in_seconds(policy: Policy) -> None:
    assert policy.grants == (
        Grant("r", -inf, 60.0, "INC-1", principal="alice", approved_by="bob", origin=Origin("p.yaml", 29, 5)),
        Grant(UNRESTRICTED, 0.0, 120.0, "fire", group="g", break_glass=True, origin=Origin("p.yaml", 30, 5)),
    )


def test_a_zone_says_what_its_topics_are_called_and_what_is_looked_for_beside_records() -> None:
    entries, problems = Entries(), list[Problem]()
    text = TEXT.replace(
        "upstream: u1}", "upstream: u1, topic_names: '^[a-z]+$', beside_records: {types: IBAN, action: block}}"
    )
    add_file(entries, read_yaml(text, "p.yaml", problems), problems)
    assert problems == []
    zone, other, _ = compile_policy(entries, "digest").zones
    assert zone.topic_names == "^[a-z]+$"
    assert zone.beside_records == (Detect("zone a", ("IBAN",), 0.5, Action.BLOCK),)
    assert (other.topic_names, other.beside_records) == (None, ())


def test_what_is_tried_out_by_a_flow_or_in_a_zone() -> None:
    entries, problems = Entries(), list[Problem]()
    zone = "upstream: u1, observe: true, beside_records: {types: IBAN, dry_run: true, actions: {alert: 0, block: 1}}}"
    text = TEXT.replace("upstream: u1}", zone).replace("  - name: full\n", "  - name: full\n    observe: true\n")
    add_file(entries, read_yaml(text, "p.yaml", problems), problems)
    assert problems == []
    policy = compile_policy(entries, "digest")
    assert [zone.observe for zone in policy.zones] == [True, False, False]
    assert policy.zones[0].beside_records == (
        Detect("zone a", ("IBAN",), 0.0, Action.ALERT, dry_run=True),
        Detect("zone a", ("IBAN",), 1.0, Action.BLOCK, dry_run=True),
    )
    _, full, _ = policy.flows
    assert len(full.controls) == 5
    assert all(control.dry_run for control in full.controls)


@pytest.mark.parametrize(
    ("ends", "written", "depth"),
    [
        ("from: a\n    to: b", "", Depth.DEEP),
        ("from: a\n    to: b", "    depth: fast\n", Depth.FAST),
        ("from: a\n    to: a", "", Depth.FAST),
        ("from: b\n    to: a", "", Depth.FAST),
        ("from: b\n    to: c", "", Depth.FAST),
        ("from: b\n    to: c", "    depth: deep\n", Depth.DEEP),
    ],
)
def test_what_comes_down_from_the_highest_level_is_looked_into_deeply(ends: str, written: str, depth: Depth) -> None:
    entries, problems = Entries(), list[Problem]()
    text = TEXT.replace("from: a\n    to: a\n", f"{ends}\n{written}")
    text = text.replace("types: EMAIL, action: allow", "types: EMAIL, action: allow, depth: fast")
    add_file(entries, read_yaml(text, "p.yaml", problems), problems)
    assert problems == []
    _, full, _ = compile_policy(entries, "digest").flows
    looking = [control for control in full.controls if isinstance(control, Detect)]
    assert [control.depth for control in looking] == [depth, Depth.FAST]
