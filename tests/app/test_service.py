from __future__ import annotations

import asyncio
import io
import json
import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from zoneproxy.app.load import load_all
from zoneproxy.app.service import Service
from zoneproxy.telemetry.log import make_logger

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.app.conftest import Installation


class Rig:
    """A service and what can be seen of it from outside."""

    def __init__(self, installation: Installation) -> None:
        self._out = io.StringIO()
        loaded = load_all(installation.config)
        self.service = Service(loaded, "1.2.3", make_logger("info", "json", self._out), clock=lambda: 1000.0)
        self.client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{installation.ports[2]}")

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._out.getvalue().splitlines()]

    def line(self, event: str) -> dict[str, Any]:
        return next(line for line in reversed(self.lines) if line["event"] == event)

    def value(self, name: str, **labels: str) -> float | None:
        return self.service.metrics.registry.get_sample_value(f"zoneproxy_{name}", labels)


@asynccontextmanager
async def running(installation: Installation) -> AsyncIterator[Rig]:
    rig = Rig(installation)
    await rig.service.start()
    async with rig.client:
        yield rig
    await rig.service.drain(0)
    await rig.service.close()


async def test_started_it_listens_and_says_so(installation: Installation) -> None:
    async with running(installation) as rig:
        for port in installation.ports:
            with pytest.raises(OSError, match="in use"):
                socket.create_server(("127.0.0.1", port))
        listening = rig.line("listening")
        assert (listening["listener"], listening["port"]) == ("payments", installation.ports[0])
        assert rig.value("policy_loaded_timestamp_seconds") == 1000.0
        digest = rig.line("policy in force")["digest"]
        assert rig.value("policy_info", digest=digest) == 1
        reply = await rig.client.get("/readyz")
        assert reply.status_code == 503  # nothing answers at the upstream
        assert reply.json()["listeners_bound"]
        assert reply.json()["policy"] == digest


async def test_a_zone_is_a_metric_before_anything_is_known_of_it(installation: Installation) -> None:
    async with running(installation) as rig:
        assert rig.value("upstream_up", zone="payments", upstream="payments-kafka") == 0
        assert rig.value("in_flight_requests", zone="payments") == 0


async def test_a_taken_port_leaves_nothing_behind(installation: Installation) -> None:
    with socket.create_server(("127.0.0.1", installation.ports[1])):
        rig = Rig(installation)
        with pytest.raises(OSError, match="in use"):
            await rig.service.start()
        await rig.client.aclose()
    for port in installation.ports:
        socket.create_server(("127.0.0.1", port)).close()


async def test_policies_are_read_again_when_told(installation: Installation) -> None:
    async with running(installation) as rig:
        before = rig.service.health.policy_digest
        installation.edit(installation.policy, "prefix: payments.", "prefix: paid.")
        done = await rig.service.reload("test")
        assert done.loaded
        assert before != rig.service.health.policy_digest == done.digest


async def test_policies_are_read_again_when_their_files_change(installation: Installation) -> None:
    installation.edit(installation.config, "admin:", "policies_poll_seconds: 1\nadmin:")
    async with running(installation) as rig:
        before = rig.service.health.policy_digest
        installation.edit(installation.policy, "prefix: payments.", "prefix: paid.")
        while rig.service.health.policy_digest == before:
            await asyncio.sleep(0.02)
        assert rig.line("policy reloaded")["cause"] == "files"


async def test_an_admin_call_reads_them_again_and_says_what_came_of_it(installation: Installation) -> None:
    token = "0123456789abcdef" * 2
    (installation.folder / "token").write_text(token)
    installation.edit(installation.config, "admin: {", "admin: {token_file: token, ")
    headers = {"authorization": f"Bearer {token}"}
    async with running(installation) as rig:
        assert (await rig.client.post("/reload")).status_code == 401
        good = await rig.client.post("/reload", headers=headers)
        assert (good.status_code, good.json()["digest"]) == (200, rig.service.health.policy_digest)
        installation.edit(installation.policy, "level: restricted", "level: restrcted")
        bad = await rig.client.post("/reload", headers=headers)
        assert bad.status_code == 422
        assert "did you mean `restricted`" in bad.json()["problems"][0]
        (installation.folder / "token").write_text("too short")
        assert (await rig.client.post("/reload", headers=headers)).status_code == 403


async def test_without_a_token_file_nothing_can_be_changed(installation: Installation) -> None:
    async with running(installation) as rig:
        assert (await rig.client.post("/reload")).status_code == 403


async def test_while_it_drains_it_is_not_ready(installation: Installation) -> None:
    async with running(installation) as rig:
        await rig.service.drain(0)
        assert (await rig.client.get("/readyz")).json()["draining"]
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", installation.ports[0]))
