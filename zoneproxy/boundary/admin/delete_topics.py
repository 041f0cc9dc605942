"""DeleteTopics: DELETE on the topic, and DESCRIBE to learn what its id or its name stands for.

Whoever may not describe a topic is told the same of it whether it is there or not; asked for by id, no name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import islice

from zoneproxy.boundary.admin.entries import forward_kept
from zoneproxy.boundary.interceptor import Context, Eventually, LookUp, Outcome, Waiting
from zoneproxy.boundary.may import denied, may_topic
from zoneproxy.boundary.topic_ids import MAX_ASKED, check_id, name_of, unknown
from zoneproxy.policy.model import Operation
from zoneproxy.wire.buffer import ZERO_UUID
from zoneproxy.wire.error_codes import DEFAULT_MESSAGES, ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.delete_topics_request import DeleteTopicsRequest, DeleteTopicState
from zoneproxy.wire.messages.delete_topics_response import DeletableTopicResult, DeleteTopicsResponse

_NAMES_END_AT = 5  # from version 6 on topics have ids, and are structs


class DeleteTopicsInterceptor:
    """Authorises DeleteTopics."""

    apis = frozenset({ApiKey.DELETE_TOPICS})

    def request(self, message: DeleteTopicsRequest, ctx: Context) -> Eventually[Outcome]:
        """See the module."""
        if ctx.header.api_version <= _NAMES_END_AT:
            topics = [DeleteTopicState(name=name) for name in message.topic_names]
        else:
            topics = list(message.topics)
        needs = _needs(topics, ctx)
        return _after_look_up(message, topics, needs, ctx) if needs else _decide(message, topics, ctx)


def _needs(topics: Sequence[DeleteTopicState], ctx: Context) -> Sequence[LookUp]:
    """Names of ids; and whether topics exist that may be described, but not deleted."""
    ids = unknown((topic.topic_id for topic in topics), ctx)
    cluster = ctx.session.cluster
    names = (topic.name for topic in topics if topic.name is not None and topic.topic_id == ZERO_UUID)
    unsure = (name for name in names if _only_describes(name, ctx) and cluster.exists(name, ctx.now) is None)
    asked = frozenset(islice(unsure, MAX_ASKED))
    return [*ids, LookUp(names=asked)] if asked else ids


def _after_look_up(
    message: DeleteTopicsRequest, topics: list[DeleteTopicState], needs: Sequence[LookUp], ctx: Context
) -> Waiting[Outcome]:
    yield needs
    return _decide(message, topics, ctx)


def _decide(message: DeleteTopicsRequest, topics: list[DeleteTopicState], ctx: Context) -> Outcome:
    kept, refused = _Decision(topics, ctx).split()
    outcome = forward_kept(topics, kept, refused, response=DeleteTopicsResponse, results="responses", seen=_check_ids)
    if ctx.header.api_version <= _NAMES_END_AT:
        message.topic_names = [topic.name for topic in topics if topic.name is not None]
    else:
        message.topics = topics
    return outcome


def _check_ids(response: DeleteTopicsResponse, ctx: Context) -> bool:
    for result in response.responses:
        check_id(result.topic_id, result.error_code, ctx)
    return False


def _only_describes(name: str, ctx: Context) -> bool:
    return may_topic(ctx, Operation.DESCRIBE, name) and not may_topic(ctx, Operation.DELETE, name)


class _Decision:
    """What is refused of one request."""

    def __init__(self, topics: Sequence[DeleteTopicState], ctx: Context) -> None:
        self._topics = topics
        self._ctx = ctx
        self._times = Counter((topic.name, topic.topic_id) for topic in topics)

    def split(self) -> tuple[list[DeleteTopicState], list[DeletableTopicResult]]:
        """The topics that go on, and the results of the others."""
        kept: list[DeleteTopicState] = []
        refused: list[DeletableTopicResult] = []
        told: set[tuple[str | None, bytes]] = set()
        for topic in self._topics:
            wrong = self._malformed(topic)
            twice = wrong is None and self._times[topic.name, topic.topic_id] > 1
            if twice and (topic.name, topic.topic_id) in told:
                continue
            told.add((topic.name, topic.topic_id))
            if twice:
                wrong = _invalid(topic, f"Duplicate topic {'id' if topic.name is None else 'name'}.")
            result = wrong or (self._by_id(topic.topic_id) if topic.name is None else self._by_name(topic.name))
            if result is None:
                kept.append(topic)
            else:
                refused.append(result)
        return kept, refused

    @staticmethod
    def _malformed(topic: DeleteTopicState) -> DeletableTopicResult | None:
        if topic.name is None and topic.topic_id == ZERO_UUID:
            return _invalid(topic, "Neither topic name nor id were specified.")
        if topic.name is not None and topic.topic_id != ZERO_UUID:
            return _invalid(topic, "You may not specify both topic name and topic id.")
        return None

    def _by_name(self, name: str) -> DeletableTopicResult | None:
        describes = may_topic(self._ctx, Operation.DESCRIBE, name)
        if describes and may_topic(self._ctx, Operation.DELETE, name):
            return None
        if describes and self._ctx.session.cluster.exists(name, self._ctx.now) is False:
            return _refused(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, name, ZERO_UUID)
        denied(self._ctx, Operation.DELETE, name, ErrorCode.TOPIC_AUTHORIZATION_FAILED)
        return _refused(ErrorCode.TOPIC_AUTHORIZATION_FAILED, name, ZERO_UUID)

    def _by_id(self, topic_id: bytes) -> DeletableTopicResult | None:
        name = name_of(topic_id, self._ctx)
        if not name:
            return _refused(ErrorCode.UNKNOWN_TOPIC_ID, None, topic_id)
        if may_topic(self._ctx, Operation.DELETE, name):
            return None
        denied(self._ctx, Operation.DELETE, name, ErrorCode.TOPIC_AUTHORIZATION_FAILED)
        told = name if may_topic(self._ctx, Operation.DESCRIBE, name) else None
        return _refused(ErrorCode.TOPIC_AUTHORIZATION_FAILED, told, topic_id)


def _refused(error: ErrorCode, name: str | None, topic_id: bytes) -> DeletableTopicResult:
    return DeletableTopicResult(name=name, topic_id=topic_id, error_code=error, error_message=DEFAULT_MESSAGES[error])


def _invalid(topic: DeleteTopicState, message: str) -> DeletableTopicResult:
    error = ErrorCode.INVALID_REQUEST
    return DeletableTopicResult(name=topic.name, topic_id=topic.topic_id, error_code=error, error_message=message)
