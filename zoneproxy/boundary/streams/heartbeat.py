"""StreamsGroupHeartbeat: READ on the group, DESCRIBE on every topic of the topology that it brings along.

The broker creates the topology's internal topics where they are missing, and it would do so with the proxy's rights.
So it is decided first: who may not create those that are missing is refused. Kafka accepts such a member, and tells it
in every reply what is missing and may not be created.

Only the heartbeat by which a member joins has a topology. An internal topic that is deleted afterwards is made again
with the next heartbeat of whichever member, as the topology that was let in has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zoneproxy.boundary.admin.forbidden_configs import FORBIDDEN, config_refusal
from zoneproxy.boundary.interceptor import GO_ON, Context, Eventually, LookUp, Outcome, Reply, Waiting
from zoneproxy.boundary.may import denied, group_error, may_cluster, may_topic, topic_error
from zoneproxy.boundary.streams.topology import all_topics, fault, internal_topics
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.streams_group_heartbeat_request import StreamsGroupHeartbeatRequest, Subtopology
from zoneproxy.wire.messages.streams_group_heartbeat_response import StreamsGroupHeartbeatResponse

NO_PATTERNS = "Regular expressions for source topics are not supported yet."  # Kafka's words, and its error


class StreamsHeartbeatInterceptor:
    """Authorises StreamsGroupHeartbeat."""

    apis = frozenset({ApiKey.STREAMS_GROUP_HEARTBEAT})

    def request(self, message: StreamsGroupHeartbeatRequest, ctx: Context) -> Eventually[Outcome]:
        """See the module."""
        error = group_error(ctx, Operation.READ, message.group_id)
        if error is not None:
            return _refusal(error)
        if message.topology is None:
            return GO_ON
        subtopologies = message.topology.subtopologies
        return _topology_refusal(subtopologies, ctx) or _creation(subtopologies, ctx)


def _refusal(error: ErrorCode, text: str | None = None) -> Reply:
    return Reply(StreamsGroupHeartbeatResponse(error_code=error, error_message=text))


def _topology_refusal(subtopologies: Sequence[Subtopology], ctx: Context) -> Reply | None:
    """What is wrong whatever topics there are."""
    names = all_topics(subtopologies)
    wrong = fault(names)
    if wrong:
        return _refusal(ErrorCode.STREAMS_INVALID_TOPOLOGY, wrong)
    errors = [topic_error(ctx, Operation.DESCRIBE, name) for name in names]  # each leaves its fact
    if any(errors):
        return _refusal(ErrorCode.TOPIC_AUTHORIZATION_FAILED)
    if any(part.source_topic_regex for part in subtopologies):
        return _refusal(ErrorCode.INVALID_REQUEST, NO_PATTERNS)
    if config_refusal(_configs(subtopologies)) is not None:
        return _refusal(ErrorCode.STREAMS_INVALID_TOPOLOGY, FORBIDDEN.message)
    return None


@dataclass(slots=True)
class _Config:
    name: str
    value: str | None


def _configs(subtopologies: Iterable[Subtopology]) -> Iterable[_Config]:
    for part in subtopologies:
        for topic in (*part.repartition_source_topics, *part.state_changelog_topics):
            yield from (_Config(config.key, config.value) for config in topic.topic_configs)


# --- topics that are not there -------------------------------------------------------------------------------


def _creation(subtopologies: Sequence[Subtopology], ctx: Context) -> Eventually[Outcome]:
    names = internal_topics(subtopologies)
    if not names or may_cluster(ctx, Operation.CREATE):
        return GO_ON
    others = frozenset(name for name in names if not may_topic(ctx, Operation.CREATE, name))
    return _after_look_up(others, ctx) if others else GO_ON


def _after_look_up(names: frozenset[str], ctx: Context) -> Waiting[Outcome]:
    """Go on if all of ``names`` are there: a topic that was there a while ago may be gone, so it is asked anew."""
    cluster = ctx.session.cluster
    cluster.forget_names(names)
    yield (LookUp(names=names),)
    exist = {name: cluster.exists(name, ctx.now) for name in sorted(names)}
    missing = [name for name, there in exist.items() if there is False]
    if missing:
        for name in missing:
            denied(ctx, Operation.CREATE, name, ErrorCode.TOPIC_AUTHORIZATION_FAILED)
        text = f"Unauthorized to CREATE on topics {','.join(missing)}."
        return _refusal(ErrorCode.TOPIC_AUTHORIZATION_FAILED, text)
    if None in exist.values():  # the upstream could not be asked: the member is to try again
        return _refusal(ErrorCode.COORDINATOR_NOT_AVAILABLE)
    return GO_ON
