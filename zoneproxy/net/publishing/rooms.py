"""Where records go: a topic's partitions and their leaders, as any broker says them. All that it says is bounded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from zoneproxy.net.asking import UpstreamError
from zoneproxy.wire.codec import decode_response
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.create_topics_request import CreatableTopic, CreateTopicsRequest
from zoneproxy.wire.messages.create_topics_response import CreateTopicsResponse
from zoneproxy.wire.messages.metadata_request import MetadataRequest, MetadataRequestTopic
from zoneproxy.wire.messages.metadata_response import MetadataResponse

if TYPE_CHECKING:
    from zoneproxy.boundary.cluster import ClusterView
    from zoneproxy.boundary.node_versions import NodeVersions
    from zoneproxy.net.upstream import Dialled

NEVER_CREATES_FROM = 4  # Metadata: before, it creates what it is asked for
DEFAULTS_FROM = 4  # CreateTopics: -1 stands for the brokers' number of partitions and replicas (KIP-464)
AS_THE_BROKERS_SAY = -1
CREATE_SECONDS = 10


class NoTopic(UpstreamError):
    """There is no such topic."""

    def __init__(self) -> None:
        super().__init__("no_topic")


async def leaders_of(topic: str, dialled: Dialled, cluster: ClusterView, now: float) -> Mapping[int, int]:
    """Each partition that has a leader, and that broker's id; ``cluster`` learns where the brokers are.

    Raises NoTopic; UpstreamError (``no_leader``, ``metadata_version``, ``metadata``); ProtocolError.
    """
    version = highest(MetadataRequest.API_KEY, MetadataRequest.MAX_VERSION, dialled.versions)
    if version < NEVER_CREATES_FROM:
        raise UpstreamError("metadata_version")
    question = MetadataRequest(topics=[MetadataRequestTopic(name=topic)], allow_auto_topic_creation=False)
    frame = await dialled.asker.ask(question, version)
    answer = decode_response(frame, MetadataRequest.API_KEY, version).message
    assert isinstance(answer, MetadataResponse)
    cluster.learn_nodes(answer.brokers, now)
    return _leaders(topic, answer)


def _leaders(topic: str, answer: MetadataResponse) -> Mapping[int, int]:
    if [each.name for each in answer.topics] != [topic]:
        raise UpstreamError("metadata")
    (found,) = answer.topics
    if found.error_code == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION:
        raise NoTopic
    if found.error_code == ErrorCode.TOPIC_AUTHORIZATION_FAILED:
        raise UpstreamError("topic_authorization")
    leaders = {each.partition_index: each.leader_id for each in found.partitions if each.leader_id >= 0}
    if not leaders:
        raise UpstreamError("no_leader")
    return leaders


async def create(topic: str, dialled: Dialled) -> None:
    """Make the topic, with as many partitions and replicas as the brokers do by default.

    Raises UpstreamError (``create_version``, ``create_refused``) if it is not there afterwards.
    """
    version = highest(CreateTopicsRequest.API_KEY, CreateTopicsRequest.MAX_VERSION, dialled.versions)
    if version < DEFAULTS_FROM:
        raise UpstreamError("create_version")
    wanted = CreatableTopic(name=topic, num_partitions=AS_THE_BROKERS_SAY, replication_factor=AS_THE_BROKERS_SAY)
    question = CreateTopicsRequest(topics=[wanted], timeout_ms=CREATE_SECONDS * 1000)
    frame = await dialled.asker.ask(question, version)
    answer = decode_response(frame, CreateTopicsRequest.API_KEY, version).message
    assert isinstance(answer, CreateTopicsResponse)
    if any(each.error_code not in (ErrorCode.NONE, ErrorCode.TOPIC_ALREADY_EXISTS) for each in answer.topics):
        raise UpstreamError("create_refused")


def highest(api_key: int, ours: int, spoken: NodeVersions) -> int:
    """The highest version that both know, -1 if there is none."""
    low, high = spoken.apis.get(api_key, (0, -1))
    version = min(high, ours)
    return version if version >= low else -1
