from __future__ import annotations

import asyncio
import os
import ssl
from pathlib import Path

import pytest

from tests.net.authority import SERVER, Authority, Identity
from zoneproxy.errors import InvalidConfiguration
from zoneproxy.net.observer import NullObserver
from zoneproxy.net.tls import TlsContext, TlsFiles, client_context, server_context, watch

AUTHORITY = Authority()
SERVER_IDENTITY = AUTHORITY.server("localhost")
CLIENT_IDENTITY = AUTHORITY.issue("client")


class Recorder(NullObserver):
    def __init__(self) -> None:
        self.loaded: list[tuple[str, float]] = []
        self.refused: list[tuple[str, str]] = []

    def certificate_loaded(self, owner: str, expires: float) -> None:
        self.loaded.append((owner, expires))

    def certificate_refused(self, owner: str, reason: str) -> None:
        self.refused.append((owner, reason))


def files(folder: Path, identity: Identity = SERVER_IDENTITY, **more: str) -> TlsFiles:
    identity.save(folder, "own")
    return TlsFiles(AUTHORITY.save(folder), str(folder / "own.crt"), str(folder / "own.key"), **more)  # type: ignore[arg-type]


def handshake(server: ssl.SSLContext, client: ssl.SSLContext, host: str = "localhost") -> ssl.SSLObject:
    """Shake hands in memory, send a byte each way; the server's side."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    sides = [
        server.wrap_bio(to_server, to_client, server_side=True),
        client.wrap_bio(to_client, to_server, server_hostname=host),
    ]
    done = [False, False]
    while not all(done):
        for at in (1, 0):
            try:
                sides[at].do_handshake()
                done[at] = True
            except ssl.SSLWantReadError:
                pass
    sides[0].write(b"x")
    sides[1].read(1)
    return sides[0]


def test_mutual_tls(tmp_path: Path) -> None:
    server = server_context(files(tmp_path))
    (tmp_path / "c").mkdir()
    client = client_context(files(tmp_path / "c", CLIENT_IDENTITY))
    session = handshake(server, client)
    assert session.version() == "TLSv1.3"
    assert session.getpeercert(binary_form=True) == CLIENT_IDENTITY.der


def test_no_ticket_carries_a_client_past_the_check(tmp_path: Path) -> None:
    server = server_context(files(tmp_path))
    assert server.num_tickets == 0
    assert server.options & ssl.OP_NO_TICKET


@pytest.mark.parametrize(
    "identity",
    [
        pytest.param(None, id="none"),
        pytest.param(Authority("another").issue("client"), id="other CA"),
        pytest.param(AUTHORITY.issue("client", days=-1), id="expired"),
        pytest.param(AUTHORITY.issue("client", usage=[SERVER]), id="not for clients"),
    ],
)
def test_a_client_certificate_that_is_not_good_is_refused(tmp_path: Path, identity: Identity | None) -> None:
    server = server_context(files(tmp_path))
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.load_verify_locations(tmp_path / "ca.crt")
    if identity:
        identity.save(tmp_path, "client")
        client.load_cert_chain(identity.certificate_file, identity.key_file)
    with pytest.raises(ssl.SSLError):
        handshake(server, client)


def test_the_minimum_version_holds(tmp_path: Path) -> None:
    client = client_context(files(tmp_path, CLIENT_IDENTITY, min_version="1.2"))
    client.maximum_version = ssl.TLSVersion.TLSv1_2
    assert handshake(server_context(files(tmp_path, min_version="1.2")), client).version() == "TLSv1.2"
    with pytest.raises(ssl.SSLError):
        handshake(server_context(files(tmp_path)), client)


@pytest.mark.parametrize(
    ("identity", "host"),
    [
        pytest.param(SERVER_IDENTITY, "elsewhere", id="host name"),
        pytest.param(Authority("another").server("localhost"), "localhost", id="other CA"),
        pytest.param(AUTHORITY.server("localhost", days=-1), "localhost", id="expired"),
    ],
)
def test_an_upstream_that_is_not_who_it_should_be_is_refused(tmp_path: Path, identity: Identity, host: str) -> None:
    (tmp_path / "c").mkdir()
    client = client_context(files(tmp_path / "c", CLIENT_IDENTITY))
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(server_context(files(tmp_path, identity)), client, host)


def test_an_upstream_without_a_certificate_of_ours(tmp_path: Path) -> None:
    assert client_context(TlsFiles(AUTHORITY.save(tmp_path))).verify_mode == ssl.CERT_REQUIRED


def test_what_cannot_be_used_at_start_is_named(tmp_path: Path) -> None:
    names = files(tmp_path)
    for spoil, file, word in (
        (lambda: Path(names.key or "").unlink(), names.key, "missing"),
        (lambda: Path(names.key or "").write_bytes(CLIENT_IDENTITY.key), names.certificate, "key_does_not_fit"),
        (lambda: Path(names.key or "").write_bytes(b"rubbish"), names.certificate, "unusable"),
        (lambda: Path(names.ca).write_bytes(b""), names.certificate, "unusable"),
        (lambda: Path(names.ca).write_bytes(SERVER_IDENTITY.certificate), names.certificate, "unusable"),
        (lambda: Path(names.ca).unlink(), names.ca, "missing"),
    ):
        spoil()
        with pytest.raises(InvalidConfiguration) as caught:
            TlsContext("listener x", names, server_context, NullObserver())
        (problem,) = caught.value.problems
        assert problem.file == file
        assert word in problem.message


def test_a_directory_in_place_of_a_file(tmp_path: Path) -> None:
    names = files(tmp_path)
    with pytest.raises(InvalidConfiguration) as caught:
        TlsContext("x", TlsFiles(str(tmp_path), names.certificate, names.key), server_context, NullObserver())
    assert "unreadable" in str(caught.value)


def test_an_encrypted_key_is_refused_without_asking_anybody(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives import serialization

    names = files(tmp_path)
    key = serialization.load_pem_private_key(SERVER_IDENTITY.key, None)
    Path(names.key or "").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"secret"),
        )
    )
    with pytest.raises(InvalidConfiguration):
        TlsContext("x", names, server_context, NullObserver())


def test_changed_files_are_loaded_and_broken_ones_kept_out(tmp_path: Path) -> None:
    recorder = Recorder()
    holder = TlsContext("x", files(tmp_path), server_context, recorder)
    first = holder.context
    holder.refresh()
    assert holder.context is first

    other = AUTHORITY.server("localhost", days=5)
    (tmp_path / "own.crt").write_bytes(other.certificate)  # the key is still the old one
    holder.refresh()
    holder.refresh()
    assert holder.context is first
    assert recorder.refused == [("x", "key_does_not_fit")]

    (tmp_path / "own.key").write_bytes(other.key)
    holder.refresh()
    assert holder.context is not first
    assert [owner for owner, _ in recorder.loaded] == ["x", "x"]
    assert recorder.loaded[1][1] < recorder.loaded[0][1]

    second = holder.context
    (tmp_path / "own.crt").unlink()
    holder.refresh()
    assert holder.context is second
    assert recorder.refused[1:] == [("x", "missing")]


def test_a_file_renamed_into_place_is_seen(tmp_path: Path) -> None:
    holder = TlsContext("x", files(tmp_path), server_context, NullObserver())
    first, stat = holder.context, (tmp_path / "own.crt").stat()
    (tmp_path / "new.crt").write_bytes(SERVER_IDENTITY.certificate)
    os.utime(tmp_path / "new.crt", ns=(stat.st_atime_ns, stat.st_mtime_ns))
    (tmp_path / "new.crt").rename(tmp_path / "own.crt")
    holder.refresh()
    assert holder.context is not first


def test_a_certificate_file_that_only_openssl_can_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder()
    holder = TlsContext("x", files(tmp_path), server_context, recorder)
    (tmp_path / "own.crt").write_bytes(b"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n")
    monkeypatch.setattr(holder, "_build", lambda _files: holder.context)
    holder.refresh()
    assert recorder.refused == [("x", "unusable")]


def test_an_upstream_context_without_a_certificate_has_no_expiry(tmp_path: Path) -> None:
    recorder = Recorder()
    TlsContext("x", TlsFiles(AUTHORITY.save(tmp_path)), client_context, recorder)
    assert recorder.loaded == []


async def test_the_watch_refreshes_until_cancelled(tmp_path: Path) -> None:
    holder = TlsContext("x", files(tmp_path), server_context, NullObserver())
    first = holder.context
    async with asyncio.timeout(10):
        watching = asyncio.ensure_future(watch([holder], 0.005))
        AUTHORITY.server("localhost").save(tmp_path, "own")
        while holder.context is first:
            await asyncio.sleep(0.001)
        watching.cancel()
        with pytest.raises(asyncio.CancelledError):
            await watching


def _lets_in(folder: Path, crl: str, identity: Identity) -> bool:
    server = server_context(files(folder, crl=crl))
    (folder / "c").mkdir(exist_ok=True)
    try:
        handshake(server, client_context(files(folder / "c", identity)))
    except ssl.SSLCertVerificationError:
        return False
    return True


def test_revoked_certificates_are_refused(tmp_path: Path) -> None:
    other = AUTHORITY.issue("other")
    crl = AUTHORITY.revoke(tmp_path, other)
    assert _lets_in(tmp_path, crl, CLIENT_IDENTITY)
    assert not _lets_in(tmp_path, crl, other)


def test_a_list_that_is_too_old_lets_nobody_in(tmp_path: Path) -> None:
    assert not _lets_in(tmp_path, AUTHORITY.revoke(tmp_path, days=-1), CLIENT_IDENTITY)


def test_a_file_without_a_list_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(ssl.SSLError, match="no revocation list"):
        server_context(files(tmp_path, crl=AUTHORITY.save(tmp_path, "not-a-crl")))


def test_a_new_list_is_in_use_without_a_restart(tmp_path: Path) -> None:
    crl = AUTHORITY.revoke(tmp_path)
    context = TlsContext("listener x", files(tmp_path, crl=crl), server_context, Recorder())
    before = context.context
    AUTHORITY.revoke(tmp_path, CLIENT_IDENTITY)
    context.refresh()
    assert context.context is not before
