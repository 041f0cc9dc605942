from __future__ import annotations

import pytest

from tests.net.publishing.kit import TOPIC, Place, TopicBroker, place
from zoneproxy.errors import ProtocolError
from zoneproxy.net.publishing.rooms import NoTopic, create, leaders_of
from zoneproxy.net.upstream import UpstreamError
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.metadata_request import MetadataRequest
from zoneproxy.wire.messages.metadata_response import MetadataResponse, MetadataResponseBroker, MetadataResponseTopic


async def asked(p: Place) -> dict[int, int]:
    dialled = await p.dialler.dial(None)
    try:
        return dict(await leaders_of(TOPIC, dialled, p.cluster, 1.0))
    finally:
        dialled.link.drop()


async def test_partitions_with_a_leader_are_told_and_where_the_brokers_are() -> None:
    async with place() as p:
        p.broker.leaders = [0, -1, 4]
        assert await asked(p) == {0: 0, 2: 4}
        node = p.cluster.node(0)
        assert node is not None
        assert node.port == p.broker.port
        (question,) = p.broker.asked
        assert not question.allow_auto_topic_creation
        assert [topic.name for topic in question.topics or []] == [TOPIC]


@pytest.mark.parametrize(
    ("leaders", "error", "reason"),
    [(None, 0, "no_topic"), ([-1], 0, "no_leader"), ([], 0, "no_leader"), ([0], 29, "topic_authorization")],
)
async def test_why_there_is_nobody_to_write_to(leaders: list[int] | None, error: int, reason: str) -> None:
    async with place() as p:
        p.broker.leaders, p.broker.topic_error = leaders, error
        with pytest.raises(UpstreamError) as caught:
            await asked(p)
        assert caught.value.reason == reason
        assert isinstance(caught.value, NoTopic) is (reason == "no_topic")


async def test_an_answer_about_other_topics_is_none() -> None:
    async with place() as p:
        p.broker.metadata = lambda message: MetadataResponse(topics=[MetadataResponseTopic(name="other")])
        with pytest.raises(UpstreamError, match="metadata"):
            await asked(p)


async def test_brokers_that_cannot_be_believed_are_not() -> None:
    def lie(message: MetadataRequest) -> MetadataResponse:
        return MetadataResponse(brokers=[MetadataResponseBroker(node_id=1, host="h", port=-1)])

    async with place() as p:
        p.broker.metadata = lie
        with pytest.raises(ProtocolError):
            await asked(p)
        assert p.cluster.node(1) is None


async def test_a_broker_whose_metadata_would_create_the_topic_is_not_asked() -> None:
    broker = TopicBroker()
    broker.versions[ApiKey.METADATA] = (0, 3)
    async with place(broker) as p:
        with pytest.raises(UpstreamError, match="metadata_version"):
            await asked(p)
        assert not broker.asked


async def made(p: Place) -> None:
    dialled = await p.dialler.dial(None)
    try:
        await create(TOPIC, dialled)
    finally:
        dialled.link.drop()


@pytest.mark.parametrize("error", [0, 36])
async def test_a_topic_is_made_as_the_brokers_make_them_or_is_there(error: int) -> None:
    async with place() as p:
        p.broker.create_error = error
        await made(p)
        (request,) = p.broker.created
        (topic,) = request.topics
        assert (topic.name, topic.num_partitions, topic.replication_factor) == (TOPIC, -1, -1)


async def test_a_topic_that_cannot_be_made() -> None:
    async with place() as p:
        p.broker.create_error = 29
        with pytest.raises(UpstreamError, match="create_refused"):
            await made(p)
        p.broker.versions[ApiKey.CREATE_TOPICS] = (2, 3)
        with pytest.raises(UpstreamError, match="create_version"):
            await made(p)
