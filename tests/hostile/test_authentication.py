"""Rows 23 to 30 of the hostile inputs: who says what it is not, in passwords, tokens, certificates and TLS."""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from tests.hostile.whole import POLICY, Memory, Whole, fetch, whole
from tests.identity.sasl.kit import ISSUER, KEY_SET, OTHER_RSA, RIGHT, WRONG, ScramClient, bearer, encoded, signed
from tests.net.authority import SERVER, Authority
from tests.net.harness import until
from tests.net.https import Answer, body, https
from tests.net.peers import Client, correlation_of, produce, request
from tests.net.sasl_kit import (
    SaslRecorder,
    authenticate,
    authenticate_frame,
    handshake,
    log_in,
    plain,
    token_of,
)
from zoneproxy.identity.sasl.credentials_file import with_password
from zoneproxy.wire.error_codes import ErrorCode

FAILED = ErrorCode.SASL_AUTHENTICATION_FAILED
SASL_POLICY = POLICY.replace(
    "principals:",
    """principals:
  - {name: alice, zone: green, match: {sasl: alice}, roles: [user]}
  - {name: bob, zone: green, match: {sasl: bob}}
  - {name: ann, zone: green, match: {oauth: {issuer: "https://login.example.com", claims: {sub: ann}}}}""",
)
LISTENERS = """
  - name: sasl
    zone: green
    advertised_host: localhost
    ports: {{bootstrap: {0}, first: {1}, node_ids: "0"}}
    plaintext: {{accept: "passwords, tokens and data are not encrypted"}}
    auth: sasl
    sasl: {{mechanisms: [PLAIN, SCRAM-SHA-512, OAUTHBEARER], max_session_seconds: 600}}
  - name: sni
    zone: green
    sni: {{port: {2}, domain: kafka.example.com}}
    tls: {{certificate: "{3}/sni.crt", key: "{3}/sni.key", client_ca: "{3}/ca.crt"}}
upstreams:"""
SECTIONS = """
credentials: {{file: "{0}/users.yaml"}}
oauth:
  main: {{issuer: "{1}", audience: [kafka], jwks: {{url: "{2}", ca: "{3}", min_interval_seconds: 5}}}}
"""


@dataclass
class Guarded:
    """A whole proxy with a listener for SASL, one for server names, and who issues tokens."""

    w: Whole
    recorder: SaslRecorder
    port: int
    sni_port: int
    asked: list[str]

    async def client(self) -> Client:
        client = await Client.connect(self.port)
        self.w.clients.append(client)
        return client

    async def refused(self, client: Client, mechanism: str, reason: str) -> None:
        """Told, counted, closed; and nothing of it has come to the broker."""
        assert await client.closed() == b""
        await until(lambda: self.recorder.refused)
        assert self.recorder.refused == ["authentication_failed"]
        assert self.recorder.authentications[-1] == (mechanism, reason)
        assert not self.w.broker.forwarded

    async def turned_away(self, client: Client, *reasons: str) -> None:
        """Closed without an answer."""
        assert await client.closed() == b""
        await until(lambda: self.recorder.refused)
        (reason,) = self.recorder.refused
        assert reason in reasons
        assert not self.w.broker.forwarded


@asynccontextmanager
async def guarded(folder: Path, keys: Answer | None = None, **bounds: Any) -> AsyncIterator[Guarded]:
    text, _ = with_password(None, "", "alice", RIGHT, 4096)
    text, _ = with_password(text, "", "bob", RIGHT, 4096)
    (folder / "users.yaml").write_text(text)
    ports: list[int] = []
    recorder = SaslRecorder()
    with https(folder, keys or body(KEY_SET)) as provider:

        def configure(config: str, *given: int) -> str:
            ports.extend(given)
            sections = SECTIONS.format(folder, ISSUER, provider.url, provider.ca)
            listeners = LISTENERS.format(*ports, folder)
            return config.replace("\nupstreams:", listeners) + sections

        Authority().server("*.green.kafka.example.com").save(folder, "sni")
        wanted: dict[str, Any] = {"configure": configure, "more_ports": 3, "policy": SASL_POLICY, "recorder": recorder}
        async with whole(folder, **wanted, **bounds) as w:
            await until(lambda: provider.asked)
            yield Guarded(w, recorder, ports[0], ports[2], provider.asked)


