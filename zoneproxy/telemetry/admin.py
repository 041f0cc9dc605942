"""The admin HTTP endpoint: ``/metrics``, ``/healthz`` and ``/readyz`` on a port of its own, in the proxy's loop.

These only read. What changes something is in ``admin_calls``.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import TYPE_CHECKING

import uvicorn
from prometheus_client.exposition import choose_encoder
from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prometheus_client import CollectorRegistry
    from starlette.requests import Request
    from uvicorn.protocols.http.h11_impl import RequestResponseCycle

    from zoneproxy.telemetry.health import Health

MAX_CONNECTIONS = 64  # a scraper, the kubelet and a few people; the rest is answered with 503
IDLE_SECONDS = 20  # from one request of a connection to the next; who asks less often connects again


def admin_application(registry: CollectorRegistry, health: Health, calls: Sequence[Route] = ()) -> Starlette:
    """The three paths, and ``calls``, as an ASGI application."""

    async def metrics(request: Request) -> Response:
        encode, content_type = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(registry), media_type=content_type)

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse("ok\n")  # to answer at all is the proof: the loop runs

    async def readyz(_request: Request) -> Response:
        return JSONResponse(health.body(), status_code=200 if health.ready else 503)

    reading = [Route("/metrics", metrics), Route("/healthz", healthz), Route("/readyz", readyz)]
    return Starlette(routes=[*reading, *calls])


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers (signals are the application's); says when it serves."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.serving = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self.serving.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _Protocol(H11Protocol):
    """uvicorn's HTTP, for peers that may be slow or silent on purpose: a request in each while, or the connection goes.

    uvicorn itself waits for ever for a first request, for the rest of one, and for who does not read the answer;
    ``MAX_CONNECTIONS`` such peers would make the proxy look dead to the kubelet.
    """

    _timer: asyncio.TimerHandle | None = None
    _before: RequestResponseCycle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._later()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def _later(self) -> None:
        self._before = self.cycle
        self._timer = self.loop.call_later(IDLE_SECONDS, self._check)

    def _check(self) -> None:
        if self.cycle is self._before:
            self.transport.abort()
        else:
            self._later()


class AdminServer:
    """Serves an ASGI application until it is stopped."""

    def __init__(self, application: Starlette) -> None:
        config = uvicorn.Config(
            application,
            log_config=None,
            access_log=False,
            lifespan="off",
            http=_Protocol,
            server_header=False,
            limit_concurrency=MAX_CONNECTIONS,
            timeout_keep_alive=IDLE_SECONDS,
            timeout_graceful_shutdown=2,
        )
        self._server = _Server(config)
        self._task: asyncio.Task[None] | None = None
        self.port = 0

    async def start(self, host: str, port: int) -> None:
        """Bind (port 0: any free one, see ``port``) and serve. Raises OSError if the address cannot be had."""
        sock = await bind(host, port)
        self.port = sock.getsockname()[1]
        loop = asyncio.get_running_loop()
        self._task = loop.create_task(self._server.serve(sockets=[sock]), name="admin")
        await self._server.serving.wait()  # stopped before that, it would leave the socket open

    async def stop(self) -> None:
        """Answer what was asked, then close."""
        self._server.should_exit = True
        if self._task is not None:
            await self._task


async def bind(host: str, port: int) -> socket.socket:
    """A bound TCP socket for the first address that ``host`` means."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, kind, protocol, _, address = found[0]
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
    except OSError as error:
        sock.close()
        raise OSError(error.errno, f"{error.strerror}: admin {host}:{port}") from error
    return sock
