from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.net.harness import Recorder, until
from tests.net.peers import Broker, BrokerConnection
from tests.net.scripts import Configured, Sized
from zoneproxy.boundary.cluster import ClusterView
from zoneproxy.config.addresses import HostPort
from zoneproxy.net import control as control_module
from zoneproxy.net.control import Control
from zoneproxy.net.link import READ_BUFFER
from zoneproxy.net.tasks import Tasks
from zoneproxy.net.upstream import Dialler
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.metadata_request import MetadataRequest
from zoneproxy.wire.messages.metadata_response import MetadataResponse, MetadataResponseBroker

NO_IDS: frozenset[bytes] = frozenset()
NO_NAMES: frozenset[str] = frozenset()


class Setting:
    def __init__(self, broker: Broker, refresh: float, seconds: float) -> None:
        self.broker = broker
        self.cluster = ClusterView()
        self.recorder = Recorder()
        servers = [HostPort("127.0.0.1", broker.port)]
        shared = memoryview(bytearray(READ_BUFFER))
        dialler = Dialler("up", servers, self.cluster, None, self.recorder, shared, 5.0)
        self.control = Control(
            "up",
            self.cluster,
            dialler,
            self.recorder,
            time.time,
            seconds=seconds,
            refresh=refresh,
            chance=lambda: 0.0,
        )

    def exists(self, name: str) -> bool | None:
        return self.cluster.exists(name, time.time())


@asynccontextmanager
async def running(
    broker: Broker | None = None, refresh: float = 60.0, seconds: float = 5.0, up: bool = True
) -> AsyncIterator[Setting]:
    broker = broker or Broker()
    await broker.start()
    setting, tasks = Setting(broker, refresh, seconds), Tasks()
    tasks.start(setting.control.run(), "control")
    try:
        if up:
            await until(lambda: setting.control.up)
        yield setting
    finally:
        await tasks.stop()
        await broker.stop()


async def test_brokers_are_known_once_it_is_up() -> None:
    async with running() as s:
        assert s.cluster.node_ids() == [0]
        assert s.recorder.states == [(True, 1, "")]
        (asked,) = s.broker.asked
        assert asked.topics == []
        assert not asked.allow_auto_topic_creation


async def test_brokers_are_asked_for_again_and_again() -> None:
    async with running(refresh=0.01) as s:
        other = Broker(node_id=1)
        other.port = 1
        s.broker.brokers.append(other)
        await until(lambda: len(s.cluster.node_ids()) == 2)
        await until(lambda: s.recorder.states == [(True, 1, ""), (True, 2, "")])


async def test_topics_are_looked_up_by_id_and_by_name() -> None:
    async with running() as s:
        s.broker.topics = {"a": b"A" * 16, "b": b"B" * 16}
        now = time.time()
        await s.control.look_up(frozenset({b"A" * 16, b"X" * 16}), frozenset({"b", "x"}))
        assert s.cluster.name_of(b"A" * 16, now) == "a"
        assert s.cluster.name_of(b"X" * 16, now) is None
        assert s.cluster.asked(b"X" * 16, now)
        assert s.exists("b") is True
        assert s.exists("x") is False
        assert len(s.broker.asked) == 3


async def test_all_topics_are_asked_for_only_when_somebody_wants_to_know() -> None:
    async with running() as s:
        s.broker.topics = {"a": b"A" * 16, "b": b"B" * 16}
        await s.control.look_up(NO_IDS, frozenset({"a"}))
        assert s.cluster.every_topic(time.time()) is None
        await s.control.look_up(NO_IDS, NO_NAMES, every=True)
        every = s.cluster.every_topic(time.time())
        assert every is not None
        assert set(every) == {"a", "b"}
        assert s.broker.asked[-1].topics is None
        assert not s.broker.asked[-1].allow_auto_topic_creation


async def test_look_ups_at_the_same_time_are_asked_together() -> None:
    async with running() as s:
        await asyncio.gather(*(s.control.look_up(NO_IDS, frozenset({"a", f"t{n}"})) for n in range(50)))
        assert len(s.broker.asked) == 2
        assert s.exists("t49") is False


async def test_many_topics_are_asked_for_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control_module, "MAX_ASKED", 10)
    async with running() as s:
        await s.control.look_up(NO_IDS, frozenset(f"t{n}" for n in range(25)))
        assert [len(asked.topics or []) for asked in s.broker.asked[1:]] == [10, 10, 5]


async def test_a_broker_that_finds_no_topics_by_id_is_not_asked_to() -> None:
    broker = Broker()
    broker.versions[ApiKey.METADATA] = (0, 11)
    async with running(broker) as s:
        await s.control.look_up(frozenset({b"A" * 16}), frozenset({"b"}))
        assert len(s.broker.asked) == 2
        assert s.exists("b") is False


