"""What the brokers' own configuration says, where Kafka's answers depend on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from zoneproxy.wire.codec import decode_response
from zoneproxy.wire.messages.describe_configs_request import DescribeConfigsRequest, DescribeConfigsResource
from zoneproxy.wire.messages.describe_configs_response import DescribeConfigsResponse

if TYPE_CHECKING:
    from zoneproxy.boundary.node_versions import NodeVersions
    from zoneproxy.net.upstream import Dialled, Dialler

from zoneproxy.boundary.message_sizes import SETTING, TOPIC

AUTO_CREATE = "auto.create.topics.enable"

_BROKER = 4  # ConfigResource.Type


async def auto_creates_topics(dialler: Dialler, node: int, spoken: NodeVersions) -> bool | None:
    """Whether the brokers create topics that Metadata asks for; None if they do not say.

    A broker tells its own configuration only, so it is asked over a connection of its own, which is closed again.
    It does not say to who may not DescribeConfigs on the cluster. Raises UpstreamError, ProtocolError.
    """
    version = _version(spoken)
    if version is None:
        return None
    dialled = await dialler.dial(node)
    try:
        return _read(await _ask(dialled, node, version), version)
    finally:
        dialled.link.drop()


async def message_sizes(dialled: Dialled, topics: Sequence[str]) -> DescribeConfigsResponse | None:
    """How large a batch each of ``topics`` takes; None if brokers do not speak of settings.

    Any broker tells of any topic. Raises UpstreamError, ProtocolError.
    """
    version = _version(dialled.versions)
    if version is None:
        return None
    resources = [
        DescribeConfigsResource(resource_type=TOPIC, resource_name=name, configuration_keys=[SETTING])
        for name in topics
    ]
    frame = await dialled.asker.ask(DescribeConfigsRequest(resources=resources), version)
    answer = decode_response(frame, DescribeConfigsRequest.API_KEY, version).message
    assert isinstance(answer, DescribeConfigsResponse)
    return answer


def _version(spoken: NodeVersions) -> int | None:
    low, high = spoken.apis.get(DescribeConfigsRequest.API_KEY, (0, -1))
    version = min(high, DescribeConfigsRequest.MAX_VERSION)
    return version if version >= max(low, DescribeConfigsRequest.MIN_VERSION) else None


async def _ask(dialled: Dialled, node: int, version: int) -> bytes | bytearray:
    resource = DescribeConfigsResource(resource_type=_BROKER, resource_name=str(node), configuration_keys=[AUTO_CREATE])
    return await dialled.asker.ask(DescribeConfigsRequest(resources=[resource]), version)


def _read(frame: bytes | bytearray, version: int) -> bool | None:
    answer = decode_response(frame, DescribeConfigsRequest.API_KEY, version).message
    assert isinstance(answer, DescribeConfigsResponse)
    for result in answer.results:
        for config in result.configs:
            if config.name == AUTO_CREATE and config.value in ("true", "false"):
                return config.value == "true"
    return None
