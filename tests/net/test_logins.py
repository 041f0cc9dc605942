from __future__ import annotations

import base64
import json
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from tests.net.authority import Authority
from zoneproxy.config.model import Config
from zoneproxy.config.upstreams import LOGIN_IN_THE_CLEAR, TokenEndpoint, UpstreamSasl
from zoneproxy.identity.login.bearer import BearerLogin
from zoneproxy.identity.login.exchange import Exchange, LoginFailed
from zoneproxy.identity.login.msk_iam import MskIamLogin
from zoneproxy.identity.login.plain import PlainLogin
from zoneproxy.identity.login.scram import ScramLogin
from zoneproxy.net.logins import Tokens, login_problems, make_login


@pytest.fixture
def secret(tmp_path: Path) -> str:
    file = tmp_path / "secret"
    file.write_text("hush\n")
    return str(file)


def begun(**sasl: Any) -> Exchange:
    with ThreadPoolExecutor(1) as executor:
        return make_login(UpstreamSasl(**sasl), lambda: 0.0, executor).begin("kafka-1", 1_400_000_000.0)


def test_passwords(secret: str) -> None:
    plain = begun(mechanism="PLAIN", username="zoneproxy", password_file=secret)
    assert isinstance(plain, PlainLogin)
    assert plain.first() == b"\0zoneproxy\0hush"
    for mechanism in ("SCRAM-SHA-256", "SCRAM-SHA-512"):
        assert isinstance(begun(mechanism=mechanism, username="zoneproxy", password_file=secret), ScramLogin)


def test_a_token_from_a_file_is_read_each_time(secret: str) -> None:
    sasl = UpstreamSasl(mechanism="OAUTHBEARER", token_file=secret)
    with ThreadPoolExecutor(1) as executor:
        login = make_login(sasl, lambda: 0.0, executor)
        assert b"Bearer hush" in login.begin("k", 1.0).first()
        Path(secret).write_text("next")
        assert b"Bearer next" in login.begin("k", 2.0).first()
    assert isinstance(login.begin("k", 1.0), BearerLogin)


def test_aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "credentials"
    file.write_text("[work]\naws_access_key_id = fromfile\naws_secret_access_key = b\n")
    exchange = begun(mechanism="AWS_MSK_IAM", region="eu-west-1", credentials_file=str(file), profile="work")
    assert isinstance(exchange, MskIamLogin)
    assert json.loads(exchange.first())["x-amz-credential"].startswith("fromfile/20140513/eu-west-1/")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "fromenvironment")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    exchange = begun(mechanism="AWS_MSK_IAM", region="eu-west-1")
    assert json.loads(exchange.first())["x-amz-credential"].startswith("fromenvironment/")


def test_secrets_that_cannot_be_read_are_told_with_their_files(tmp_path: Path, secret: str) -> None:
    missing = str(tmp_path / "missing")
    config = Config.model_validate(
        {
            "listeners": [
                {
                    "name": "l",
                    "zone": "z",
                    "advertised_host": "localhost",
                    "ports": {"bootstrap": 9092, "first": 9100},
                    "tls": {"certificate": "c", "key": "k", "client_ca": "ca"},
                }
            ],
            "upstreams": {
                "k": {
                    "bootstrap": ["k:1"],
                    "plaintext": {"accept": LOGIN_IN_THE_CLEAR},
                    "sasl": {"mechanism": "PLAIN", "username": "u", "password_file": secret},
                    "zones": {"z": {"sasl": {"mechanism": "OAUTHBEARER", "token_file": missing}}},
                }
            },
            "policies": "policies",
        }
    )
    assert [(problem.file, "`k`" in problem.message) for problem in login_problems(config)] == [(missing, True)]


# --- a token endpoint ----------------------------------------------------------------------------------------


class Endpoint(HTTPServer):
    """Gives out tokens ``t1``, ``t2``... or whatever ``reply`` says."""

    reply: bytes | None = None
    status = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, dict[str, list[str]]]] = []

    @property
    def url(self) -> str:
        return f"https://localhost:{self.server_address[1]}/token?a=b"


class _Handler(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.server.asked.append((self.headers["Authorization"], form))
        token = {"access_token": f"t{len(self.server.asked)}", "token_type": "bearer", "expires_in": 100}
        body = self.server.reply if self.server.reply is not None else json.dumps(token).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def endpoint(tmp_path: Path) -> Iterator[Endpoint]:
    authority = Authority()
    authority.save(tmp_path)
    identity = authority.server("localhost").save(tmp_path, "endpoint")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(identity.certificate_file, identity.key_file)
    with Endpoint() as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def tokens(endpoint: Endpoint, secret: str, tmp_path: Path) -> Tokens:
    return Tokens(
        TokenEndpoint(
            url=endpoint.url,
            client_id="zone proxy",
            client_secret_file=secret,
            scope="kafka",
            ca=str(tmp_path / "ca.crt"),
        )
    )


def test_a_token_is_used_until_it_nears_its_end(endpoint: Endpoint, tokens: Tokens) -> None:
    assert [tokens.token(now) for now in (0.0, 79.0, 81.0, 100.0)] == ["t1", "t1", "t2", "t2"]
    (authorization, form), _ = endpoint.asked
    assert authorization == "Basic " + base64.b64encode(b"zone%20proxy:hush").decode()
    assert form == {"grant_type": ["client_credentials"], "scope": ["kafka"]}


@pytest.mark.parametrize(
    ("status", "reply"),
    [
        (400, b'{"access_token":"t"}'),
        (200, b"no"),
        (200, b"[]"),
        (200, b"{}"),
        (200, b'{"access_token":1}'),
        (200, b'{"access_token":"t","expires_in":"soon"}'),
        (200, b"[" * 60_000),
    ],
)
def test_replies_that_are_no_token(endpoint: Endpoint, tokens: Tokens, status: int, reply: bytes) -> None:
    endpoint.status, endpoint.reply = status, reply
    with pytest.raises(LoginFailed, match="token_endpoint"):
        tokens.token(0.0)


def test_an_endpoint_that_somebody_else_vouches_for(endpoint: Endpoint, secret: str) -> None:
    with pytest.raises(LoginFailed, match="token_endpoint"):
        Tokens(TokenEndpoint(url=endpoint.url, client_id="z", client_secret_file=secret)).token(0.0)
