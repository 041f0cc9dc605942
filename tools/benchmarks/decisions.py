"""How long a decision of the policy takes: ``python -m tools.benchmarks.decisions``.

One role of 10,000 rules, as a large company would write them: a prefix or a name for each team's topics, some denials.
*Compiled* is the answer of the compiled rules alone. *Cold* is the first question about a topic, who asks and what is
remembered included, *hot* every other one. Of several rounds the
fastest counts, in CPU time: what else the machine does only ever adds.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable, Sequence

from zoneproxy.policy.acl import AclTable, Rule
from zoneproxy.policy.decisions import CACHED_DECISIONS
from zoneproxy.policy.model import Operation, Principal, ResourceType, Zone
from zoneproxy.policy.patterns import Pattern, PatternKind
from zoneproxy.policy.snapshot import Policy, PolicySnapshot

ROUNDS = 7
HOST = "192.0.2.7"
_ZONE = "payments"


def rules(count: int) -> list[Rule]:
    """``count`` rules: two of three are about a prefix, the others about one name; every tenth denies."""
    made = []
    for number in range(count):
        team = f"{('eu', 'us', 'apac')[number % 3]}.team-{number // 3}."
        kind = PatternKind.LITERAL if number % 3 == 2 else PatternKind.PREFIX
        name = f"{team}{('', 'orders.', 'orders.completed')[number % 3]}"
        operation = (Operation.READ, Operation.WRITE, Operation.ALTER)[number % 3]
        made.append(Rule(number % 10 != 9, frozenset({operation}), ResourceType.TOPIC, (Pattern(kind, name),)))
    return made


def names(count: int, of_rules: int) -> list[str]:
    """Topics: half of them under some rule, half under none."""
    return [
        f"eu.team-{number % of_rules // 3}.stream-{number}" if number % 2 else f"new-{number}"
        for number in range(count)
    ]


def snapshot(role: Sequence[Rule]) -> tuple[PolicySnapshot, Principal]:
    """A policy of one principal with that role."""
    somebody = Principal("somebody", _ZONE, frozenset({"role"}))
    zone = Zone(name=_ZONE, level="internal", rank=0, owner="somebody", upstream="kafka")
    policy = Policy(zones=(zone,), principals=((somebody, ()),), roles={"role": tuple(role)})
    return PolicySnapshot(policy), somebody


def fastest(make: Callable[[], Callable[[], int]]) -> float:
    """Microseconds for each decision in the fastest of ``ROUNDS``; what ``make`` returns runs once and counts them."""
    best = float("inf")
    for _ in range(ROUNDS):
        run = make()
        gc.collect()
        gc.disable()
        started = time.process_time()
        count = run()
        best = min(best, (time.process_time() - started) / count * 1e6)
        gc.enable()
    return best


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure how long a decision of the policy takes.")
    parser.add_argument("--rules", type=int, default=10_000)
    count: int = parser.parse_args().rules
    role = rules(count)
    topics = names(CACHED_DECISIONS // 2, count)

    def asked(policy: PolicySnapshot, who: Principal) -> int:
        for topic in topics:
            policy.topic_allowed(who, _ZONE, Operation.WRITE, topic, HOST)
        return len(topics)

    def cold() -> Callable[[], int]:
        policy, who = snapshot(role)
        policy.topic_allowed(who, _ZONE, Operation.WRITE, "warm", HOST)
        return lambda: asked(policy, who)

    def hot() -> Callable[[], int]:
        policy, who = snapshot(role)
        asked(policy, who)
        return lambda: asked(policy, who)

    def compiled() -> Callable[[], int]:
        table = AclTable(role)
        return lambda: len([table.allowed(ResourceType.TOPIC, topic, HOST) for topic in topics])

    def compiling() -> int:
        AclTable(role)
        return count

    print(f"{count:,} rules: a compiled decision {fastest(compiled):.2f} µs,")
    print(f"with who asks {fastest(cold):.2f} µs the first time (cold), {fastest(hot):.2f} µs from then on (hot);")
    print(f"compiling them {fastest(lambda: compiling) * count / 1000:.0f} ms")


if __name__ == "__main__":
    main()