async def token_refused(g: Guarded, message: bytes, reason: str) -> None:
    """RFC 7628: an error first, the end after the client has taken note."""
    client = await g.client()
    await handshake(client, "OAUTHBEARER")
    first = await authenticate(client, message)
    assert (first.error_code, json.loads(first.auth_bytes)) == (0, {"status": "invalid_token"})
    done = await authenticate(client, b"\x01")
    assert (done.error_code, json.loads(done.error_message or "")) == (FAILED, {"status": "invalid_token"})
    await g.refused(client, "OAUTHBEARER", reason)


# --- 23, 24: order -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "frame",
    [
        pytest.param(request(1, fetch("ok.one"), 12), id="23: fetch"),
        pytest.param(produce(1), id="23: produce"),
        pytest.param(authenticate_frame(plain("alice", RIGHT)), id="24: authenticate first"),
    ],
)
async def test_23_nothing_comes_before_authentication(tmp_path: Path, frame: bytes) -> None:
    async with guarded(tmp_path) as g:
        client = await g.client()
        await client.send(frame)
        await g.turned_away(client, "unauthenticated_request")


async def test_23_nothing_comes_between_handshake_and_authentication(tmp_path: Path) -> None:
    async with guarded(tmp_path) as g:
        client = await g.client()
        await handshake(client, "SCRAM-SHA-512")
        await client.send(produce(1))
        await g.turned_away(client, "unauthenticated_request")


async def test_24_unknown_mechanisms_are_told_which_there_are(tmp_path: Path) -> None:
    async with guarded(tmp_path) as g:
        client = await g.client()
        answer = await handshake(client, "GSSAPI")
        assert answer.error_code == ErrorCode.UNSUPPORTED_SASL_MECHANISM
        assert answer.mechanisms == ["PLAIN", "SCRAM-SHA-512", "OAUTHBEARER"]
        await g.refused(client, "none", "mechanism")


async def test_24_one_handshake_is_enough(tmp_path: Path) -> None:
    async with guarded(tmp_path) as g:
        client = await g.client()
        await handshake(client, "PLAIN")
        assert (await handshake(client, "SCRAM-SHA-512")).error_code == ErrorCode.ILLEGAL_SASL_STATE
        await g.refused(client, "PLAIN", "illegal_state")


# --- 25: PLAIN -----------------------------------------------------------------------------------------------


async def test_25_a_token_of_more_than_512_kib(tmp_path: Path) -> None:
    async with guarded(tmp_path) as g:
        memory, client = Memory(), await g.client()
        await handshake(client, "PLAIN")
        await client.send((512 * 1024 + 1).to_bytes(4, "big") + bytes(1000))
        await g.turned_away(client, "frame_too_large")
        assert memory.look() < 16


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        pytest.param(b"alice", "malformed", id="no NUL"),
        pytest.param(b"\0a\0b\0c", "malformed", id="three NULs"),
        pytest.param(b"\0\0secret", "malformed", id="no user"),
        pytest.param(b"bob\0" + plain("alice", RIGHT)[1:], "authorization_id", id="for somebody else"),
        pytest.param(plain("alice", WRONG), "password", id="wrong"),
        pytest.param(plain("eve", WRONG), "unknown_user", id="unknown"),
        pytest.param(plain("alice", "x" * 400_000), "malformed", id="long"),
    ],
)
async def test_25_passwords(tmp_path: Path, token: bytes, reason: str) -> None:
    async with guarded(tmp_path) as g:
        client = await g.client()
        await handshake(client, "PLAIN")
        answer = await authenticate(client, token)
        assert (answer.error_code, answer.auth_bytes) == (FAILED, b"")
        await g.refused(client, "PLAIN", reason)


async def test_25_unknown_users_are_told_what_wrong_passwords_are(tmp_path: Path) -> None:
    async with guarded(tmp_path) as g:
        texts = []
        for user in ("alice", "eve"):
            client = await g.client()
            await handshake(client, "PLAIN")
            texts.append((await authenticate(client, plain(user, WRONG))).error_message)
        assert texts == ["Authentication failed: Invalid username or password"] * 2


# --- 26: SCRAM -----------------------------------------------------------------------------------------------


def _final(says: ScramClient, nonce: str | None = None, binding: str | None = None) -> Callable[[bytes], bytes]:
    return lambda challenge: says.final(challenge, nonce, binding)


