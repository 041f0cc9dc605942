"""Which principal a client is by what it has proved: ordered rules, the first match decides, none means refusal.

Every condition of a rule must hold, and a rule must say something about each proof that was given: where a listener
asks for a certificate and for SASL, only a rule about both is of use, which binds the one to the other. Subjects are
compared attribute by attribute on parsed values, and an attribute that a subject has twice matches nothing: a
certificate with ``CN=x`` and a second CN cannot pass for ``x``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from zoneproxy.policy.derivation import Derivation
from zoneproxy.policy.model import PeerFacts, Principal, SaslFacts


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


ANY_USER = "*"  # as ``Match.sasl``: whoever has given a password

_OF_ONE_SUBJECT = ("CN", "UID", "serialNumber", "emailAddress")
_OF_ONE_TOKEN = ("sub", "client_id", "azp", "preferred_username", "email")


@dataclass(frozen=True, slots=True)
class TokenMatch:
    """What a token must say: who issued it, and for each claim one of some values."""

    issuer: str
    claims: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def holds(self, facts: SaslFacts) -> bool:
        """Whether ``facts`` are of such a token."""
        said = dict(facts.claims)
        return facts.issuer == self.issuer and all(
            any(value in wanted for value in said.get(claim, ())) for claim, wanted in self.claims
        )


@dataclass(frozen=True, slots=True)
class Match:
    """What a client must show. None and empty: no such condition.

    ``sasl`` is a user name that a password was given for, or ANY_USER; ``token`` is about OAUTHBEARER; the rest is
    about certificates.
    """

    spiffe: Glob | None = None
    uri: Glob | None = None
    dns: Glob | None = None
    email: Glob | None = None
    subject: tuple[tuple[str, str], ...] = ()
    sasl: str | None = None
    token: TokenMatch | None = None

    @property
    def about_certificates(self) -> bool:
        """Whether it has a condition about the certificate."""
        return bool(self.subject) or any((self.spiffe, self.uri, self.dns, self.email))

    @property
    def about_sasl(self) -> bool:
        """Whether it has a condition about what SASL proved."""
        return self.sasl is not None or self.token is not None

    @property
    def named(self) -> bool:
        """Whether it names whom it is for: one condition is about what only one client is called, without a star."""
        exact = any(glob is not None and "*" not in glob.text for glob in (self.spiffe, self.uri, self.dns, self.email))
        subject = any(attribute in _OF_ONE_SUBJECT for attribute, _ in self.subject)
        user = self.sasl not in (None, ANY_USER)
        token = self.token is not None and any(claim in _OF_ONE_TOKEN for claim, _ in self.token.claims)
        return exact or subject or user or token

    def holds(self, facts: PeerFacts) -> bool:
        """Whether ``facts`` meet all conditions, and there is one about each proof."""
        return (
            facts.certified is self.about_certificates
            and _sasl_is(facts.sasl, self)
            and _subject_has(facts, self.subject)
            and (self.spiffe is None or _spiffe_is(facts, self.spiffe))
            and (self.uri is None or any(map(self.uri.matches, facts.uri)))
            and (self.dns is None or any(_dns_is(name, self.dns) for name in facts.dns))
            and (self.email is None or any(_email_is(address, self.email) for address in facts.email))
        )


def _sasl_is(facts: SaslFacts | None, match: Match) -> bool:
    if facts is None:
        return not match.about_sasl
    named = match.sasl is None or (facts.issuer is None and match.sasl in (ANY_USER, facts.name))
    return match.about_sasl and named and (match.token is None or match.token.holds(facts))


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


IdentityRule = tuple[Match, Principal | Derivation]


class Identities:
    """The rules of all principals. Those that ask for a common name or a SASL user are found by it.

    ``taken``: names that no rule may make up, for they are somebody's. ``revoked``: fingerprints of certificates that
    stand for nobody.
    """

    def __init__(
        self, rules: Sequence[IdentityRule], taken: Iterable[str] = (), revoked: frozenset[str] = frozenset()
    ) -> None:
        self._revoked = revoked
        self._taken = frozenset(taken)
        self._named: dict[tuple[str, str], list[tuple[int, IdentityRule]]] = {}
        self._others: list[tuple[int, IdentityRule]] = []
        for number, rule in enumerate(rules):
            key = _key(rule[0])
            bucket = self._others if key is None else self._named.setdefault(key, [])
            bucket.append((number, rule))

    def identify(self, facts: PeerFacts) -> Principal | None:
        """The principal of the first rule that holds, with the groups that it proved to be in."""
        if facts.fingerprint in self._revoked:
            return None
        found = [entry for entry in self._candidates(facts) if entry[1][0].holds(facts)]
        if not found:
            return None
        who = min(found, key=lambda entry: entry[0])[1][1]
        if isinstance(who, Derivation):
            derived = who.principal(facts)
            if derived is None or derived.name in self._taken:
                return None
            who = derived
        groups = groups_of(facts)
        return replace(who, groups=groups) if groups else who

    def _candidates(self, facts: PeerFacts) -> list[tuple[int, IdentityRule]]:
        candidates = list(self._others)
        names = [value for attribute, value in facts.subject if attribute == "CN"]
        if len(names) == 1:
            candidates += self._named.get(("CN", names[0]), ())
        if facts.sasl is not None:
            candidates += self._named.get(("sasl", facts.sasl.name), ())
        return candidates


def _key(match: Match) -> tuple[str, str] | None:
    if match.sasl not in (None, ANY_USER):
        return ("sasl", match.sasl)
    name = dict(match.subject).get("CN")
    return None if name is None else ("CN", name)


def groups_of(facts: PeerFacts) -> frozenset[str]:
    """The groups that a client has proved to be in: each OU of its certificate, and those that its token names."""
    units = frozenset(value for attribute, value in facts.subject if attribute == "OU")
    return units if facts.sasl is None else units | facts.sasl.groups
