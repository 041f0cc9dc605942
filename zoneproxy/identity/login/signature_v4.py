"""AWS Signature Version 4 in the query string of a GET request ("presigned URL"), as AWS documents it."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import quote

ALGORITHM = "AWS4-HMAC-SHA256"
EMPTY = sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True)
class AwsCredentials:
    """``session_token`` is empty for keys that do not expire."""

    access_key: str
    secret_key: str = field(repr=False)
    session_token: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class Scope:
    """For what, where and when (seconds since the epoch) a signature holds."""

    service: str
    region: str
    now: float

    @property
    def time(self) -> str:
        """As in X-Amz-Date."""
        return datetime.fromtimestamp(self.now, UTC).strftime("%Y%m%dT%H%M%SZ")

    @property
    def credential(self) -> str:
        """What comes behind the access key in X-Amz-Credential."""
        return f"{self.time[:8]}/{self.region}/{self.service}/aws4_request"


def signed_query(
    credentials: AwsCredentials,
    scope: Scope,
    host: str,
    path: str,
    query: Mapping[str, str],
    expires: int,
    payload: str = EMPTY,
) -> dict[str, str]:
    """``query`` with all that makes it a signed one, in the order of names; ``expires`` in seconds.

    ``payload`` is the hash of the request's body, or what a service has instead (S3: UNSIGNED-PAYLOAD).
    """
    signed = {
        **query,
        "X-Amz-Algorithm": ALGORITHM,
        "X-Amz-Credential": f"{credentials.access_key}/{scope.credential}",
        "X-Amz-Date": scope.time,
        "X-Amz-Expires": str(expires),
        "X-Amz-SignedHeaders": "host",
    }
    if credentials.session_token:
        signed["X-Amz-Security-Token"] = credentials.session_token
    signed = dict(sorted(signed.items()))
    canonical = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in signed.items())
    request = f"GET\n{quote(path)}\n{canonical}\nhost:{host}\n\nhost\n{payload}"
    to_sign = f"{ALGORITHM}\n{scope.time}\n{scope.credential}\n{sha256(request.encode()).hexdigest()}"
    signed["X-Amz-Signature"] = _hmac(_key(credentials, scope), to_sign).hex()
    return signed


def _key(credentials: AwsCredentials, scope: Scope) -> bytes:
    key = f"AWS4{credentials.secret_key}".encode()
    for step in scope.credential.split("/"):
        key = _hmac(key, step)
    return key


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")


def _quoted(text: str) -> str:
    return quote(text, safe="-_.~")