@pytest.mark.parametrize(
    ("says", "change", "reason"),
    [
        pytest.param(ScramClient("SCRAM-SHA-512", "alice", WRONG), {}, "password", id="wrong"),
        pytest.param(ScramClient("SCRAM-SHA-512", "eve", WRONG), {}, "unknown_user", id="unknown"),
        pytest.param(ScramClient("SCRAM-SHA-512", "alice", RIGHT), {"nonce": "abc"}, "nonce", id="client's nonce"),
        pytest.param(ScramClient("SCRAM-SHA-512", "alice", RIGHT), {"binding": "y,,"}, "channel_binding", id="binding"),
    ],
)
async def test_26_scram_to_its_end(tmp_path: Path, says: ScramClient, change: dict[str, str], reason: str) -> None:
    async with guarded(tmp_path) as g:
        client = await g.client()
        await handshake(client, "SCRAM-SHA-512")
        challenge = await authenticate(client, says.first())
        assert challenge.error_code == 0
        assert (await authenticate(client, _final(says, **change)(challenge.auth_bytes))).error_code == FAILED
        await g.refused(client, "SCRAM-SHA-512", reason)


@pytest.mark.parametrize(
    "first",
    [
        b"n,a=bob,n=alice,r=abc",
        b"y,,n=alice,r=abc",
        b"p=tls-unique,,n=alice,r=abc",
        b"n,,n=alice,r=abc,tokenauth=true",
        b"n,,n=alice,r=",
        b"n,,m=x,n=alice,r=abc",
        b"\xff",
    ],
)
async def test_26_scram_from_its_beginning(tmp_path: Path, first: bytes) -> None:
    async with guarded(tmp_path) as g:
        client = await g.client()
        await handshake(client, "SCRAM-SHA-512")
        assert (await authenticate(client, first)).error_code == FAILED
        await g.refused(client, "SCRAM-SHA-512", "authorization_id" if b"a=bob" in first else "malformed")


async def test_26_bad_base64(tmp_path: Path) -> None:
    async with guarded(tmp_path) as g:
        client, says = await g.client(), ScramClient("SCRAM-SHA-512", "alice", RIGHT)
        await handshake(client, "SCRAM-SHA-512")
        challenge = await authenticate(client, says.first())
        final = says.final(challenge.auth_bytes)
        assert (await authenticate(client, final.replace(b",p=", b",p=*"))).error_code == FAILED
        await g.refused(client, "SCRAM-SHA-512", "malformed")


async def test_26_a_proof_is_good_once(tmp_path: Path) -> None:
    async with guarded(tmp_path) as g:
        client, says = await g.client(), ScramClient("SCRAM-SHA-512", "alice", RIGHT)
        await handshake(client, "SCRAM-SHA-512")
        final = says.final((await authenticate(client, says.first())).auth_bytes)
        assert (await authenticate(client, final)).error_code == 0
        again = await g.client()
        await handshake(again, "SCRAM-SHA-512")
        await authenticate(again, says.first())
        assert (await authenticate(again, final)).error_code == FAILED
        await g.refused(again, "SCRAM-SHA-512", "nonce")


# --- 27: tokens ----------------------------------------------------------------------------------------------


def _claims(**claims: Any) -> dict[str, Any]:
    now = time.time()
    made = {"iss": ISSUER, "aud": "kafka", "sub": "ann", "iat": now - 1, "exp": now + 300} | claims
    return {name: value for name, value in made.items() if value is not None}


def _token(header: dict[str, Any] | None = None, key: Any = None, **claims: Any) -> str:
    return signed(_claims(**claims), header, **({"key": key} if key else {}))


def _unsigned(algorithm: str) -> str:
    return f"{encoded({'alg': algorithm})}.{encoded(_claims())}."


def _hmac_with_the_public_key() -> str:
    import hmac

    from tests.identity.sasl.kit import RSA

    text = f"{encoded({'alg': 'HS256', 'kid': 'rsa'})}.{encoded(_claims())}"
    return f"{text}.{encoded(hmac.digest(RSA.as_pem(private=False), text.encode(), 'sha256'))}"


