"""The admin HTTP endpoint: ``/metrics``, ``/healthz`` and ``/readyz`` on a port of its own, in the proxy's loop.

It only reads; nothing can be changed through it.
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

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client import CollectorRegistry
    from starlette.requests import Request

    from zoneproxy.telemetry.health import Health

MAX_CONNECTIONS = 64  # a scraper, the kubelet and a few people; the rest is answered with 503
IDLE_SECONDS = 15  # between requests of one connection


def admin_application(registry: CollectorRegistry, health: Health) -> Starlette:
    """The three paths as an ASGI application."""

    async def metrics(request: Request) -> Response:
        encode, content_type = choose_encoder(request.headers.get("accept", ""))
        return Response(encode(registry), media_type=content_type)

    async def healthz(_request: Request) -> Response:
        return PlainTextResponse("ok\n")  # to answer at all is the proof: the loop runs

    async def readyz(_request: Request) -> Response:
        return JSONResponse(health.body(), status_code=200 if health.ready else 503)

    return Starlette(routes=[Route("/metrics", metrics), Route("/healthz", healthz), Route("/readyz", readyz)])


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


class AdminServer:
    """Serves an ASGI application until it is stopped."""

    def __init__(self, application: Starlette) -> None:
        config = uvicorn.Config(
            application,
            log_config=None,
            access_log=False,
            lifespan="off",
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
