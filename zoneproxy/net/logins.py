"""From the configuration to how the proxy logs in; and where its tokens come from."""

from __future__ import annotations

import base64
import json
import os
import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from zoneproxy.errors import Problem, ProtocolError
from zoneproxy.identity.login.bearer import BearerLogin
from zoneproxy.identity.login.exchange import LoginFailed
from zoneproxy.identity.login.msk_iam import MskIamLogin, from_environment, from_file
from zoneproxy.identity.login.plain import PlainLogin
from zoneproxy.identity.login.scram import ScramLogin
from zoneproxy.identity.login.secrets import read_secret
from zoneproxy.net.fetch import fetch
from zoneproxy.net.login import Login

if TYPE_CHECKING:
    from zoneproxy.config.model import Config
    from zoneproxy.config.upstreams import TokenEndpoint, UpstreamSasl
    from zoneproxy.identity.login.exchange import Begin, Exchange

TOKEN_SECONDS = 5.0
MAX_TOKEN_REPLY = 64 * 1024
# A token is used for as many connections as are made in this share of its life.
TOKEN_SHARE = 0.8


def make_login(sasl: UpstreamSasl, clock: Callable[[], float], executor: Executor) -> Login:
    """How to log in as ``sasl`` says."""
    return Login(sasl.mechanism, _begin(sasl), clock, executor)


def login_problems(config: Config) -> Iterator[Problem]:
    """Secrets that cannot be read now, each by its file; never with a part of it."""
    for name, upstream in config.upstreams.items():
        logins = [upstream.sasl, *(zone.sasl for zone in upstream.zones.values())]
        for sasl in logins:
            for file in _secret_files(sasl) if sasl is not None else ():
                try:
                    read_secret(file)
                except LoginFailed:
                    yield Problem(file, 0, 0, f"the secret of upstream `{name}` cannot be read", "one line of text")


def _secret_files(sasl: UpstreamSasl) -> list[str]:
    endpoint = sasl.token_endpoint.client_secret_file if sasl.token_endpoint else None
    return [file for file in (sasl.password_file, sasl.token_file, sasl.credentials_file, endpoint) if file is not None]


def _begin(sasl: UpstreamSasl) -> Begin:
    match sasl.mechanism:
        case "OAUTHBEARER":
            token = _token_source(sasl)
            return lambda _host, now: BearerLogin(token(now))
        case "AWS_MSK_IAM":
            return lambda host, now: _msk_iam(sasl, host, now)
        case _:
            return lambda _host, _now: _with_password(sasl)


def _with_password(sasl: UpstreamSasl) -> Exchange:
    assert sasl.username is not None
    assert sasl.password_file is not None
    password = read_secret(sasl.password_file)
    if sasl.mechanism == "PLAIN":
        return PlainLogin(sasl.username, password)
    return ScramLogin(sasl.mechanism, sasl.username, password)


def _msk_iam(sasl: UpstreamSasl, host: str, now: float) -> Exchange:
    assert sasl.region is not None
    if sasl.credentials_file is None:
        credentials = from_environment(os.environ)
    else:
        credentials = from_file(sasl.credentials_file, sasl.profile or "default")
    return MskIamLogin(credentials, sasl.region, host, now)


def _token_source(sasl: UpstreamSasl) -> Callable[[float], str]:
    if sasl.token_endpoint is not None:
        return Tokens(sasl.token_endpoint).token
    assert sasl.token_file is not None
    file = sasl.token_file
    return lambda _now: read_secret(file)


class Tokens:
    """Tokens of one endpoint, each used until it nears its end. Blocks while it asks; may be used by many threads."""

    def __init__(self, endpoint: TokenEndpoint) -> None:
        self._endpoint = endpoint
        self._known: tuple[float, str] | None = None  # until when to use it, and the token

    def token(self, now: float) -> str:
        """A token that is good for a while. Raises LoginFailed."""
        known = self._known
        if known is not None and now < known[0]:
            return known[1]
        try:
            token, lifetime = _read(self._ask())
        except (OSError, ProtocolError):
            raise LoginFailed("token_endpoint") from None
        self._known = (now + lifetime * TOKEN_SHARE, token)
        return token

    def _ask(self) -> bytes:
        """RFC 6749, section 4.4.2; who we are goes into the header, as section 2.3.1 recommends."""
        endpoint = self._endpoint
        secret = read_secret(endpoint.client_secret_file)
        who = base64.b64encode(f"{quote(endpoint.client_id, '')}:{quote(secret, '')}".encode()).decode()
        form = {"grant_type": "client_credentials"} | ({"scope": endpoint.scope} if endpoint.scope else {})
        context = ssl.create_default_context(cafile=endpoint.ca)
        headers = {"Authorization": f"Basic {who}", "Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode(form).encode()
        return fetch(endpoint.url, context, MAX_TOKEN_REPLY, TOKEN_SECONDS, body=body, headers=headers)


def _read(reply: bytes) -> tuple[str, float]:
    """The token, and for how many seconds it is good (0: not said). Raises ProtocolError."""
    try:
        answer = json.loads(reply)
        token, lifetime = answer["access_token"], answer.get("expires_in", 0)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ProtocolError("token_reply") from None
    if not isinstance(token, str) or isinstance(lifetime, bool) or not isinstance(lifetime, int | float):
        raise ProtocolError("token_reply")
    return token, max(0.0, min(float(lifetime), 86_400.0))