EVIL = "https://evil.example.com/keys"


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        pytest.param(lambda: _unsigned("none"), "algorithm", id="none"),
        pytest.param(lambda: _unsigned("nOnE"), "algorithm", id="nOnE"),
        pytest.param(_hmac_with_the_public_key, "algorithm", id="HS256"),
        pytest.param(lambda: _token({"alg": "RS256", "kid": "rsa", "jku": EVIL}), "token_header", id="jku"),
        pytest.param(lambda: _token({"alg": "RS256", "kid": "rsa", "x5u": EVIL}), "token_header", id="x5u"),
        pytest.param(lambda: _token({"alg": "RS256", "kid": "../../x"}), "unknown_key", id="kid"),
        pytest.param(lambda: _token(key=OTHER_RSA), "signature", id="another key"),
        pytest.param(lambda: _token(exp=None), "no_expiry", id="no exp"),
        pytest.param(lambda: _token(exp=time.time() - 60), "expired", id="expired"),
        pytest.param(lambda: _token(nbf=time.time() + 600), "not_yet", id="not yet"),
        pytest.param(lambda: _token(aud=["other", "kafkas"]), "audience", id="another audience"),
        pytest.param(lambda: _token(iss="https://evil.example.com"), "issuer", id="another issuer"),
        pytest.param(lambda: _token(sub=None), "principal_claim", id="nobody"),
        pytest.param(lambda: _token(x="y" * 300_000), "token", id="long"),
    ],
)
async def test_27_tokens(tmp_path: Path, token: Callable[[], str], reason: str) -> None:
    async with guarded(tmp_path) as g:
        await token_refused(g, bearer(token()), reason)
        assert set(g.asked) == {"/keys?x=1"}


async def test_27_claims_that_are_there_twice(tmp_path: Path) -> None:
    async with guarded(tmp_path) as g:
        text = json.dumps(_claims())[:-1].encode() + b', "sub": "root"}'
        await token_refused(g, bearer(signed(text)), "token")


async def test_27_somebody_whom_the_policy_does_not_know(tmp_path: Path) -> None:
    async with guarded(tmp_path) as g:
        client = await g.client()
        await handshake(client, "OAUTHBEARER")
        assert (await authenticate(client, bearer(_token(sub="eve")))).error_code == FAILED
        await g.refused(client, "OAUTHBEARER", "unknown_principal")


async def test_27_key_ids_that_are_made_up_do_not_make_us_ask(tmp_path: Path) -> None:
    async with guarded(tmp_path) as g:
        for number in range(20):
            client = await g.client()
            await handshake(client, "OAUTHBEARER")
            await authenticate(client, bearer(_token({"alg": "RS256", "kid": f"k{number}"})))
            await client.close()
        assert len(g.asked) == 1


def _failing(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(500)
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def _endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(160):
        handler.wfile.write(b" " * 65_536)


@pytest.mark.parametrize(
    "keys",
    [pytest.param(_failing, id="500"), pytest.param(_endless, id="10 MB"), pytest.param(body(b"{}"), id="empty")],
)
async def test_27_providers_that_fail_let_nobody_in(tmp_path: Path, keys: Answer) -> None:
    async with guarded(tmp_path, keys) as g:
        await token_refused(g, bearer(_token()), "no_signing_keys")


# --- 28: again -----------------------------------------------------------------------------------------------


async def test_28_nobody_becomes_somebody_else(tmp_path: Path) -> None:
    async with guarded(tmp_path) as g:
        client = await g.client()
        assert (await log_in(client)).session_lifetime_ms == 600_000
        await handshake(client, "PLAIN")
        answer = await authenticate(client, plain("bob", RIGHT))
        assert answer.error_code == FAILED
        assert await client.closed() == b""
        assert g.recorder.authentications[-1] == ("PLAIN", "other_principal")


async def test_28_nor_by_another_mechanism(tmp_path: Path) -> None:
    async with guarded(tmp_path) as g:
        client = await g.client()
        await log_in(client)
        await handshake(client, "OAUTHBEARER")
        assert (await authenticate(client, token_of("ann"))).error_code == FAILED
        assert await client.closed() == b""


async def test_28_after_the_end_of_the_session_nothing_is_taken(tmp_path: Path) -> None:
    async with guarded(tmp_path) as g:
        client = await g.client()
        await log_in(client)
        frame = request(3, fetch("ok.one"), 12)
        assert correlation_of(await client.ask(frame)) == 3
        assert g.w.proxy._sessions is not None
        (session,) = (s for s in g.w.proxy._sessions._sessions if s.sasl is not None)
        assert session.sasl is not None
        session.sasl._until = time.time() - 1
        before = len(g.w.broker.forwarded)
        await client.send(frame)
        assert await client.closed() == b""
        assert len(g.w.broker.forwarded) == before
        assert "session_expired" in g.recorder.closed


# --- 29: certificates ----------------------------------------------------------------------------------------


def _subject(*common_names: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name) for name in common_names])


