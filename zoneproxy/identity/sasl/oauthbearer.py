"""OAUTHBEARER (RFC 7628, KIP-255): a token of one of the providers that the configuration names."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from zoneproxy.identity.sasl.claims import Claims, flatten
from zoneproxy.identity.sasl.providers import Issuer, Provider
from zoneproxy.identity.sasl.shapes import Challenge, FreshKeys, Proven, Refused, Running, Step
from zoneproxy.identity.sasl.signing_keys import Key
from zoneproxy.identity.sasl.tokens import Token, key_for, read_token, verify
from zoneproxy.policy.model import SaslFacts

MAX_EXTENSIONS = 32

# RFC 7628, section 3.1, as Kafka takes it: no channel binding.
_NAME = r"(?:[^,=\x00\x01]|=2C|=3D)+"
_HEADER = re.compile(rf"n,(?:a=({_NAME}))?,\x01")
_PAIR = re.compile(r"([A-Za-z]+)=([\x21-\x7e \t\r\n]*)")
_BEARER = re.compile(r"[Bb]earer +([A-Za-z0-9._~+/-]+=*) *")
_ACKNOWLEDGED = b"\x01"  # what a client says to an error, to be told that it has failed


class OauthBearer:
    """One exchange: one token; after a refusal one more byte of the client, which ends it (RFC 7628, section 3.2.3).

    Args:
        issuers: by issuer.
    """

    def __init__(self, issuers: Mapping[str, Issuer]) -> None:
        self._issuers = issuers
        self._refused: Refused | None = None

    def step(self, token: bytes, now: float) -> Running[Step]:
        """See Mechanism."""
        if self._refused is not None:
            raise self._refused
        authorisation, bearer = parse(token)
        try:
            facts, expires = yield from self._checked(bearer, now)
        except Refused as refused:
            said = _error(refused)
            self._refused = Refused(refused.reason, said)
            return Challenge(said.encode(), self._refused)
        if authorisation not in ("", facts.name):
            text = "Authentication failed: Client requested an authorization id that is different from the token's"
            raise Refused("authorization_id", f"{text} principal name")
        return Proven(facts, expires=expires)

    def _checked(self, bearer: str, now: float) -> Running[tuple[SaslFacts, float]]:
        token = read_token(bearer)
        issuer = self._issuers.get(token.issuer)
        if issuer is None:
            raise Refused("issuer")
        key = yield from self._key(token, issuer, now)
        payload, expires = verify(token, key, issuer.provider, now)
        # Until then we take the token: a client that asks for a new one in the last second is in time.
        return facts_of(payload, issuer.provider), expires + issuer.provider.clock_skew

    def _key(self, token: Token, issuer: Issuer, now: float) -> Running[Key]:
        provider, cache = issuer.provider, issuer.cache
        key = key_for(token, provider, cache.keys(now))
        if key is None:
            yield [FreshKeys(provider.name)]
            key = key_for(token, provider, cache.keys(now))
        if key is None:
            raise Refused("unknown_key" if cache.keys(now) is not None else "no_signing_keys")
        return key


def parse(message: bytes) -> tuple[str, str]:
    """(authorisation id, token) of a client's first message. Raises Refused."""
    try:
        text = message.decode()
    except UnicodeDecodeError:
        raise Refused("malformed") from None
    header = _HEADER.match(text)
    pairs = text[header.end() :].split("\x01") if header else []
    # Each pair ends in \x01, and one more ends them all.
    if header is None or pairs[-2:] != ["", ""] or len(pairs) - 2 > MAX_EXTENSIONS:
        raise Refused("malformed")
    values: dict[str, str] = {}
    for pair in pairs[:-2]:
        found = _PAIR.fullmatch(pair)
        if found is None or found[1] in values:
            raise Refused("malformed")
        values[found[1]] = found[2]
    bearer = _BEARER.fullmatch(values.get("auth", ""))
    if bearer is None:
        raise Refused("malformed")
    return (header[1] or "").replace("=2C", ",").replace("=3D", "="), bearer[1]


def facts_of(payload: Mapping[str, Any], provider: Provider) -> SaslFacts:
    """What a token says of its bearer. Raises Refused (``principal_claim``) if not who that is."""
    claims: Claims = flatten(payload)
    said = dict(claims)
    names = said.get(provider.principal_claim, ())
    if len(names) != 1 or not names[0]:
        raise Refused("principal_claim")
    groups = frozenset(said.get(provider.groups_claim, ())) if provider.groups_claim else frozenset[str]()
    return SaslFacts("OAUTHBEARER", names[0], provider.issuer, claims, groups)


def _error(refused: Refused) -> str:
    """RFC 7628, section 3.2.2. Why a token is not taken is for the log, not for who sent it."""
    return json.dumps({"status": "insufficient_scope" if refused.reason == "scope" else "invalid_token"})
