"""What brokers say of themselves, or do not."""

from __future__ import annotations

import pytest

from tests.net.harness import Recorder
from tests.net.peers import Broker
from tests.net.scripts import Configured
from zoneproxy.boundary.cluster import ClusterView
from zoneproxy.config.addresses import HostPort
from zoneproxy.net.asking import UpstreamError
from zoneproxy.net.broker_settings import AUTO_CREATE, auto_creates_topics, message_sizes
from zoneproxy.net.link import READ_BUFFER
from zoneproxy.net.upstream import Dialler
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.metadata_request import MetadataRequest


async def _said(script: Configured, versions: tuple[int, int] | None = (1, 4)) -> bool | None:
    broker = Broker(script)
    if versions is not None:
        broker.versions[ApiKey.DESCRIBE_CONFIGS] = versions
    await broker.start()
    try:
        servers = [HostPort("127.0.0.1", broker.port)]
        cluster = ClusterView()
        dialler = Dialler("up", servers, cluster, None, Recorder(), memoryview(bytearray(READ_BUFFER)), 5.0)
        dialled = await dialler.dial(None)
        dialled.link.drop()
        cluster.learn_metadata(broker._metadata(MetadataRequest(topics=[])), 0.0)
        return await auto_creates_topics(dialler, 0, dialled.versions)
    finally:
        await broker.stop()


@pytest.mark.parametrize(("value", "creates"), [("true", True), ("false", False), ("maybe", None), (None, None)])
@pytest.mark.parametrize("versions", [(1, 1), (0, 4), (1, 9)])
async def test_the_broker_is_asked_for_its_own(
    value: str | None, creates: bool | None, versions: tuple[int, int]
) -> None:
    script = Configured(value)
    assert await _said(script, versions) is creates
    ((resource,),) = [asked.resources for asked in script.asked]
    assert (resource.resource_type, resource.resource_name) == (4, "0")
    assert resource.configuration_keys == [AUTO_CREATE]


@pytest.mark.parametrize("versions", [None, (0, 0), (5, 6)])
async def test_a_broker_that_cannot_say_is_not_asked(versions: tuple[int, int] | None) -> None:
    script = Configured("false")
    assert await _said(script, versions) is None
    assert script.asked == []


async def test_a_broker_that_is_not_known_cannot_be_asked() -> None:
    cluster = ClusterView()
    dialler = Dialler("up", [], cluster, None, Recorder(), memoryview(bytearray(READ_BUFFER)), 5.0)
    broker = Broker(Configured("true"))
    broker.versions[ApiKey.DESCRIBE_CONFIGS] = (1, 4)
    await broker.start()
    try:
        servers = [HostPort("127.0.0.1", broker.port)]
        any_ = Dialler("up", servers, cluster, None, Recorder(), memoryview(bytearray(READ_BUFFER)), 5.0)
        dialled = await any_.dial(None)
        dialled.link.drop()
        with pytest.raises(UpstreamError, match="node_unknown"):
            await auto_creates_topics(dialler, 7, dialled.versions)
    finally:
        await broker.stop()


@pytest.mark.parametrize("versions", [None, (0, 0), (1, 4)])
async def test_any_broker_is_asked_for_the_largest_batches_of_topics(versions: tuple[int, int] | None) -> None:
    script = Configured("true")
    broker = Broker(script)
    if versions is not None:
        broker.versions[ApiKey.DESCRIBE_CONFIGS] = versions
    await broker.start()
    try:
        shared = memoryview(bytearray(READ_BUFFER))
        dialler = Dialler("up", [HostPort("127.0.0.1", broker.port)], ClusterView(), None, Recorder(), shared, 5.0)
        dialled = await dialler.dial(None)
        answer = await message_sizes(dialled, ["a", "b"])
        dialled.link.drop()
    finally:
        await broker.stop()
    if versions != (1, 4):
        assert (answer, script.asked) == (None, [])
        return
    assert answer is not None
    ((a, b),) = [asked.resources for asked in script.asked]
    assert [(each.resource_type, each.resource_name) for each in (a, b)] == [(2, "a"), (2, "b")]
    assert a.configuration_keys == ["max.message.bytes"]