def _context(w: Whole, certificate: str = "", key: str = "") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(str(w.folder / "ca.crt"))
    if certificate:
        context.load_cert_chain(certificate, key)
    return context


@pytest.mark.parametrize(
    ("issue", "reason"),
    [
        pytest.param(lambda a: a.issue("app", days=-1), "certificate", id="expired"),
        pytest.param(lambda a: Authority("test authority").issue("app"), "certificate", id="another authority"),
        pytest.param(lambda a: a.issue("app", usage=[SERVER]), "certificate", id="not for clients"),
        pytest.param(lambda a: a.issue(_subject("app,O=Acme")), "unknown_principal", id="a comma"),
        pytest.param(lambda a: a.issue(_subject("app+O=Acme")), "unknown_principal", id="a plus"),
        pytest.param(lambda a: a.issue(_subject("app", "root")), "unknown_principal", id="two names"),
        pytest.param(lambda a: a.issue(_subject("app", "app")), "unknown_principal", id="the same name twice"),
        pytest.param(lambda a: a.issue(_subject("app\0.evil")), "certificate_name", id="NUL"),
        pytest.param(lambda a: a.issue(_subject("APP")), "unknown_principal", id="capitals"),
        pytest.param(
            lambda a: a.issue(x509.Name([]), alternative=[x509.DNSName("app")]), "unknown_principal", id="no subject"
        ),
        pytest.param(lambda a: a.issue(_subject(*["x" * 60] * 40)), "unknown_principal", id="a long subject"),
    ],
)
async def test_29_certificates(tmp_path: Path, issue: Any, reason: str) -> None:
    async with whole(tmp_path) as w:
        identity = issue(w.authority).save(tmp_path, "wrong")
        client = await w.client(context=_context(w, identity.certificate_file, identity.key_file), tls=True)
        assert await client.closed() == b""
        await until(lambda: w.recorder.refused)
        assert w.recorder.refused == [reason]
        assert not w.broker.forwarded


async def test_29_no_certificate(tmp_path: Path) -> None:
    async with whole(tmp_path) as w:
        client = await w.client(context=_context(w), tls=True)
        assert await client.closed() == b""
        await until(lambda: w.recorder.refused)
        assert w.recorder.refused == ["no_certificate"]


# --- 30: TLS -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["b0.blue.kafka.example.com", "b7777777.green.kafka.example.com", "localhost", None])
async def test_30_unknown_server_names(tmp_path: Path, name: str | None) -> None:
    async with guarded(tmp_path) as g:
        context = _context(g.w, g.w.identity.certificate_file, g.w.identity.key_file)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        client: Client | None = None
        with contextlib.suppress(ssl.SSLError, ConnectionError):  # as it should be: an alert
            client = await Client.connect(g.sni_port, context, name or "127.0.0.1")
        if client is not None:
            assert await client.closed() == b""
        await until(lambda: g.recorder.refused)
        assert g.recorder.refused in (["server_name"], ["node_unknown"])


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2])
async def test_30_old_tls(tmp_path: Path, version: ssl.TLSVersion) -> None:
    async with whole(tmp_path) as w:
        context = _context(w, w.identity.certificate_file, w.identity.key_file)
        context.minimum_version = context.maximum_version = version
        with pytest.raises((ssl.SSLError, ConnectionError, asyncio.IncompleteReadError)):
            await w.client(context=context, tls=True)
        if version is ssl.TLSVersion.TLSv1_2:  # what is older may not even leave OpenSSL here
            await until(lambda: w.recorder.refused)
            assert w.recorder.refused == ["tls_version"]


async def test_30_protocols_that_nobody_speaks_here_change_nothing(tmp_path: Path) -> None:
    async with whole(tmp_path) as w:
        context = _context(w, w.identity.certificate_file, w.identity.key_file)
        context.set_alpn_protocols(["h2", "rubbish"])
        client = await w.client(context=context, tls=True)
        assert correlation_of(await client.ask(request(3, fetch("ok.one"), 12))) == 3