async def test_a_broker_whose_metadata_would_create_topics_is_not_used() -> None:
    broker = Broker()
    broker.versions[ApiKey.METADATA] = (0, 3)
    async with running(broker, up=False) as s:
        await until(lambda: s.recorder.states)
        assert s.recorder.states[0] == (False, 0, "metadata_version")


async def test_a_look_up_outlives_the_connection() -> None:
    async with running() as s:
        s.broker.topics = {"a": b"A" * 16}

        def break_off(_message: MetadataRequest) -> MetadataResponse | bytes:
            s.broker.metadata = None
            for connection in s.broker.connections:
                connection.writer.transport.abort()
            return b""

        s.broker.metadata = break_off
        await s.control.look_up(NO_IDS, frozenset({"a"}))
        assert s.exists("a") is True
        assert s.recorder.states[1:] == [(False, 1, "closed"), (True, 1, "")]


async def test_a_look_up_takes_no_longer_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control_module, "LOOK_UP_SECONDS", 0.02)
    async with running() as s:
        s.broker.metadata = lambda message: b""
        await s.control.look_up(NO_IDS, frozenset({"a"}))
        assert s.exists("a") is None


async def test_a_broker_that_does_not_answer_is_given_up() -> None:
    async with running(refresh=0.01, seconds=0.02) as s:
        s.broker.metadata = lambda message: b""
        await until(lambda: not s.control.up)
        assert s.recorder.states[1] == (False, 1, "timeout")
        s.broker.metadata = None
        await until(lambda: s.control.up)


async def test_it_notices_at_once_when_the_broker_goes_and_comes_back_with_it() -> None:
    async with running() as s:
        port = s.broker.port
        await s.broker.stop()
        await until(lambda: not s.control.up)
        await s.broker.start(port=port)
        await until(lambda: s.control.up)
        assert [state[:2] for state in s.recorder.states] == [(True, 1), (False, 1), (True, 1)]


def _brokers(*some: tuple[int, str, int]) -> Any:
    return [MetadataResponseBroker(node_id=node, host=host, port=port) for node, host, port in some]


@pytest.mark.parametrize(
    "brokers",
    [
        _brokers((1, "h", -1)),
        _brokers((1, "x" * 32_000, 9092)),
        _brokers((1, "", 9092)),
        _brokers((1, "h", 9092), (1, "g", 9092)),
        _brokers(*((n, "h", 9092) for n in range(10_001))),
    ],
    ids=["port -1", "host 32 KB", "no host", "node id clash", "10,001 brokers"],
)
async def test_metadata_that_cannot_be_believed_changes_nothing(brokers: Any) -> None:
    async with running(refresh=0.01, seconds=60.0) as s:  # a busy machine reads 10,000 brokers slowly
        before = s.cluster.node(0)
        s.broker.metadata = lambda message: MetadataResponse(brokers=brokers, topics=[])
        await until(lambda: not s.control.up)
        assert s.recorder.states[1] == (False, 1, "brokers")
        assert s.cluster.node_ids() == [0]
        node = s.cluster.node(0)
        assert node is not None
        assert before is not None
        assert (node.host, node.port) == (before.host, before.port)
        s.broker.metadata = None
        await until(lambda: s.control.up)


@pytest.mark.parametrize("value", ["true", "false"])
async def test_what_the_brokers_do_with_missing_topics_is_learned(value: str) -> None:
    broker = Broker(Configured(value))
    broker.versions[ApiKey.DESCRIBE_CONFIGS] = (1, 4)
    async with running(broker) as s:
        await until(lambda: s.cluster.auto_create_topics is (value == "true"))
        assert s.control.up


async def test_brokers_that_do_not_say_are_believed_to_create_topics(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control_module, "SETTINGS_SECONDS", 0.02)

    async def silent(_connection: BrokerConnection, _frame: bytes) -> None:
        pass

    broker = Broker(silent)
    broker.versions[ApiKey.DESCRIBE_CONFIGS] = (1, 4)
    async with running(broker) as s:
        await s.control.look_up(NO_IDS, frozenset({"x"}))
        assert s.exists("x") is False
        assert s.cluster.auto_create_topics


async def test_the_largest_batches_of_topics_are_learned() -> None:
    script = Sized()
    broker = Broker(script)
    broker.versions[ApiKey.DESCRIBE_CONFIGS] = (1, 4)
    async with running(broker) as s:
        await s.control.look_up(NO_IDS, NO_NAMES, sizes=frozenset({"a", "b"}))
        assert s.cluster.max_message_bytes("a", time.time()) == 1_000
        assert s.cluster.max_message_bytes("b", time.time()) is None


async def test_a_broker_that_does_not_speak_of_settings_does_not_hold_up_anybody() -> None:
    async with running() as s:
        await s.control.look_up(NO_IDS, NO_NAMES, sizes=frozenset({"a"}))
        assert s.cluster.max_message_bytes("a", time.time()) is None
