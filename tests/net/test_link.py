from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.net.authority import Authority
from tests.net.harness import until
from zoneproxy.errors import ProtocolError
from zoneproxy.net.link import HIGH_WATER, JOIN, READ_BUFFER, Link
from zoneproxy.wire.framing import MAX_KEPT


class Owner:
    """Takes frames as they come; writes down what else happens."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.events: list[str] = []
        self.takes = True

    def link_readable(self, link: Link) -> None:
        while self.takes and (frame := link.reader.next_frame()) is not None:
            self.frames.append(bytes(frame))

    def link_writable(self, link: Link) -> None:
        self.events.append("writable")

    def link_ended(self, link: Link) -> None:
        self.events.append("ended")

    def link_broken(self, link: Link, error: ProtocolError) -> None:
        self.events.append(f"broken {error.reason}")
        link.close()

    def link_lost(self, link: Link, clean: bool) -> None:
        self.events.append("lost" if clean else "reset")


_opened: list[tuple[Link, socket.socket]] = []


@pytest.fixture(autouse=True)
async def leave_nothing_open() -> AsyncIterator[None]:
    yield
    while _opened:
        link, peer = _opened.pop()
        link.abort()
        await until(lambda link=link: link.lost)
        peer.close()
    await asyncio.sleep(0.001)


async def connected() -> tuple[Link, Owner, socket.socket]:
    """A link, and the socket of its peer."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    theirs.setblocking(False)
    owner = Owner()
    link = Link(owner, memoryview(bytearray(READ_BUFFER)), 1024 * 1024)
    await asyncio.get_running_loop().connect_accepted_socket(lambda: link, ours)
    _opened.append((link, theirs))
    return link, owner, theirs


def frame(size: int) -> bytes:
    return size.to_bytes(4, "big") + b"x" * size


async def receive(sock: socket.socket, size: int) -> bytes:
    loop, got = asyncio.get_running_loop(), b""
    while len(got) < size:
        piece = await loop.sock_recv(sock, size - len(got))
        assert piece
        got += piece
    return got


class Counting:
    """Counts the writes to a transport."""

    def __init__(self, link: Link) -> None:
        self.sizes: list[int] = []
        self._inner = link.transport
        link._transport = self  # type: ignore[assignment]

    def write(self, data: Any) -> None:
        self.sizes.append(len(data))
        self._inner.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


async def test_frames_come_in() -> None:
    link, owner, peer = await connected()
    await asyncio.get_running_loop().sock_sendall(peer, frame(3) + frame(200_000))
    await until(lambda: len(owner.frames) == 2)
    assert owner.frames == [frame(3), frame(200_000)]
    assert link.reader.held == 0


async def test_small_writes_go_out_together_and_large_ones_without_a_copy() -> None:
    link, _, peer = await connected()
    writes = Counting(link)
    for size in (1, 2, 3):
        link.send(b"a" * size)
    link.flush()
    link.flush()
    assert writes.sizes == [6]
    link.send(b"b")
    link.send(b"c" * JOIN)
    link.send(bytearray(2 * JOIN))
    link.send(b"d")
    link.flush()
    assert writes.sizes == [6, 1, JOIN, 2 * JOIN, 1]
    assert await receive(peer, sum(writes.sizes)) == b"aaaaaab" + b"c" * JOIN + bytes(2 * JOIN) + b"d"


async def test_a_peer_that_does_not_read_makes_it_unwritable() -> None:
    link, owner, peer = await connected()
    assert link.writable
    while link.writable:
        link.send(bytes(JOIN))
    assert HIGH_WATER <= link.unsent <= HIGH_WATER + JOIN
    loop = asyncio.get_running_loop()
    while not link.writable:
        await loop.sock_recv(peer, 1024 * 1024)
        await asyncio.sleep(0)
    assert owner.events == ["writable"]


async def test_nothing_comes_in_while_it_does_not_read() -> None:
    link, owner, peer = await connected()
    link.read(False)
    link.read(False)
    await asyncio.get_running_loop().sock_sendall(peer, frame(1))
    await asyncio.sleep(0.01)
    assert not owner.frames
    link.read(True)
    await until(lambda: owner.frames)
    link.abort()
    await until(lambda: link.lost)
    link.read(False)
    peer.close()


async def test_closing_sends_what_waits() -> None:
    link, owner, peer = await connected()
    link.send(b"last words")
    link.close()
    assert await receive(peer, 10) == b"last words"
    await until(lambda: owner.events == ["lost"])
    assert link.unsent == 0
    assert link.writable
    link.send(b"more")
    link.flush()
    link.close()
    link.abort()
    link.finish()


async def test_finishing_lets_the_peer_close() -> None:
    link, owner, peer = await connected()
    loop = asyncio.get_running_loop()
    link.send(b"last words")
    link.finish()
    assert await receive(peer, 10) == b"last words"
    assert await loop.sock_recv(peer, 1) == b""
    await loop.sock_sendall(peer, frame(5) * 1000)
    await asyncio.sleep(0.01)
    assert not link.lost
    peer.close()
    await until(lambda: link.lost)
    assert owner.events == ["lost"]
    assert not owner.frames


async def test_a_peer_that_ends_may_still_read() -> None:
    link, owner, peer = await connected()
    peer.shutdown(socket.SHUT_WR)
    await until(lambda: owner.events == ["ended"])
    link.read(False)
    link.read(True)
    link.send(b"answer")
    link.flush()
    assert await receive(peer, 6) == b"answer"
    link.finish()
    await until(lambda: owner.events == ["ended", "lost"])
    peer.close()


async def test_what_is_sent_after_the_loss_goes_nowhere() -> None:
    link, owner, peer = await connected()
    link.send(b"kept")
    link.abort()
    await until(lambda: link.lost)
    link.flush()
    assert owner.events[-1] in ("lost", "reset")
    peer.close()


async def test_too_much_that_nobody_takes_breaks_it() -> None:
    _link, owner, peer = await connected()
    owner.takes = False
    with pytest.raises(OSError):
        await asyncio.get_running_loop().sock_sendall(peer, frame(10_000) * (5 * MAX_KEPT // 10_004))
    assert owner.events == ["broken flood", "lost"]
    peer.close()


async def test_a_link_that_was_never_connected_can_be_dropped() -> None:
    link = Link(Owner(), memoryview(b""), 1)
    link.drop()
    link, _owner, peer = await connected()
    link.drop()
    await until(lambda: link.lost)
    peer.close()


async def test_tls_ends_both_ways_at_once(tmp_path: Any) -> None:
    authority = Authority()
    server, client = authority.server().save(tmp_path, "s"), authority.issue("c").save(tmp_path, "c")
    ca = authority.save(tmp_path)
    from zoneproxy.net.tls import TlsFiles, client_context, server_context

    owner = Owner()
    link = Link(owner, memoryview(bytearray(READ_BUFFER)), 1000)
    context = server_context(TlsFiles(ca, server.certificate_file, server.key_file))
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    loop = asyncio.get_running_loop()
    accepting = asyncio.ensure_future(loop.connect_accepted_socket(lambda: link, ours, ssl=context))
    reader, writer = await asyncio.open_connection(
        sock=theirs,
        ssl=client_context(TlsFiles(ca, client.certificate_file, client.key_file)),
        server_hostname="localhost",
    )
    await accepting
    writer.write(frame(9))
    await until(lambda: owner.frames)
    link.send(b"bye")
    link.finish()
    assert await reader.read() == b"bye"
    writer.close()
    await until(lambda: link.lost)
    assert owner.events == ["lost"]
