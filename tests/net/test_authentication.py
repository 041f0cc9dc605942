from __future__ import annotations

from pathlib import Path

from tests.identity.sasl.kit import RIGHT
from tests.net.harness import Recorder, until
from tests.net.peers import small
from tests.net.sasl_kit import authenticate, handshake, log_in, plain, recorder_of, sasl_rig, token_of
from tests.net.test_listener import AUTHORITY, SERVER_IDENTITY, client_tls, tls
from zoneproxy.net.tls import TlsContext, TlsFiles, server_context
from zoneproxy.wire.error_codes import ErrorCode


async def test_tls_without_a_client_certificate(tmp_path: Path) -> None:
    SERVER_IDENTITY.save(tmp_path, "server")
    files = TlsFiles(None, SERVER_IDENTITY.certificate_file, SERVER_IDENTITY.key_file)
    context = TlsContext("listener", files, server_context, Recorder())
    async with sasl_rig(tls=context) as r:
        client = await r.client(context=client_tls(tmp_path, identity=None))
        await log_in(client)
        await client.ask(small(3))
        session = await r.session()
        assert session.peer is not None
        assert (session.peer.certified, session.peer.subject) == (False, ())
        assert r.recorder.opened[0].tls == "1.3"


async def test_certificate_and_sasl_are_bound_together(tmp_path: Path) -> None:
    async with sasl_rig(tls=tls(tmp_path), certificates=True) as r:
        client = await r.client(context=client_tls(tmp_path))
        await log_in(client)
        await client.ask(small(3))
        session = await r.session()
        assert session.peer is not None
        assert session.peer.certified
        assert session.peer.sasl is not None


async def test_the_password_of_one_with_the_certificate_of_another(tmp_path: Path) -> None:
    async with sasl_rig(tls=tls(tmp_path), certificates=True) as r:
        client = await r.client(context=client_tls(tmp_path, AUTHORITY.issue("bob")))
        await handshake(client, "PLAIN")
        done = await authenticate(client, plain("alice", RIGHT))
        assert done.error_code == ErrorCode.SASL_AUTHENTICATION_FAILED
        await r.idle()
        assert recorder_of(r).authentications == [("PLAIN", "unknown_principal")]
        assert r.recorder.refused == ["authentication_failed"]


async def test_without_the_certificate_that_is_asked_for_there_is_no_sasl(tmp_path: Path) -> None:
    async with sasl_rig(tls=tls(tmp_path), certificates=True) as r:
        client = await r.client(context=client_tls(tmp_path, identity=None))
        await client.closed()
        await until(lambda: r.recorder.refused)
        assert r.recorder.refused == ["no_certificate"]


async def test_a_listener_that_asks_for_certificates_takes_nobody_without(tmp_path: Path) -> None:
    SERVER_IDENTITY.save(tmp_path, "server")
    files = TlsFiles(None, SERVER_IDENTITY.certificate_file, SERVER_IDENTITY.key_file)
    context = TlsContext("listener", files, server_context, Recorder())
    async with sasl_rig(tls=context, certificates=True) as r:
        client = await r.client(context=client_tls(tmp_path, identity=None))
        await client.closed()
        await until(lambda: r.recorder.refused)
        assert r.recorder.refused == ["no_certificate"]


async def test_a_session_ends_with_its_certificate(tmp_path: Path) -> None:
    async with sasl_rig(tls=tls(tmp_path), certificates=True) as r:
        client = await r.client(context=client_tls(tmp_path))
        await log_in(client)
        await client.ask(small(3))
        session = await r.session()
        assert session._ends is not None
        assert session._ends > r.worker.clock() + 29 * 86_400
        session._ends = r.worker.clock() - 1
        assert await client.closed() == b""
        await r.idle()
        assert r.recorder.closed == ["certificate_expired"]


async def test_who_leaves_without_a_word_after_a_bad_token_is_told_of_all_the_same() -> None:
    async with sasl_rig() as r:
        client = await r.client()
        await handshake(client, "OAUTHBEARER")
        answer = await authenticate(client, token_of("alice", aud="others"))
        assert answer.error_code == ErrorCode.NONE
        assert b"invalid_token" in answer.auth_bytes
        client.writer.close()
        await until(lambda: r.recorder.refused)
        assert recorder_of(r).authentications == [("OAUTHBEARER", "audience")]
        assert r.recorder.refused == ["gone"]
