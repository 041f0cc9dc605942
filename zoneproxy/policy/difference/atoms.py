"""Names, divided into sets that no pattern of two policies tells apart, with one name out of each."""

from __future__ import annotations

import ipaddress
import string
from collections import deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from zoneproxy.policy.acl import ANY_HOST, CLUSTER_NAME
from zoneproxy.policy.model import ResourceType
from zoneproxy.policy.patterns import Pattern, PatternKind
from zoneproxy.policy.snapshot import RESERVED_TOPICS

MAX_NAME = 249
_TOPIC_CHARACTERS = string.ascii_lowercase + string.digits + "._-" + string.ascii_uppercase
_CHARACTERS = _TOPIC_CHARACTERS + "".join(chr(code) for code in range(0x21, 0x250) if chr(code).isprintable())
_NO_TOPICS = RESERVED_TOPICS | {".", ".."}
"""Names that stand for nothing: nobody can have such a topic, or nobody is ever let near it."""


@dataclass(frozen=True, slots=True)
class Atom:
    """A set of names: one name, or all that begin with a prefix and are in no smaller set; ANY for the rest.

    ``name`` is one of them.
    """

    pattern: Pattern
    name: str

    def __str__(self) -> str:
        if self.pattern.kind is PatternKind.ANY:
            return "any other"
        return self.pattern.name if self.pattern.kind is PatternKind.LITERAL else f"{self.pattern.name}*"


def atoms(kind: ResourceType, patterns: Iterable[Pattern]) -> tuple[Atom, ...]:
    """All sets that ``patterns`` make out of the names of resources of one kind; none of them is empty."""
    if kind is ResourceType.CLUSTER:
        return (Atom(Pattern(PatternKind.LITERAL, CLUSTER_NAME), CLUSTER_NAME),)
    written = set(patterns)
    literals = {each.name for each in written if each.kind is PatternKind.LITERAL}
    prefixes = {each.name for each in written if each.kind is PatternKind.PREFIX}
    characters, nothing = (_TOPIC_CHARACTERS, _NO_TOPICS) if kind is ResourceType.TOPIC else (_CHARACTERS, frozenset())
    found = [Atom(Pattern(PatternKind.LITERAL, name), name) for name in sorted(literals - nothing)]
    for prefix in sorted(prefixes):
        name = _rest(prefix, literals | nothing, prefixes, characters)
        if name is not None:
            found.append(Atom(Pattern(PatternKind.PREFIX, prefix), name))
    name = _rest("", literals | nothing | {""}, prefixes, characters)
    return tuple(found) if name is None else (*found, Atom(Pattern(PatternKind.ANY), name))


def _rest(prefix: str, taken: Collection[str], prefixes: Collection[str], characters: str) -> str | None:
    """The shortest name that begins with ``prefix``, is not taken, and begins with no longer one of ``prefixes``."""
    candidates = deque([prefix])
    while candidates:
        candidate = candidates.popleft()
        if candidate not in taken:
            return candidate
        if len(candidate) < MAX_NAME:
            longer = (candidate + character for character in characters)
            candidates.extend(name for name in longer if name not in prefixes)
    return None


def hosts(written: Iterable[str]) -> tuple[str, ...]:
    """The addresses that rules name, and at the end one that none of them names."""
    named = sorted(set(written) - {ANY_HOST})
    other = ipaddress.ip_address("192.0.2.1")  # kept for examples by RFC 5737, yet a rule may name it
    while str(other) in named:
        other += 1
    return (*named, str(other))
