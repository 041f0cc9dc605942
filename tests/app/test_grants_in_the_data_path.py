"""Grants as clients meet them: on connections that stay open while the clock goes on."""

from __future__ import annotations

import asyncio
import io
import json
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from tests.hostile.whole import FullBroker, decoded
from tests.net.harness import until
from tests.net.peers import Client, request
from zoneproxy.app.load import load_all
from zoneproxy.app.service import Service
from zoneproxy.telemetry.log import make_logger
from zoneproxy.wire.messages.metadata_request import MetadataRequest, MetadataRequestTopic

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.app.conftest import Installation

POLICY = """\
zones:
  payments: {level: internal, owner: o, upstream: payments-kafka, encryption: {transport: plaintext}}
principals:
  - {name: alice, zone: payments, groups: [on-call]}
groups:
  on-call: {}
roles:
  reader: [{allow: [describe], topic: "*"}]
grants:
  - {group: on-call, role: reader, from: 2026-12-01T08:00:00Z, until: 2026-12-01T09:00:00Z, reason: r, approved_by: b}
  - principal: alice
    role: unrestricted
    from: 2026-12-01T10:00:00Z
    until: 2026-12-01T11:00:00Z
    reason: fire
    break_glass: true
"""
EIGHT = 1_796_112_000.0  # 2026-12-01T08:00:00Z
HOUR = 3600.0


class Rig:
    """A whole proxy whose clock is ours."""

    def __init__(self, installation: Installation) -> None:
        self.now = EIGHT - 1
        self._out = io.StringIO()
        logger = make_logger("info", "json", self._out)
        self.service = Service(load_all(installation.config), "1", logger, clock=lambda: self.now)
        self._asked = 0

    async def may(self, client: Client) -> bool:
        """Whether the client sees a topic now."""
        self._asked += 1
        names = [MetadataRequestTopic(name="t")]
        asked = request(self._asked, MetadataRequest(topics=names, allow_auto_topic_creation=False), 9)
        (topic,) = decoded(await client.ask(asked), asked).topics
        return bool(topic.error_code != 29)

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._out.getvalue().splitlines()]

    def value(self, name: str, **labels: str) -> float | None:
        return self.service.metrics.registry.get_sample_value(f"zoneproxy_{name}", labels)


@asynccontextmanager
async def running(installation: Installation) -> AsyncIterator[tuple[Rig, Client]]:
    broker = FullBroker()
    broker.topics = {"t": b"t" * 16}
    await broker.start()
    installation.edit(installation.config, "127.0.0.1:1", f"127.0.0.1:{broker.port}")
    installation.policy.write_text(POLICY)
    rig = Rig(installation)
    await rig.service.start()
    await until(lambda: rig.service.health.zones["payments"].up)
    client = await Client.connect(installation.ports[0])
    try:
        yield rig, client
    finally:
        await client.close()
        await rig.service.drain(0)
        await rig.service.close()
        await broker.stop()


async def test_a_grant_begins_and_ends_on_an_open_connection(installation: Installation) -> None:
    async with running(installation) as (rig, client):
        seen = []
        for moment in (EIGHT - 0.01, EIGHT, EIGHT + HOUR - 0.01, EIGHT + HOUR):
            rig.now = moment
            seen.append(await rig.may(client))
        assert seen == [False, True, True, False]


async def test_a_clock_that_is_put_back_brings_a_grant_back(installation: Installation) -> None:
    async with running(installation) as (rig, client):
        rig.now = EIGHT + HOUR
        assert not await rig.may(client)
        rig.now = EIGHT
        assert await rig.may(client)


async def test_a_grant_that_is_revoked_ends_on_an_open_connection(installation: Installation) -> None:
    async with running(installation) as (rig, client):
        rig.now = EIGHT
        assert await rig.may(client)
        first = POLICY[POLICY.index("  - {group") : POLICY.index("  - principal")]
        installation.edit(installation.policy, first, "")
        assert (await rig.service.reload("test")).loaded
        assert not await rig.may(client)


async def test_broken_glass_is_loud(installation: Installation) -> None:
    async with running(installation) as (rig, client):
        rig.now = EIGHT + 2 * HOUR
        for _ in range(20):
            assert await rig.may(client)
        used = [line for line in rig.events() if line["event"] == "break-glass grant in use"]
        assert 0 < len(used) < 20
        assert (used[0]["principal"], used[0]["reason"], used[0]["level"]) == ("alice", "fire", "warning")
        assert rig.value("break_glass_requests_total", zone="payments") == 20
        while not any(line["event"] == "break-glass grant in force" for line in rig.events()):
            await asyncio.sleep(0.02)
        assert rig.value("grants_in_force", kind="break_glass") == 1
        rig.now += HOUR
        assert not await rig.may(client)
        assert rig.value("break_glass_requests_total", zone="payments") == 20
