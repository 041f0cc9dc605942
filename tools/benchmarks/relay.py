"""A TCP relay that knows nothing of Kafka: what one Python process and the machine's kernel cost at the very least.

Run as a process of its own, so that its CPU time can be told from that of others. It forwards what arrives as it
arrives, with a read buffer of the proxy's size.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import TYPE_CHECKING, Self, cast

import uvloop

from tools.proxy_process import is_free

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

READ_BUFFER = 256 * 1024
HIGH_WATER = 1024 * 1024
START_SECONDS = 10.0


class RelayProcess:
    """Relays from ``port`` to ``upstream``, both on 127.0.0.1, until ``close``."""

    def __init__(self, port: int, upstream: int) -> None:
        command = [sys.executable, "-m", "tools.benchmarks.relay", str(port), str(upstream)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self._process.stdout
        self._process.stdout.readline()  # it says when it listens, or ends
        if is_free(port):
            raise RuntimeError("the relay did not start")

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Side(asyncio.BufferedProtocol):
    """One connection; what comes in goes out at ``other``."""

    def __init__(self, shared: memoryview, connected: Callable[[_Side], Awaitable[None]] | None = None) -> None:
        self._shared = shared
        self._connected = connected
        self._task: asyncio.Future[None] | None = None
        self._early: list[bytes] = []  # came before the other side stood
        self._other: _Side | None = None
        self.transport: asyncio.Transport | None = None

    def join(self, other: _Side) -> None:
        """Send to ``other`` from now on."""
        self._other = other
        for data in self._early:
            other.send(data)
        self._early.clear()

    def send(self, data: bytes | memoryview) -> None:
        """Write; what is not written at once is copied."""
        assert self.transport
        self.transport.write(data)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio."""
        self.transport = cast("asyncio.Transport", transport)
        self.transport.set_write_buffer_limits(high=HIGH_WATER)
        if self._connected:
            self._task = asyncio.ensure_future(self._connected(self))

    def get_buffer(self, sizehint: int) -> memoryview:
        """See asyncio."""
        return self._shared

    def buffer_updated(self, nbytes: int) -> None:
        """See asyncio."""
        data = bytes(self._shared[:nbytes])  # what the socket does not take at once outlives the shared buffer
        if self._other is None:
            self._early.append(data)
        else:
            self._other.send(data)

    def pause_writing(self) -> None:
        """See asyncio."""
        if self._other and self._other.transport:
            self._other.transport.pause_reading()

    def resume_writing(self) -> None:
        """See asyncio."""
        if self._other and self._other.transport:
            self._other.transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio."""
        if self._other and self._other.transport:
            self._other.transport.close()


async def _serve(port: int, upstream: int) -> None:
    loop = asyncio.get_running_loop()
    shared = memoryview(bytearray(READ_BUFFER))

    async def connected(client: _Side) -> None:
        _, broker = await loop.create_connection(lambda: _Side(shared), "127.0.0.1", upstream)
        broker.join(client)
        client.join(broker)

    server = await loop.create_server(lambda: _Side(shared, connected), "127.0.0.1", port)
    print("listening", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(int(sys.argv[1]), int(sys.argv[2])))
