"""SASL in zoneproxy.yaml: what listeners ask for must be there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from zoneproxy.config.expected import did_you_mean

if TYPE_CHECKING:
    from zoneproxy.config.located import Located
    from zoneproxy.config.model import Config
    from zoneproxy.errors import Problem


def check_authentication(located: Located, config: Config) -> Iterator[Problem]:
    """Everything about SASL that does not fit together."""
    for index, listener in enumerate(config.listeners):
        sasl, path = listener.sasl, ("listeners", index, "sasl")
        if sasl is None:
            continue
        if sasl.takes_passwords and config.credentials is None:
            message = f"listener `{listener.name}` takes passwords, and there are no `credentials`"
            hint = "credentials: {file: credentials.yaml}, which `zoneproxy credentials set NAME` writes"
            yield located.problem((*path, "mechanisms"), message, hint)
        if "OAUTHBEARER" in sasl.mechanisms and not config.oauth:
            message = f"listener `{listener.name}` takes tokens, and there is no provider in `oauth`"
            yield located.problem((*path, "mechanisms"), message, "oauth: {NAME: {issuer: ..., audience: [...], ...}}")
        for number, name in enumerate(sasl.oauth or ()):
            if name not in config.oauth:
                message = f"there is no oauth provider `{name}`"
                yield located.problem((*path, "oauth", number), message, did_you_mean(name, config.oauth))
    yield from _issuers(located, config)


def _issuers(located: Located, config: Config) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for name, provider in config.oauth.items():
        other = first.setdefault(provider.issuer, name)
        if other != name:
            message = f"`{name}` and `{other}` are the same issuer"
            yield located.problem(("oauth", name, "issuer"), message, "one entry for each")
