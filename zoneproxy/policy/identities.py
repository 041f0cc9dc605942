"""Which principal a client certificate stands for: ordered rules, the first match decides, none means refusal.

Every condition of a rule must hold. Subjects are compared attribute by attribute on parsed values, and an attribute
that a subject has twice matches nothing: a certificate with ``CN=x`` and a second CN cannot pass for ``x``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zoneproxy.policy.model import PeerFacts, Principal


@dataclass(frozen=True, slots=True)
class Glob:
    """Text with ``*`` for any characters but ``separator``, and at the end ``**`` for any characters at all.

    A part that is all star stands for at least one character: ``a/*`` is not ``a/``.
    """

    text: str
    separator: str

    def matches(self, candidate: str) -> bool:
        """Whether the whole of ``candidate`` fits. Takes time linear in its length for each ``*``."""
        pattern, rest_is_free = self.text, self.text.endswith("**")
        steps, given = pattern.split(self.separator), candidate.split(self.separator)
        if rest_is_free:
            last = len(steps) - 1
            steps[last] = steps[last][:-1]
            given = [*given[:last], self.separator.join(given[last:])] if len(given) > last else given
        return len(steps) == len(given) and all(map(_fits, steps, given))


def _fits(pattern: str, text: str) -> bool:
    if pattern == "*":
        return text != ""
    first, *middle = pattern.split("*")
    if not middle:
        return pattern == text
    last = middle.pop()
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return False
    position, end = len(first), len(text) - len(last)
    for part in middle:
        position = text.find(part, position, end)
        if position < 0:
            return False
        position += len(part)
    return True


@dataclass(frozen=True, slots=True)
class Match:
    """What a certificate must show. None and empty: no such condition."""

    spiffe: Glob | None = None
    uri: Glob | None = None
    dns: Glob | None = None
    email: Glob | None = None
    subject: tuple[tuple[str, str], ...] = ()

    def holds(self, facts: PeerFacts) -> bool:
        """Whether ``facts`` meet all conditions."""
        return (
            _subject_has(facts, self.subject)
            and (self.spiffe is None or _spiffe_is(facts, self.spiffe))
            and (self.uri is None or any(map(self.uri.matches, facts.uri)))
            and (self.dns is None or any(_dns_is(name, self.dns) for name in facts.dns))
            and (self.email is None or any(_email_is(address, self.email) for address in facts.email))
        )


def _subject_has(facts: PeerFacts, wanted: tuple[tuple[str, str], ...]) -> bool:
    return all([value for name, value in facts.subject if name == attribute] == [text] for attribute, text in wanted)


def _spiffe_is(facts: PeerFacts, glob: Glob) -> bool:
    """X.509-SVID, section 2: a certificate with more than one URI is none."""
    return len(facts.uri) == 1 and facts.uri[0].startswith("spiffe://") and glob.matches(facts.uri[0])


def _dns_is(name: str, glob: Glob) -> bool:
    """A name with a star in the certificate is a promise of a server, not the name of a client."""
    return "*" not in name and glob.matches(name.lower())


def _email_is(address: str, glob: Glob) -> bool:
    """RFC 5280, section 4.2.1.6: the local part is compared as it is, the host without regard to case."""
    local, at, host = address.rpartition("@")
    return bool(at) and glob.matches(f"{local}@{host.lower()}")


class Identities:
    """The rules of all principals. Those that ask for a common name are found by it."""

    def __init__(self, rules: Sequence[tuple[Match, Principal]]) -> None:
        self._named: dict[str, list[tuple[int, Match, Principal]]] = {}
        self._others: list[tuple[int, Match, Principal]] = []
        for number, (match, principal) in enumerate(rules):
            name = dict(match.subject).get("CN")
            bucket = self._others if name is None else self._named.setdefault(name, [])
            bucket.append((number, match, principal))

    def identify(self, facts: PeerFacts) -> Principal | None:
        """The principal of the first rule that holds."""
        found = [entry for entry in self._candidates(facts) if entry[1].holds(facts)]
        return min(found, key=lambda entry: entry[0])[2] if found else None

    def _candidates(self, facts: PeerFacts) -> list[tuple[int, Match, Principal]]:
        names = [value for attribute, value in facts.subject if attribute == "CN"]
        return [*self._named.get(names[0], ()), *self._others] if len(names) == 1 else self._others
