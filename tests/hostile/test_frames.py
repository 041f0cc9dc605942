"""Rows 1 to 8, 30 of the hostile inputs: what is not even a Kafka frame."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
from pathlib import Path

import pytest

from tests.hostile.whole import Memory, Whole, decoded, whole
from tests.net.harness import until
from tests.net.peers import Client, request
from zoneproxy.wire.messages.api_versions_request import ApiVersionsRequest
from zoneproxy.wire.messages.metadata_request import MetadataRequest, MetadataRequestTopic

METADATA = request(1, MetadataRequest(topics=[MetadataRequestTopic(name="ok.one")]), 12)
VERSIONS = request(2, ApiVersionsRequest(client_software_name="test", client_software_version="1"), 3)
CAP = 100 * 1024 * 1024


async def _refused(w: Whole, client: Client, *reasons: str) -> None:
    assert await client.closed() == b""
    await until(lambda: w.recorder.closed)
    assert w.recorder.closed == ["protocol_error"]
    ((side, reason),) = w.recorder.errors
    assert side == "client"
    assert reason in reasons
    assert not w.broker.forwarded


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        pytest.param(b"\xff\xff\xff\xff", "frame_length", id="1: -1"),
        pytest.param(b"\x80\0\0\0", "frame_length", id="1: the smallest"),
        pytest.param(b"\x7f\xff\xff\xff", "frame_too_large", id="2: the largest, then nothing"),
        pytest.param(b"\0\0\0\0", "frame_length", id="3: 0"),
        pytest.param((CAP + 1).to_bytes(4, "big"), "frame_too_large", id="4: cap and one"),
        pytest.param(b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03", "frame_too_large", id="7: TLS hello"),
        pytest.param(b"GET / HTTP/1.1\r\n\r\n", "frame_too_large", id="7: HTTP"),
        pytest.param(b"SSH-2.0-OpenSSH_9.9\r\n", "frame_too_large", id="7: SSH"),
        pytest.param(b"\r\n\r\n\0\r\nQUIT\n!\x11", "frame_too_large", id="46: PROXY v2"),
        pytest.param(b"PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\n", "frame_too_large", id="46: PROXY v1"),
    ],
)
async def test_a_length_that_is_none(tmp_path: Path, data: bytes, reason: str) -> None:
    async with whole(tmp_path) as w:
        client = await w.client()
        await client.send(data)
        await _refused(w, client, reason)


async def test_4_the_largest_frame_is_not_allocated_before_it_comes(tmp_path: Path) -> None:
    async with whole(tmp_path) as w:
        memory = Memory()
        clients = [await w.client() for _ in range(50)]
        for client in clients:
            await client.send(CAP.to_bytes(4, "big") + b"\0\3\0\x0c" + bytes(1000))
        await until(lambda: w.connections == 50)
        await w.healthy.goes_on()
        assert memory.look() < 64
        for client in clients:
            await client.close()


@pytest.mark.parametrize("tls", [False, True])
async def test_5_bytes_that_dribble(tmp_path: Path, tls: bool) -> None:
    async with whole(tmp_path, handshake=0.1) as w:
        client = await w.client(tls=tls)

        async def dribble() -> None:
            for byte in METADATA * 100:
                client.writer.write(bytes([0x16 if tls else byte]))
                await asyncio.sleep(0.02)

        dribbling = asyncio.ensure_future(dribble())
        await client.closed()
        dribbling.cancel()
        if tls:
            await until(lambda: w.recorder.refused)
            assert set(w.recorder.refused) <= {"slow", "tls", "not_tls"}
        else:
            await until(lambda: w.recorder.errors)
            assert w.recorder.errors == [("client", "slow")]


async def _crowd(folder: Path, number: int, most: int) -> None:
    async with whole(folder, max_connections=most, max_connections_per_host=most, handshake=0.5) as w:
        clients: list[Client] = []
        while len(clients) < number:  # in waves that the listener's backlog holds
            clients += await asyncio.gather(*(w.client(tls=True) for _ in range(200)))
            assert w.connections <= most
        await until(lambda: len(w.recorder.refused) >= number)
        assert set(w.recorder.refused) == {"too_many", "slow"}
        await w.healthy.goes_on()
        for client in clients:
            await client.close()
        late = await w.client()
        assert decoded(await late.ask(METADATA), METADATA).topics[0].name == "ok.one"
        await late.close()


async def test_6_many_who_say_nothing(tmp_path: Path) -> None:
    await _crowd(tmp_path, 200, 50)


@pytest.mark.long
async def test_6_thousands_who_say_nothing(tmp_path: Path) -> None:
    await _crowd(tmp_path, 4000, 1000)


@pytest.mark.parametrize(
    "data", [METADATA, b"GET / HTTP/1.1\r\n\r\n", b"SSH-2.0-OpenSSH_9.9\r\n"], ids=["Kafka", "HTTP", "SSH"]
)
async def test_7_no_tls_where_tls_is_spoken(tmp_path: Path, data: bytes) -> None:
    async with whole(tmp_path) as w:
        client = await w.client(tls=True)
        await client.send(data)
        await client.closed()
        await until(lambda: w.recorder.refused)
        assert w.recorder.refused == ["not_tls"]


async def test_8_pieces_make_no_difference(tmp_path: Path) -> None:
    async with whole(tmp_path) as w:
        client = await w.client()
        await client.send(VERSIONS + METADATA)
        expected = [await client.receive(), await client.receive()]
        stream = VERSIONS + METADATA
        for at in range(1, len(stream)):
            await client.send(stream[:at])
            await asyncio.sleep(0)
            await client.send(stream[at:])
            assert [await client.receive(), await client.receive()] == expected
        for byte in stream:
            await client.send(bytes([byte]))
            await asyncio.sleep(0)
        assert [await client.receive(), await client.receive()] == expected
        forwarded = w.broker.forwarded
        assert set(forwarded) == {forwarded[0]}
        await client.close()


# --- 30: TLS


def _context(w: Whole) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(w.folder / "ca.crt")
    context.load_cert_chain(w.identity.certificate_file, w.identity.key_file)
    return context


async def test_30_tls_1_2(tmp_path: Path) -> None:
    async with whole(tmp_path) as w:
        context = _context(w)
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        with pytest.raises((ssl.SSLError, ConnectionError)):
            await w.client(tls=True, context=context)
        await until(lambda: w.recorder.refused == ["tls_version"])


async def test_30_application_protocols_that_we_do_not_know(tmp_path: Path) -> None:
    async with whole(tmp_path) as w:
        context = _context(w)
        context.set_alpn_protocols(["h2", "x" * 200])
        client = await w.client(tls=True, context=context)
        assert decoded(await client.ask(METADATA), METADATA).topics[0].name == "ok.one"
        await client.close()


async def test_30_a_tls_connection_that_is_cut(tmp_path: Path) -> None:
    async with whole(tmp_path) as w:
        client = await w.client(tls=True, context=_context(w))
        await client.send(METADATA + METADATA[:-1])
        await client.receive()
        with socket.socket(fileno=os.dup(client.writer.get_extra_info("socket").fileno())) as sock:
            sock.shutdown(socket.SHUT_WR)  # a FIN without the close_notify that TLS wants
        await until(lambda: w.recorder.closed)
        assert len(w.broker.forwarded) == 1
        assert w.recorder.closed[0] in ("truncated", "client_reset")
        await client.close()
