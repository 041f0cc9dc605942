from __future__ import annotations

from collections.abc import Iterable

from zoneproxy.policy.acl import Rule, literal
from zoneproxy.policy.difference.atoms import Atom
from zoneproxy.policy.difference.decisions import Decision, Space, space
from zoneproxy.policy.difference.rights import plain
from zoneproxy.policy.difference.summary import Change, summarise
from zoneproxy.policy.model import Operation, ResourceType

TOPIC, READ, WRITE = ResourceType.TOPIC, Operation.READ, Operation.WRITE
RULE = Rule(True, frozenset({READ}), TOPIC, (literal("a"), literal("b")), frozenset({"10.0.0.1", "10.0.0.2"}))
WHERE = space(frozenset({plain(RULE)}), (), {"1.3"})
A, B, OTHER = WHERE.atoms[TOPIC]
HOSTS = WHERE.hosts


def decide(
    atoms: Iterable[Atom] = (A,),
    operations: Iterable[Operation] = (READ,),
    hosts: Iterable[str] = HOSTS,
    tls: Iterable[str] = ("", "1.3"),
    gained: bool = True,
) -> list[Decision]:
    return [
        Decision("z", TOPIC, atom, operation, host, version, gained)
        for atom in atoms
        for operation in operations
        for host in hosts
        for version in tls
    ]


def changes(found: list[Decision], where: Space = WHERE) -> list[Change]:
    return list(summarise(found, where, "alice", frozenset({"h", "g"})))


def test_what_goes_together_is_put_together() -> None:
    (change,) = changes(decide((B, A), (WRITE, READ)))
    assert change == Change(True, "alice", ("g", "h"), "z", TOPIC, (READ, WRITE), (A, B), every=False)
    (everything,) = changes(decide((OTHER, B, A)))
    assert everything.every
    assert everything.atoms == (A, B, OTHER)


def test_what_differs_stays_apart() -> None:
    apart = changes([*decide((A,), (READ, WRITE)), *decide((B,)), *decide((B,), (WRITE,), gained=False)])
    assert [(change.gained, change.operations, change.atoms) for change in apart] == [
        (True, (READ, WRITE), (A,)),
        (True, (READ,), (B,)),
        (False, (WRITE,), (B,)),
    ]


def circumstances(found: list[Decision]) -> str:
    (change,) = changes(found)
    return change.circumstances


def test_circumstances_in_words() -> None:
    assert circumstances(decide()) == ""
    assert circumstances(decide(hosts=HOSTS[:2])) == "from 10.0.0.1, 10.0.0.2"
    assert circumstances(decide(hosts=HOSTS[1:])) == "from 10.0.0.2, other addresses"
    assert circumstances(decide(tls=[""])) == "over plaintext or TLS 1.2"
    assert circumstances(decide(hosts=HOSTS[:1], tls=["1.3"])) == "from 10.0.0.1 over TLS 1.3"


def test_circumstances_that_are_not_each_with_each() -> None:
    mixed = [*decide(hosts=HOSTS[:1], tls=["1.3"]), *decide(hosts=HOSTS[1:2], tls=[""])]
    assert circumstances(mixed) == "from 10.0.0.1 over TLS 1.3; from 10.0.0.2 over plaintext or TLS 1.2"
