"""AWS_MSK_IAM: a signed request to connect, as JSON, in the format 2020_10_22 of AWS's own aws-msk-iam-auth."""

from __future__ import annotations

import configparser
import json
from collections.abc import Mapping

from zoneproxy.identity.login.exchange import LoginFailed
from zoneproxy.identity.login.secrets import read_secret
from zoneproxy.identity.login.signature_v4 import AwsCredentials, Scope, signed_query

VERSION = "2020_10_22"
SERVICE = "kafka-cluster"
EXPIRES = 900  # seconds: what AWS's own client asks for, and the most that brokers take


class MskIamLogin:
    """One token; the broker answers with a request id."""

    def __init__(self, credentials: AwsCredentials, region: str, host: str, now: float) -> None:
        query = {"Action": f"{SERVICE}:Connect"}
        signed = signed_query(credentials, Scope(SERVICE, region, now), host, "/", query, EXPIRES)
        token = {"version": VERSION, "host": host, "user-agent": "zoneproxy"}
        token |= {name.lower(): value for name, value in signed.items()}
        self._token = json.dumps(token, separators=(",", ":")).encode()

    def first(self) -> bytes:
        """See Exchange."""
        return self._token

    def next(self, challenge: bytes) -> bytes | None:
        """See Exchange. The answer that says it is well is not empty."""
        try:
            answer = json.loads(challenge)
        except ValueError:
            raise LoginFailed("challenge") from None
        if not isinstance(answer, dict) or answer.get("version") != VERSION:
            raise LoginFailed("challenge")
        return None


def from_environment(environment: Mapping[str, str]) -> AwsCredentials:
    """The credentials that AWS's tools read from there. Raises LoginFailed."""
    names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
    return _credentials(*(environment.get(name, "") for name in names))


def from_file(file: str, profile: str) -> AwsCredentials:
    """The credentials of a profile in a shared credentials file (``~/.aws/credentials``). Raises LoginFailed."""
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(read_secret(file))
        section = parser[profile]
    except (configparser.Error, KeyError):
        raise LoginFailed("secret") from None
    names = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
    return _credentials(*(section.get(name, "") for name in names))


def _credentials(access_key: str, secret_key: str, session_token: str) -> AwsCredentials:
    if not access_key or not secret_key:
        raise LoginFailed("secret")
    return AwsCredentials(access_key, secret_key, session_token)
