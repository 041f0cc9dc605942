"""Kafka's StandardAuthorizer semantics; the naive authorizer of ``naive`` is the yardstick."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.policy import naive
from zoneproxy.policy.acl import (
    CLUSTER_NAME,
    SUPPORTED,
    SUPPORTED_MASK,
    AclTable,
    Rule,
    canonical_host,
    mask_of,
    operations_in,
)
from zoneproxy.policy.model import Operation, ResourceType
from zoneproxy.policy.patterns import ANY, Pattern, PatternKind

TOPIC = ResourceType.TOPIC
HOST = "10.9.8.7"
ORDERS = Pattern(PatternKind.LITERAL, "orders")


def rule(
    allow: bool, *operations: Operation, pattern: Pattern = ORDERS, resource: ResourceType = TOPIC, host: str = "*"
) -> Rule:
    return Rule(allow, frozenset(operations), resource, (pattern,), frozenset({host}))


def operations(*rules: Rule, name: str = "orders", host: str = HOST, resource: ResourceType = TOPIC) -> set[str]:
    return {operation.name for operation in operations_in(AclTable(rules).allowed(resource, name, host))}


def test_nothing_is_allowed_without_a_rule() -> None:
    assert operations() == set()
    assert operations(rule(True, Operation.READ), name="other") == set()


@pytest.mark.parametrize("operation", [Operation.READ, Operation.WRITE, Operation.DELETE, Operation.ALTER])
def test_some_allowances_imply_describe(operation: Operation) -> None:
    assert operations(rule(True, operation)) == {operation.name, "DESCRIBE"}


def test_altering_configs_implies_describing_them() -> None:
    assert operations(rule(True, Operation.ALTER_CONFIGS)) == {"ALTER_CONFIGS", "DESCRIBE_CONFIGS"}


@pytest.mark.parametrize("operation", [Operation.CREATE, Operation.DESCRIBE, Operation.DESCRIBE_CONFIGS])
def test_others_imply_nothing(operation: Operation) -> None:
    assert operations(rule(True, operation)) == {operation.name}


@pytest.mark.parametrize("resource", list(ResourceType))
def test_all_is_all_that_there_is(resource: ResourceType) -> None:
    everything = operations(rule(True, Operation.ALL, resource=resource, pattern=ANY), resource=resource)
    assert everything == {operation.name for operation in SUPPORTED[resource]}


def test_a_denial_implies_nothing() -> None:
    read = rule(True, Operation.READ)
    assert operations(read, rule(False, Operation.READ)) == {"DESCRIBE"}
    assert operations(read, rule(False, Operation.DESCRIBE)) == {"READ"}
    assert operations(read, rule(False, Operation.ALTER_CONFIGS)) == {"READ", "DESCRIBE"}
    assert operations(read, rule(False, Operation.ALL)) == set()


def test_describe_on_a_transactional_id_follows_write() -> None:
    transactional_id = ResourceType.TRANSACTIONAL_ID
    write = rule(True, Operation.WRITE, resource=transactional_id)
    assert operations(write, resource=transactional_id) == {"WRITE", "DESCRIBE"}


@pytest.mark.parametrize("deny", [ANY, ORDERS, Pattern(PatternKind.PREFIX, "o"), Pattern(PatternKind.PREFIX, "orders")])
@pytest.mark.parametrize("allow", [ANY, ORDERS, Pattern(PatternKind.PREFIX, "or")])
def test_deny_wins_at_any_specificity(allow: Pattern, deny: Pattern) -> None:
    rules = [rule(True, Operation.ALL, pattern=allow), rule(False, Operation.WRITE, pattern=deny)]
    assert "WRITE" not in operations(*rules)
    assert "READ" in operations(*rules)
    assert operations(*rules) == operations(*reversed(rules))


def test_resource_types_do_not_mix() -> None:
    group = rule(True, Operation.READ, resource=ResourceType.GROUP)
    cluster = rule(
        True, Operation.CREATE, resource=ResourceType.CLUSTER, pattern=Pattern(PatternKind.LITERAL, CLUSTER_NAME)
    )
    assert operations(group, cluster) == set()
    assert operations(group, resource=ResourceType.GROUP) == {"READ", "DESCRIBE"}
    assert operations(cluster, resource=ResourceType.CLUSTER, name=CLUSTER_NAME) == {"CREATE"}


def test_hosts_are_exact_addresses_in_any_spelling() -> None:
    v4, v6 = rule(True, Operation.READ, host="10.1.1.1"), rule(True, Operation.READ, host="0:0::0:1")
    assert "READ" in operations(v4, host="10.1.1.1")
    assert "READ" in operations(v4, host="::ffff:10.1.1.1")
    assert "READ" in operations(v6, host="::1")
    assert operations(v4, v6, host="10.1.1.2") == set()
    assert "READ" not in operations(rule(True, Operation.READ), rule(False, Operation.READ, host=HOST))


def test_only_rules_with_hosts_make_a_table_depend_on_hosts() -> None:
    assert not AclTable([rule(True, Operation.READ)]).by_host
    assert AclTable([rule(True, Operation.READ), rule(True, Operation.READ, host="10.1.1.1")]).by_host


def test_hosts_in_one_spelling() -> None:
    assert canonical_host("2001:DB8:0:0::1") == "2001:db8::1"
    assert canonical_host("::FFFF:192.0.2.7") == "192.0.2.7"
    assert canonical_host("a.unix.socket") == "a.unix.socket"


def test_masks_and_back() -> None:
    some = frozenset({Operation.READ, Operation.TWO_PHASE_COMMIT})
    assert mask_of(some) == 1 << 3 | 1 << 15
    assert operations_in(mask_of(some)) == some


# --- properties ----------------------------------------------------------------------------------------------

ASKED = st.tuples(
    st.sampled_from(list(Operation)),
    st.sampled_from(list(ResourceType)),
    st.sampled_from(naive.NAMES),
    st.sampled_from(naive.HOSTS),
)


@settings(max_examples=150)
@given(st.lists(naive.rules(), max_size=6))
def test_equal_to_the_naive_authorizer(rules: list[Rule]) -> None:
    table = AclTable(rules)
    for resource, name, host in itertools.product(ResourceType, naive.NAMES, naive.HOSTS):
        expected = {o for o in Operation if naive.allowed(rules, o, resource, name, host)}
        assert operations_in(table.allowed(resource, name, host)) == expected


@given(st.lists(naive.rules(), max_size=6), st.randoms(use_true_random=False), ASKED)
def test_order_never_matters(
    rules: list[Rule], random: object, asked: tuple[Operation, ResourceType, str, str]
) -> None:
    shuffled = list(rules)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert AclTable(rules).allowed(*asked[1:]) == AclTable(shuffled).allowed(*asked[1:])


@given(st.lists(naive.rules(), max_size=6), naive.rules())
def test_one_more_denial_never_allows_anything(rules: list[Rule], extra: Rule) -> None:
    denial = Rule(False, extra.operations, extra.resource, extra.patterns, extra.hosts)
    before, after = AclTable(rules), AclTable([*rules, denial])
    for resource, name, host in itertools.product(ResourceType, naive.NAMES, naive.HOSTS):
        assert after.allowed(resource, name, host) & ~before.allowed(resource, name, host) == 0
        if naive.applies(denial, resource, name, host):
            assert after.allowed(resource, name, host) & denial.mask() == 0


@given(st.lists(naive.rules(), max_size=6), naive.rules(), st.sampled_from(naive.NAMES), st.sampled_from(naive.HOSTS))
def test_one_allowance_that_matches_is_enough_where_no_denial_does(
    rules: list[Rule], extra: Rule, name: str, host: str
) -> None:
    allowance = Rule(True, extra.operations, extra.resource, extra.patterns, extra.hosts)
    harmless = [one for one in rules if one.allow or not naive.applies(one, extra.resource, name, host)]
    mask = AclTable([*harmless, allowance]).allowed(extra.resource, name, host)

    assert (mask & allowance.mask() == allowance.mask()) or not naive.applies(allowance, extra.resource, name, host)


@given(st.lists(naive.rules(), max_size=6))
def test_only_what_a_type_supports_is_ever_allowed(rules: list[Rule]) -> None:
    table = AclTable(rules)
    for resource, name in itertools.product(ResourceType, naive.NAMES):
        assert table.allowed(resource, name, naive.HOSTS[0]) & ~SUPPORTED_MASK[resource] == 0


# --- "on any topic" (Authorizer.authorizeByResourceType) -----------------------------------------------------


def some(*rules: Rule, within: tuple[Pattern, ...] = (ANY,), operation: Operation = Operation.WRITE) -> bool:
    return AclTable(rules).allows_some(TOPIC, operation, within, HOST)


def test_one_allowed_topic_is_enough() -> None:
    assert some(rule(True, Operation.WRITE))
    assert some(rule(True, Operation.ALL, pattern=Pattern(PatternKind.PREFIX, "o")))
    assert not some(rule(True, Operation.READ))
    assert not some()


def test_a_denial_counts_where_it_covers_all_that_is_allowed() -> None:
    allow_prefix = rule(True, Operation.WRITE, pattern=Pattern(PatternKind.PREFIX, "or"))
    allow_any = rule(True, Operation.WRITE, pattern=ANY)
    deny_literal = rule(False, Operation.WRITE)
    deny_prefix = rule(False, Operation.WRITE, pattern=Pattern(PatternKind.PREFIX, "o"))
    deny_any = rule(False, Operation.WRITE, pattern=ANY)
    assert not some(rule(True, Operation.WRITE), deny_literal)
    assert not some(rule(True, Operation.WRITE), deny_prefix)
    assert not some(allow_prefix, deny_prefix)
    assert some(allow_prefix, deny_literal)
    assert some(allow_any, deny_prefix, deny_literal)
    assert not some(allow_any, allow_prefix, deny_any)


def test_only_topics_within_count() -> None:
    prefix, literal = Pattern(PatternKind.PREFIX, "ord"), Pattern(PatternKind.LITERAL, "payments")
    assert some(rule(True, Operation.WRITE), within=(literal, prefix))
    assert not some(rule(True, Operation.WRITE), within=(literal,))
    assert not some(rule(True, Operation.WRITE), within=())
    assert not some(rule(True, Operation.WRITE, pattern=ANY), rule(False, Operation.WRITE), within=(ORDERS,))


@settings(max_examples=80)
@given(st.lists(naive.rules((TOPIC,)), max_size=5), st.sampled_from(naive.HOSTS))
def test_an_allowed_topic_is_some_topic_and_back(rules: list[Rule], host: str) -> None:
    table = AclTable(rules)
    # Names longer than any pattern stand for the infinitely many names that only prefixes and `*` match.
    names = [name + tail for name in naive.NAMES for tail in ("", "~", "a~", "b~")]
    for operation in SUPPORTED[TOPIC]:
        expected = any(naive.allowed(rules, operation, TOPIC, name, host) for name in names)
        assert table.allows_some(TOPIC, operation, (ANY,), host) == expected


# --- "on every topic" ----------------------------------------------------------------------------------------


def every(*rules: Rule, within: Pattern = ANY, operation: Operation = Operation.DESCRIBE) -> bool:
    return AclTable(rules).allows_every(TOPIC, operation, within, HOST)


def test_every_topic_takes_one_allowance_for_all_of_them() -> None:
    prefix, longer = Pattern(PatternKind.PREFIX, "ord"), Pattern(PatternKind.PREFIX, "orders.")
    assert every(rule(True, Operation.READ, pattern=ANY))
    assert every(rule(True, Operation.READ, pattern=ANY), within=prefix)
    assert every(rule(True, Operation.READ, pattern=prefix), within=longer)
    assert not every(rule(True, Operation.READ, pattern=longer), within=prefix)
    assert not every(rule(True, Operation.READ, pattern=prefix))
    assert not every(rule(True, Operation.READ, pattern=ANY), operation=Operation.WRITE)
    assert not every()


def test_one_denial_within_is_enough_against_every_topic() -> None:
    allow_any, prefix = rule(True, Operation.READ, pattern=ANY), Pattern(PatternKind.PREFIX, "ord")
    deny_literal = rule(False, Operation.DESCRIBE)
    deny_around = rule(False, Operation.ALL, pattern=Pattern(PatternKind.PREFIX, "o"))
    deny_beside = rule(False, Operation.DESCRIBE, pattern=Pattern(PatternKind.PREFIX, "p"))
    assert not every(allow_any, deny_literal)
    assert not every(allow_any, deny_literal, within=prefix)
    assert not every(allow_any, deny_around, within=prefix)
    assert every(allow_any, deny_beside, within=prefix)
    assert every(allow_any, rule(False, Operation.READ), within=prefix)  # a denied READ leaves DESCRIBE


@settings(max_examples=80)
@given(st.lists(naive.rules((TOPIC,)), max_size=5), st.sampled_from(naive.HOSTS), naive.PATTERNS)
def test_every_topic_means_each(rules: list[Rule], host: str, within: Pattern) -> None:
    table = AclTable(rules)
    names = [name + tail for name in naive.NAMES for tail in ("", "~", "a~", "b~") if within.matches(name + tail)]
    for operation in SUPPORTED[TOPIC]:
        if table.allows_every(TOPIC, operation, within, host):
            assert all(naive.allowed(rules, operation, TOPIC, name, host) for name in names)
