"""Principals that are not written down one by one: a rule makes the name out of what the client has proved."""

from __future__ import annotations

from dataclasses import dataclass

from zoneproxy.policy.model import PeerFacts, Principal

MAX_NAME = 249
_NOBODY = ("*", "ANONYMOUS")  # what Kafka's ACLs would take for everybody, and for nobody in particular


@dataclass(frozen=True, slots=True)
class Derivation:
    """One rule: whoever it is for becomes ``prefix`` + the one value of ``claim``, ``attribute`` or the user name.

    ``claim`` is a token's; ``attribute`` is one of the certificate's subject; with neither, it is the name that a
    password was given for.
    """

    rule: str
    zone: str
    prefix: str = ""
    claim: str | None = None
    attribute: str | None = None
    roles: frozenset[str] = frozenset()

    def principal(self, facts: PeerFacts) -> Principal | None:
        """Who that is. None: it shows no such value, more than one, or one that is no name."""
        values = self._values(facts)
        name = self.prefix + values[0] if len(values) == 1 else ""
        return None if not is_name(name) or name == self.prefix else self.named(name)

    def named(self, name: str) -> Principal:
        """Whom it has given that name."""
        return Principal(name, self.zone, self.roles, rule=self.rule)

    def _values(self, facts: PeerFacts) -> tuple[str, ...]:
        if self.attribute is not None:
            return tuple(value for attribute, value in facts.subject if attribute == self.attribute)
        if facts.sasl is None:
            return ()
        if self.claim is not None:
            return dict(facts.sasl.claims).get(self.claim, ())
        return (facts.sasl.name,) if facts.sasl.issuer is None else ()


def is_name(name: str) -> bool:
    """Whether that can be a principal's name."""
    return 0 < len(name) <= MAX_NAME and name.isprintable() and name == name.strip() and name not in _NOBODY
