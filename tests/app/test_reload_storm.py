"""A hundred policy changes under load: no request is lost, and none is decided half by one policy, half by the next."""

from __future__ import annotations

import asyncio
import io
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.hostile.whole import FullBroker, decoded
from tests.net.harness import until
from tests.net.peers import Client, correlation_of, request
from zoneproxy.app.load import load_all
from zoneproxy.app.service import Service
from zoneproxy.telemetry.log import make_logger
from zoneproxy.wire.messages.metadata_request import MetadataRequest, MetadataRequestTopic

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.app.conftest import Installation

CHANGES = 100
CLIENTS = 4
IN_FLIGHT = 8
TOPICS = tuple(f"{kind}.{number}" for number in range(6) for kind in ("odd", "even"))
DENIED = 29

POLICY = """\
zones:
  payments: {{level: internal, owner: o, upstream: payments-kafka, encryption: {{transport: plaintext}}}}
principals:
  - {{name: alice, zone: payments, roles: [reader]}}
roles:
  reader:
    - {{allow: [describe], topic: {{prefix: "{0}."}}}}   # change {1}
"""


def policy(number: int) -> str:
    """Of those numbered odd one may see the odd topics, of the others the even ones."""
    return POLICY.format("odd" if number % 2 else "even", number)


def ask(number: int) -> bytes:
    names = [MetadataRequestTopic(name=name) for name in TOPICS]
    return request(number, MetadataRequest(topics=names, allow_auto_topic_creation=False), 9)


def seen(frame: bytes, asked: bytes) -> set[str]:
    """The kinds of topics that a reply shows."""
    topics = decoded(frame, asked).topics
    assert len(topics) == len(TOPICS)
    kinds = {topic.name.partition(".")[0] for topic in topics if topic.error_code != DENIED}
    shown = {topic.name for topic in topics if topic.error_code != DENIED}
    assert shown == {name for name in TOPICS if name.partition(".")[0] in kinds}
    return kinds


class Load:
    """One client that always has some requests in flight."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._over = False
        self.answers = 0
        self.kinds: set[str] = set()
        self._task = asyncio.ensure_future(self._run())

    async def _run(self) -> None:
        sent = 0
        while sent < IN_FLIGHT or self.answers < sent:
            while not self._over and sent - self.answers < IN_FLIGHT:
                sent += 1
                await self._client.send(ask(sent))
            reply = await self._client.receive()
            self.answers += 1
            assert correlation_of(reply) == self.answers, "an answer is lost, or out of order"
            (kind,) = seen(reply, ask(self.answers))
            self.kinds.add(kind)

    async def finish(self) -> None:
        """Send no more, and wait for what is owed."""
        self._over = True
        await self._task


@asynccontextmanager
async def running(installation: Installation, broker: FullBroker) -> AsyncIterator[Service]:
    installation.edit(installation.config, "127.0.0.1:1", f"127.0.0.1:{broker.port}")
    installation.edit(installation.config, "admin:", "policies_poll_seconds: 0\nadmin:")
    installation.policy.write_text(policy(0))
    service = Service(load_all(installation.config), "1", make_logger("error", "json", io.StringIO()))
    await service.start()
    yield service
    await service.drain(0)
    await service.close()


@pytest.fixture
async def broker() -> AsyncIterator[FullBroker]:
    made = FullBroker()
    made.topics = {name: name.encode().ljust(16, b"#") for name in TOPICS}
    await made.start()
    yield made
    await made.stop()


async def change(service: Service, file: Path, number: int, probe: Client) -> None:
    """Change the policy; the very next request is decided by the new one."""
    file.write_text(policy(number))
    done: Any = await service.reload("storm")
    assert done.loaded
    assert seen(await probe.ask(ask(number)), ask(number)) == {"odd" if number % 2 else "even"}


async def test_a_storm_of_changes_loses_nothing_and_mixes_nothing(
    installation: Installation, broker: FullBroker
) -> None:
    async with running(installation, broker) as service:
        await until(lambda: service.health.zones["payments"].up)
        probe, *clients = [await Client.connect(installation.ports[0]) for _ in range(CLIENTS + 1)]
        loads = [Load(client) for client in clients]
        for number in range(1, CHANGES + 1):
            await change(service, installation.policy, number, probe)
        for load in loads:
            await load.finish()
            assert load.answers > 2 * IN_FLIGHT
            assert load.kinds == {"odd", "even"}
        value = service.metrics.registry.get_sample_value
        assert value("zoneproxy_policy_reloads_total", {"result": "loaded"}) == CHANGES
        assert value("zoneproxy_policy_reloads_total", {"result": "refused"}) == 0
        for client in (probe, *clients):
            await client.close()
