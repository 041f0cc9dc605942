"""JSON Web Tokens (RFC 7519, RFC 8725): which one is believed, and until when.

Nothing in a token says where its key is: ``jku``, ``x5u``, ``jwk``, ``x5c`` are refused, and ``kid`` is a name in the
provider's key set. Which algorithms there are is for the configuration to say, not for the token.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError

from zoneproxy.identity.sasl.providers import Provider
from zoneproxy.identity.sasl.shapes import Refused
from zoneproxy.identity.sasl.signing_keys import Key, SigningKeys
from zoneproxy.identity.sasl.strict_json import parse_object

MAX_TOKEN = 64 * 1024  # characters; those of Entra ID with 200 groups have about 12,000
MAX_KEY_ID = 256

_LATEST = 1 << 53  # seconds since the epoch; neither infinite nor not a number
_WHERE_KEYS_ARE = ("jku", "x5u", "jwk", "x5c")


class _Signed(jws.JWSRegistry):
    """Signed as we like it; providers put things of their own into headers, which say nothing to us."""

    max_header_length = 8 * 1024

    def __init__(self, algorithms: list[str]) -> None:
        super().__init__(algorithms=algorithms, strict_check_header=False)


@dataclass(frozen=True, slots=True)
class Token:
    """A token taken apart; nothing in it is proven yet."""

    compact: str
    algorithm: str
    key_id: str | None
    issuer: str


def read_token(compact: str) -> Token:
    """Take a signed token apart. Raises Refused (``token``, ``token_header``)."""
    parts = compact.split(".")
    if len(compact) > MAX_TOKEN or len(parts) != 3 or not compact.isascii():
        raise Refused("token")
    header, payload = (_object(part) for part in parts[:2])
    algorithm, key_id, issuer = header.get("alg"), header.get("kid"), payload.get("iss")
    if not isinstance(algorithm, str) or not isinstance(issuer, str):
        raise Refused("token")
    named = key_id is None or (isinstance(key_id, str) and len(key_id) <= MAX_KEY_ID)
    if not named or "crit" in header or any(name in header for name in _WHERE_KEYS_ARE):
        raise Refused("token_header")
    return Token(compact, algorithm, key_id, issuer)


def key_for(token: Token, provider: Provider, keys: SigningKeys | None) -> Key | None:
    """The key that the token must be signed with; None if it is not known (yet). Raises Refused (``algorithm``)."""
    if token.algorithm not in provider.algorithms:
        raise Refused("algorithm")
    return None if keys is None else keys.find(token.key_id, token.algorithm)


def verify(token: Token, key: Key, provider: Provider, now: float) -> tuple[Mapping[str, Any], float]:
    """The claims of a token that is signed, meant for us and in force, and when that ends. Raises Refused."""
    try:
        signed = jws.deserialize_compact(token.compact, key, registry=_Signed(algorithms=[token.algorithm]))
    except (JoseError, ValueError, TypeError):
        raise Refused("signature") from None
    claims = parse_object(signed.payload)
    if claims is None or claims.get("iss") != provider.issuer:
        raise Refused("issuer")
    _check_audience(claims, provider)
    expires = _check_times(claims, provider.clock_skew, now)
    _check_scopes(claims, provider)
    _check_strength(claims, provider)
    return claims, expires


def _check_audience(claims: Mapping[str, Any], provider: Provider) -> None:
    if not provider.audience.intersection(_texts(claims.get("aud"))):
        raise Refused("audience")


def _check_times(claims: Mapping[str, Any], skew: float, now: float) -> float:
    """Seconds since the epoch at which the token ends."""
    expires = _time(claims, "exp")
    if expires is None:
        raise Refused("no_expiry")
    if now >= expires + skew:
        raise Refused("expired")
    if any((_time(claims, name) or 0.0) > now + skew for name in ("nbf", "iat")):
        raise Refused("not_yet")
    return expires


def _check_scopes(claims: Mapping[str, Any], provider: Provider) -> None:
    """``scope`` (RFC 8693, section 4.2) is a text of words; ``scp`` is what Entra ID and Okta call it."""
    scopes = {word for name in ("scope", "scp") for text in _texts(claims.get(name)) for word in text.split()}
    if not provider.required_scopes <= scopes:
        raise Refused("scope")


def _check_strength(claims: Mapping[str, Any], provider: Provider) -> None:
    """How the user has authenticated with the provider (OpenID Connect Core, section 2; RFC 8176)."""
    if provider.acr and not provider.acr.intersection(_texts(claims.get("acr"))):
        raise Refused("acr")
    if not provider.amr <= set(_texts(claims.get("amr"))):
        raise Refused("amr")


def _time(claims: Mapping[str, Any], name: str) -> float | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _LATEST:
        raise Refused("time")
    return float(value)


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, str)]


def _object(part: str) -> dict[str, Any]:
    try:
        decoded = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Refused("token") from None
    value = parse_object(decoded)
    if value is None:
        raise Refused("token")
    return value
