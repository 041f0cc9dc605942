from __future__ import annotations

import asyncio
import socket

import pytest

from tests.net.harness import until
from tests.net.peers import read_frame, reply
from zoneproxy.errors import ProtocolError
from zoneproxy.net.asking import Asker, UpstreamError
from zoneproxy.net.link import READ_BUFFER, Link
from zoneproxy.wire.codec import read_request_header
from zoneproxy.wire.messages.api_versions_request import ApiVersionsRequest

QUESTION = ApiVersionsRequest(client_software_name="n", client_software_version="1")


class Pair:
    """An asker and its broker's end."""

    def __init__(self, asker: Asker, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asker, self.reader, self.writer = asker, reader, writer

    @property
    def link(self) -> Link:
        assert self.asker.link is not None
        return self.asker.link

    def ask(self) -> asyncio.Task[bytes | bytearray]:
        return asyncio.ensure_future(self.asker.ask(QUESTION, 4))

    async def close(self) -> None:
        self.link.abort()
        self.writer.transport.abort()
        await until(lambda: self.link.lost)
        await asyncio.sleep(0.001)  # for the transports to be gone, too


async def pair() -> Pair:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    asker = Asker()
    asker.link = Link(asker, memoryview(bytearray(READ_BUFFER)), 1000)
    loop = asyncio.get_running_loop()
    await loop.connect_accepted_socket(lambda: asker.link, ours)  # type: ignore[arg-type,return-value]
    return Pair(asker, *await asyncio.open_connection(sock=theirs))


async def test_each_question_gets_its_answer() -> None:
    p = await pair()
    for correlation_id in range(3):
        asking = p.ask()
        header = read_request_header(await read_frame(p.reader))
        assert (header.correlation_id, header.client_id) == (correlation_id, "zoneproxy")
        answer = reply(correlation_id, b"a" * correlation_id)
        p.writer.write(answer[:5])
        await asyncio.sleep(0.001)
        p.writer.write(answer[5:])
        assert await asking == answer
    p.asker.link_writable(p.link)
    await p.close()


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (reply(7), "correlation_id"),
        (b"\0\0\0\3\0\0\0", "correlation_id"),
        (b"\x7f\xff\xff\xff", "frame_too_large"),
    ],
)
async def test_what_is_no_answer_breaks_it(answer: bytes, reason: str) -> None:
    p = await pair()
    lost = []
    p.asker.lost = lambda: lost.append(1)
    asking = p.ask()
    await read_frame(p.reader)
    p.writer.write(answer)
    with pytest.raises(ProtocolError, match=reason):
        await asking
    await until(lambda: p.link.lost)
    assert lost
    await p.close()


async def test_an_answer_to_no_question_breaks_it() -> None:
    p = await pair()
    asking = p.ask()
    await read_frame(p.reader)
    p.writer.write(reply(0))
    await asking
    p.writer.write(reply(0))
    await until(lambda: p.link.lost)
    with pytest.raises(UpstreamError, match="closed"):
        await p.asker.ask(QUESTION, 4)
    await p.close()


@pytest.mark.parametrize("how", ["close", "abort", "eof"])
async def test_a_broker_that_goes_without_an_answer(how: str) -> None:
    p = await pair()
    asking = p.ask()
    await read_frame(p.reader)
    {"close": p.writer.close, "abort": p.writer.transport.abort, "eof": p.writer.write_eof}[how]()
    with pytest.raises(UpstreamError, match="closed"):
        await asking
    await p.close()


async def test_a_flood_breaks_it() -> None:
    p = await pair()
    asking = p.ask()
    await asyncio.sleep(0)
    p.asker.link_broken(p.link, ProtocolError("flood"))
    with pytest.raises(ProtocolError, match="flood"):
        await asking
    await p.close()


async def test_who_asks_may_give_up() -> None:
    p = await pair()
    asking = p.ask()
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    p.writer.write(reply(0))
    await until(lambda: p.link.lost)
    await p.close()
