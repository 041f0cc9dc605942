from __future__ import annotations

from zoneproxy.policy.bindings import Binding, bindings, work
from zoneproxy.policy.load import load_policy
from zoneproxy.policy.model import Operation, ResourceType
from zoneproxy.policy.patterns import ANY, Pattern, PatternKind
from zoneproxy.policy.snapshot import PolicySnapshot

NOON = 1_796_126_400.0  # 2026-12-01T12:00:00Z

POLICY = """
zones:
  payments: {level: restricted, owner: a@example.com, upstream: kafka-1}
  analytics: {level: internal, owner: b@example.com, upstream: kafka-2}
  archive: {level: internal, owner: c@example.com, upstream: kafka-3}
principals:
  - {name: clerk, zone: payments, match: {subject: {CN: clerk}}, roles: [clerk]}
  - {name: operator, zone: payments, match: {subject: {CN: operator}}, roles: [unrestricted]}
  - {name: reader, zone: analytics, match: {subject: {CN: reader}}, roles: [reader, unrestricted]}
  - {name: archivist, zone: archive, match: {subject: {CN: archivist}}, roles: [reader]}
roles:
  clerk:
    - {allow: [write, read], topic: [orders, {prefix: orders.}], host: [192.0.2.7, 192.0.2.6]}
    - {deny: all, topic: orders.secret}
    - {allow: [read], group: "*"}
    - {allow: [describe], cluster: true}
  reader:
    - {allow: [read], topic: {prefix: shared.}}
    - {allow: [write], topic: shared.in}
    - {deny: [read], topic: shared.secret}
    - {allow: [read], group: readers}
    - {allow: [all], cluster: true}
  helper:
    - {allow: [alter], topic: orders}
groups:
  helpers: {zone: payments, roles: [helper]}
  everywhere: {roles: [helper]}
  analysts: {zone: analytics, roles: [reader]}
flows:
  - {name: out, from: payments, to: analytics, topics: [{prefix: shared.out.}, shared.secret]}
  - {name: in, from: analytics, to: payments, topics: [{prefix: shared.}]}
"""
GRANT = """
grants:
  - principal: clerk
    role: helper
    from: 2026-12-01T00:00:00Z
    until: 2026-12-02T00:00:00Z
    reason: stocktaking
    approved_by: bob
  - group: helpers
    role: clerk
    from: 2026-12-01T00:00:00Z
    until: 2026-12-02T00:00:00Z
    reason: stocktaking
    approved_by: bob
"""


def snapshot(text: str = POLICY) -> PolicySnapshot:
    return load_policy([("policy.yaml", text)])


def of(principal: str, zone: str = "payments", policy: PolicySnapshot | None = None) -> list[Binding]:
    return [binding for binding in bindings(policy or snapshot(), zone) if binding.principal == principal]


def allowed(principal: str, zone: str = "payments") -> set[tuple[ResourceType, str, Operation]]:
    return {(b.resource, str(b.pattern.name), b.operation) for b in of(principal, zone) if b.allow}


def literal(name: str) -> Pattern:
    return Pattern(PatternKind.LITERAL, name)


TOPIC, GROUP, CLUSTER = ResourceType.TOPIC, ResourceType.GROUP, ResourceType.CLUSTER


def test_rules_are_listed_as_they_are_written() -> None:
    prefix = Pattern(PatternKind.PREFIX, "orders.")
    hosts = ("192.0.2.6", "192.0.2.7")

    assert of("User:clerk") == [
        *(
            Binding("User:clerk", TOPIC, pattern, host, operation, True)
            for pattern in (literal("orders"), prefix)
            for operation in (Operation.READ, Operation.WRITE)
            for host in hosts
        ),
        Binding("User:clerk", TOPIC, literal("orders.secret"), "*", Operation.ALL, False),
        Binding("User:clerk", GROUP, ANY, "*", Operation.READ, True),
        Binding("User:clerk", CLUSTER, literal("kafka-cluster"), "*", Operation.DESCRIBE, True),
    ]


def test_the_unrestricted_may_do_everything_at_home() -> None:
    found = of("User:operator")

    assert {(b.resource, b.operation) for b in found} == {(kind, Operation.ALL) for kind in ResourceType}
    assert {b.pattern for b in found} == {ANY, literal("kafka-cluster")}
    assert of("User:operator", "analytics") == []


def test_of_others_that_which_flows_let_them_do() -> None:
    read, write, describe = Operation.READ, Operation.WRITE, Operation.DESCRIBE

    assert allowed("User:reader") == {
        (TOPIC, "shared.out.", read),
        (TOPIC, "shared.out.", describe),
        (TOPIC, "shared.secret", read),
        (TOPIC, "shared.secret", describe),
        (TOPIC, "shared.", describe),
        (TOPIC, "shared.in", write),
        (TOPIC, "shared.in", describe),
        (GROUP, "readers", read),
    }
    assert [b.pattern for b in of("User:reader") if not b.allow] == [literal("shared.secret")]


def test_the_listed_bindings_are_what_is_decided() -> None:
    policy = snapshot()
    reader = policy.principal("reader")
    assert reader is not None

    for topic in ("shared.out.a", "shared.secret", "shared.in", "shared.x", "other"):
        for operation in (Operation.READ, Operation.WRITE, Operation.DESCRIBE):
            matching = [b for b in of("User:reader") if b.resource is TOPIC and b.pattern.matches(topic)]
            listed = any(b.allow and b.operation == operation for b in matching) and not any(
                not b.allow and b.operation == operation for b in matching
            )
            assert policy.topic_allowed(reader, "payments", operation, topic, "h") is listed, (topic, operation)


def test_who_has_nothing_to_do_with_a_zone_is_not_spoken_of() -> None:
    assert of("User:archivist") == []
    assert of("User:clerk", "archive") == []


def test_groups_are_listed_where_their_members_are_at_home() -> None:
    assert allowed("Group:helpers") == {(TOPIC, "orders", Operation.ALTER)}
    assert allowed("Group:helpers", "archive") == set()
    assert allowed("Group:everywhere", "archive") == {(TOPIC, "orders", Operation.ALTER)}
    assert allowed("Group:analysts") == allowed("User:reader")


def test_grants_count_while_they_are_in_force() -> None:
    policy = snapshot(POLICY + GRANT)
    alter = Binding("User:clerk", TOPIC, literal("orders"), "*", Operation.ALTER, True)

    assert alter not in of("User:clerk", policy=policy)
    assert alter in of("User:clerk", policy=policy.at(NOON))
    assert alter not in of("User:clerk", policy=policy.at(NOON + 86_400))
    read = Binding("Group:helpers", GROUP, ANY, "*", Operation.READ, True)
    assert read not in of("Group:helpers", policy=policy)
    assert read in of("Group:helpers", policy=policy.at(NOON))


def test_rules_that_make_principals() -> None:
    identities = """
identities:
  - {name: staff, zone: archive, match: {subject: {O: Acme}}, principal: {subject: CN}, roles: [helper]}
"""
    found = of("Identity:staff", "archive", snapshot(POLICY + identities))

    assert found == [Binding("Identity:staff", TOPIC, literal("orders"), "*", Operation.ALTER, True)]


def test_those_of_one_principal() -> None:
    assert list(bindings(snapshot(), "payments", "User:clerk")) == of("User:clerk")
    assert list(bindings(snapshot(), "payments", "User:nobody")) == []


def test_more_rules_are_more_work() -> None:
    assert 0 < work(snapshot(POLICY.replace("roles: [clerk]", "roles: []"))) < work(snapshot())
