from __future__ import annotations

import io
import json
import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from zoneproxy.app import service as service_module
from zoneproxy.app.load import load_all
from zoneproxy.app.service import Service
from zoneproxy.errors import InvalidConfiguration, Problem
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


async def test_a_good_policy_is_taken_over(installation: Installation) -> None:
    async with running(installation) as rig:
        before = rig.service.health.policy_digest
        installation.edit(installation.policy, "prefix: payments.", "prefix: paid.")
        await rig.service.reload()
        after = rig.service.health.policy_digest
        assert before != after
        assert rig.line("policy reloaded")["before"] == before
        assert rig.value("policy_reloads_total", result="loaded") == 1
        assert rig.value("policy_info", digest=after) == 1


async def test_a_bad_policy_changes_nothing_and_is_told_in_full(installation: Installation) -> None:
    async with running(installation) as rig:
        before = rig.service.health.policy_digest
        installation.edit(installation.policy, "level: restricted", "level: restrcted")
        await rig.service.reload()
        assert rig.service.health.policy_digest == before
        assert rig.value("policy_reloads_total", result="refused") == 1
        problem = rig.line("policy problem")
        assert (problem["file"], problem["line"]) == ("policy.yaml", 2)
        assert "restrcted" in problem["problem"]
        assert "did you mean `restricted`" in problem["hint"]
        refused = rig.line("policy refused, the one before stays in force")
        assert (refused["digest"], refused["problems"]) == (before, 1)


async def test_a_zone_that_moves_to_another_cluster_needs_a_restart(installation: Installation) -> None:
    plaintext = 'plaintext: {accept: "the way to this upstream is not encrypted"}'
    other = f'  other-kafka:\n    bootstrap: ["127.0.0.1:1"]\n    {plaintext}\nkeys:'
    installation.edit(installation.config, "keys:", other)
    async with running(installation) as rig:
        installation.edit(installation.policy, "upstream: payments-kafka", "upstream: other-kafka")
        await rig.service.reload()
        assert rig.value("policy_reloads_total", result="refused") == 1
        problem = rig.line("policy problem")
        assert problem["problem"] == "zone `payments` has moved from upstream `payments-kafka`"
        assert (problem["line"], problem["hint"]) == (2, "that needs a restart")


async def test_a_zone_that_moves_to_another_namespace_needs_a_restart(installation: Installation) -> None:
    async with running(installation) as rig:
        installation.edit(installation.policy, "upstream: payments-kafka", "upstream: payments-kafka, namespace: p.")
        await rig.service.reload()
        assert rig.line("policy problem")["problem"] == "zone `payments` has moved from namespace ``"


async def test_a_fault_of_ours_while_reloading_changes_nothing_either(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(installation) as rig:
        before = rig.service.health.policy_digest

        def broken(_: object) -> None:
            raise KeyError("4111" + "1111")

        monkeypatch.setattr(service_module, "load_policies", broken)
        await rig.service.reload()
        assert rig.service.health.policy_digest == before
        refused = rig.line("policy refused, the one before stays in force")
        assert refused["error"].startswith("KeyError at ")
        assert "4111" not in json.dumps(rig.lines)


async def test_a_flood_of_problems_is_cut(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(installation) as rig:

        def many(_: object) -> None:
            raise InvalidConfiguration([Problem("a.yaml", line, 1, "wrong") for line in range(1, 1000)])

        monkeypatch.setattr(service_module, "load_policies", many)
        await rig.service.reload()
        told = [line for line in rig.lines if line["event"] == "policy problem"]
        assert len(told) == service_module.MAX_PROBLEMS_LOGGED
        assert rig.line("policy refused, the one before stays in force")["problems"] == 999


async def test_while_it_drains_it_is_not_ready(installation: Installation) -> None:
    async with running(installation) as rig:
        await rig.service.drain(0)
        assert (await rig.client.get("/readyz")).json()["draining"]
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", installation.ports[0]))
