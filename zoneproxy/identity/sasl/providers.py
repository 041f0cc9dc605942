"""Who issues tokens, what is asked of them, and when their signing keys may be asked for."""

from __future__ import annotations

from dataclasses import dataclass, field

from zoneproxy.identity.sasl.signing_keys import SigningKeys


@dataclass(frozen=True, slots=True)
class Provider:
    """An issuer of tokens, and what its tokens must say.

    ``audience``, ``acr``: one of them; ``required_scopes``, ``amr``: all of them; empty: not asked. Paths of claims
    are as in SaslFacts.
    """

    name: str
    issuer: str
    audience: frozenset[str]
    algorithms: frozenset[str]
    clock_skew: float = 30.0  # seconds
    principal_claim: str = "sub"
    groups_claim: str | None = None
    required_scopes: frozenset[str] = frozenset()
    acr: frozenset[str] = frozenset()
    amr: frozenset[str] = frozenset()


@dataclass(slots=True)
class KeyCache:
    """The signing keys of one provider as last heard. Times are seconds since the epoch.

    Whoever sends a token with a made-up key id must not make us ask the provider each time: ``may_ask`` bounds that.
    Keys that could not be confirmed for ``max_age`` are no longer believed.
    """

    min_interval: float = 30.0
    max_age: float = 86_400.0
    _keys: SigningKeys | None = field(default=None, repr=False)
    _loaded: float = 0.0
    _asked: float | None = None

    def keys(self, now: float) -> SigningKeys | None:
        """The keys; None if there are none, or none to be believed any longer."""
        return self._keys if now - self._loaded <= self.max_age else None

    def may_ask(self, now: float) -> bool:
        """Whether the provider may be asked out of turn."""
        return self._asked is None or now - self._asked >= self.min_interval

    def asking(self, now: float) -> None:
        """The provider is asked now."""
        self._asked = now

    def loaded(self, keys: SigningKeys, now: float) -> None:
        """It has answered."""
        self._keys, self._loaded = keys, now


@dataclass(frozen=True, slots=True)
class Issuer:
    """A provider with its keys."""

    provider: Provider
    cache: KeyCache
