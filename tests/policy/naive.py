"""StandardAuthorizer's rules once more, as slow and plain as can be: what the compiled ones are held against.

Written from the semantics (a list of rules, each asked in turn), not from ``zoneproxy.policy.acl``.
"""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from zoneproxy.policy.acl import SUPPORTED, Rule
from zoneproxy.policy.model import Operation, ResourceType
from zoneproxy.policy.patterns import ANY, Pattern, PatternKind

HOSTS = ("10.0.0.1", "10.0.0.2")
NAMES = ("", "a", "ab", "abc", "abd", "b", "ba", "*")


def applies(rule: Rule, resource: ResourceType, name: str, host: str) -> bool:
    if rule.resource != resource or not ({"*", host} & rule.hosts):
        return False
    for pattern in rule.patterns:
        if pattern.kind is PatternKind.ANY:
            return True
        if pattern.kind is PatternKind.LITERAL and pattern.name == name:
            return True
        if pattern.kind is PatternKind.PREFIX and name[: len(pattern.name)] == pattern.name:
            return True
    return False


def grants(rule: Rule, operation: Operation) -> bool:
    if not rule.allow:
        return False
    if operation is Operation.DESCRIBE and rule.operations & {
        Operation.READ,
        Operation.WRITE,
        Operation.DELETE,
        Operation.ALTER,
    }:
        return True
    if operation is Operation.DESCRIBE_CONFIGS and Operation.ALTER_CONFIGS in rule.operations:
        return True
    return Operation.ALL in rule.operations or operation in rule.operations


def denies(rule: Rule, operation: Operation) -> bool:
    return not rule.allow and (Operation.ALL in rule.operations or operation in rule.operations)


def allowed(rules: Sequence[Rule], operation: Operation, resource: ResourceType, name: str, host: str) -> bool:
    if operation not in SUPPORTED[resource]:
        return False
    matching = [rule for rule in rules if applies(rule, resource, name, host)]
    if any(denies(rule, operation) for rule in matching):
        return False
    return any(grants(rule, operation) for rule in matching)


PATTERNS = st.one_of(
    st.just(ANY),
    st.builds(Pattern, st.just(PatternKind.LITERAL), st.sampled_from(NAMES[1:-1])),
    st.builds(Pattern, st.just(PatternKind.PREFIX), st.sampled_from(NAMES[1:-1])),
)


@st.composite
def rules(draw: st.DrawFn, kinds: tuple[ResourceType, ...] = tuple(ResourceType)) -> Rule:
    """A rule that a role could hold."""
    resource = draw(st.sampled_from(kinds))
    possible = sorted({*SUPPORTED[resource], Operation.ALL})
    return Rule(
        allow=draw(st.booleans()),
        operations=draw(st.frozensets(st.sampled_from(possible), min_size=1, max_size=3)),
        resource=resource,
        patterns=tuple(draw(st.lists(PATTERNS, min_size=1, max_size=3))),
        hosts=draw(st.sampled_from([frozenset({"*"}), frozenset({HOSTS[0]}), frozenset(HOSTS)])),
    )
