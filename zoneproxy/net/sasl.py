"""What the SASL of listeners is made of, out of the configuration: credentials, providers, mechanisms."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from zoneproxy.errors import InvalidConfiguration, Problem
from zoneproxy.identity.sasl.credentials import HASHES
from zoneproxy.identity.sasl.oauthbearer import OauthBearer
from zoneproxy.identity.sasl.plain import Plain
from zoneproxy.identity.sasl.providers import Issuer, KeyCache, Provider
from zoneproxy.identity.sasl.scram import Scram
from zoneproxy.net.credentials import CredentialStore
from zoneproxy.net.observer import NullObserver
from zoneproxy.net.sasl_needs import SaslNeeds
from zoneproxy.net.signing_keys import KeyKeeper, check_source, source_of

if TYPE_CHECKING:
    from zoneproxy.config import authentication as written
    from zoneproxy.config.model import Config
    from zoneproxy.identity.sasl.server import Mechanisms
    from zoneproxy.identity.sasl.shapes import Mechanism
    from zoneproxy.net.observer import Observer

_NONCE_BYTES = 24


@dataclass(frozen=True, slots=True)
class ListenerSasl:
    """SASL of one listener. ``clock`` gives seconds since the epoch; ``max_session`` are seconds, None: no end."""

    names: tuple[str, ...]
    store: CredentialStore | None
    issuers: Mapping[str, Issuer]
    needs: SaslNeeds
    clock: Callable[[], float]
    max_session: float | None = None

    def mechanisms(self) -> Mechanisms:
        """Those there are, with the credentials that are in use now."""
        return {name: partial(self._begin, name) for name in self.names}

    def _begin(self, name: str) -> Mechanism:
        if name == "OAUTHBEARER":
            return OauthBearer(self.issuers)
        assert self.store is not None
        credentials = self.store.credentials
        if name in HASHES:
            return Scram(name, credentials, partial(secrets.token_urlsafe, _NONCE_BYTES))
        return Plain(credentials)


@dataclass(frozen=True, slots=True)
class Sasl:
    """What all listeners share."""

    store: CredentialStore | None
    issuers: Mapping[str, Issuer]  # by the name of their provider
    keepers: Mapping[str, KeyKeeper]
    needs: SaslNeeds
    clock: Callable[[], float]

    def of(self, config: written.ListenerSasl) -> ListenerSasl:
        """For one listener."""
        names = self.issuers if config.oauth is None else config.oauth
        issuers = {self.issuers[name].provider.issuer: self.issuers[name] for name in names}
        return ListenerSasl(config.mechanisms, self.store, issuers, self.needs, self.clock, config.max_session_seconds)


def load_sasl(config: Config, observer: Observer, clock: Callable[[], float], executor: Executor) -> Sasl:
    """Read credentials and the key files of providers. Raises InvalidConfiguration with all that cannot be used."""
    problems: list[Problem] = []
    store = None
    if config.credentials is not None:
        try:
            store = CredentialStore(config.credentials.file, observer)
        except InvalidConfiguration as error:
            problems += error.problems
    issuers, keepers = {}, {}
    for name, provider in config.oauth.items():
        cache = KeyCache(min_interval=provider.jwks.min_interval_seconds, max_age=provider.jwks.max_age_seconds)
        try:
            keys = check_source(name, provider.jwks)
        except InvalidConfiguration as error:
            problems += error.problems
            continue
        if keys is not None:
            cache.loaded(keys, clock())
        issuers[name] = Issuer(_provider(name, provider), cache)
        source, every = source_of(provider.jwks), provider.jwks.refresh_seconds
        keepers[name] = KeyKeeper(name, cache, source, observer, clock, executor, every)
    if problems:
        raise InvalidConfiguration(problems)
    return Sasl(store, issuers, keepers, SaslNeeds(executor, keepers), clock)


def check_sasl(config: Config) -> None:
    """Try what ``load_sasl`` would read; no URL is asked. Raises InvalidConfiguration."""
    with ThreadPoolExecutor(1) as executor:  # nothing is run in it
        load_sasl(config, NullObserver(), lambda: 0.0, executor)


def _provider(name: str, config: written.OauthProvider) -> Provider:
    return Provider(
        name=name,
        issuer=config.issuer,
        audience=frozenset(config.audience),
        algorithms=frozenset(config.algorithms),
        clock_skew=config.clock_skew_seconds,
        principal_claim=config.principal_claim,
        groups_claim=config.groups_claim,
        required_scopes=frozenset(config.required_scopes),
        acr=frozenset(config.acr),
        amr=frozenset(config.amr),
    )
