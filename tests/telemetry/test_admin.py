from __future__ import annotations

import asyncio
import contextlib
import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import httpx
import pytest

from zoneproxy.telemetry import admin
from zoneproxy.telemetry.admin import AdminServer, admin_application
from zoneproxy.telemetry.health import Health, ZoneHealth
from zoneproxy.telemetry.metrics import Metrics

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@asynccontextmanager
async def serving(health: Health, metrics: Metrics) -> AsyncIterator[httpx.AsyncClient]:
    server = AdminServer(admin_application(metrics.registry, health))
    await server.start("127.0.0.1", 0)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}") as client:
        yield client
    await server.stop()


async def test_the_three_paths_answer() -> None:
    health = Health(zones={"payments": ZoneHealth("payments-kafka")})
    async with serving(health, Metrics("1.2.3")) as client:
        assert (await client.get("/healthz")).text == "ok\n"
        page = await client.get("/metrics")
        assert 'zoneproxy_build_info{python="' in page.text
        assert page.headers["content-type"].startswith("text/plain; version=")
        assert (await client.get("/nothing")).status_code == 404
        assert (await client.post("/readyz")).status_code == 405


async def test_openmetrics_is_given_to_who_asks() -> None:
    async with serving(Health(), Metrics("1")) as client:
        page = await client.get("/metrics", headers={"accept": "application/openmetrics-text; version=1.0.0"})
        assert page.text.endswith("# EOF\n")


async def test_ready_is_200_and_anything_less_503() -> None:
    health = Health(zones={"payments": ZoneHealth("payments-kafka")})
    async with serving(health, Metrics("1")) as client:
        reply = await client.get("/readyz")
        assert reply.status_code == 503
        assert reply.json()["zones"]["payments"]["state"] == "down"
        health.policy_digest, health.listeners_bound = "ab", True
        health.upstream_state("payments-kafka", up=True, brokers=1)
        assert (await client.get("/readyz")).status_code == 200


@pytest.mark.parametrize("sent", [b"", b"GET /healthz HTTP/1.1\r\n", b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"])
async def test_who_says_nothing_more_is_not_waited_for(sent: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admin, "IDLE_SECONDS", 0.05)
    async with serving(Health(), Metrics("1")) as client:
        reader, writer = await asyncio.open_connection(client.base_url.host, client.base_url.port)
        writer.write(sent)
        with contextlib.suppress(ConnectionResetError):
            assert (await reader.read()).endswith(b"ok\n" if sent.endswith(b"\n\r\n") else b"")
        writer.close()
        assert (await client.get("/healthz")).status_code == 200


async def test_an_address_in_use_is_an_error_to_the_caller() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        server = AdminServer(admin_application(Metrics("1").registry, Health()))
        with pytest.raises(OSError, match="in use"):
            await server.start("127.0.0.1", taken.getsockname()[1])
        await server.stop()
