"""Patterns: a broker would match them against physical names, and against those of everybody."""

from __future__ import annotations

import re
from typing import Final

import re2

from zoneproxy.boundary.facts import Denied
from zoneproxy.boundary.interceptor import Context, Reply
from zoneproxy.boundary.namespace.special import NOTHING, Special
from zoneproxy.boundary.namespace.translation import Names
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.consumer_group_describe_response import ConsumerGroupDescribeResponse
from zoneproxy.wire.messages.consumer_group_heartbeat_request import ConsumerGroupHeartbeatRequest
from zoneproxy.wire.messages.consumer_group_heartbeat_response import ConsumerGroupHeartbeatResponse
from zoneproxy.wire.messages.list_transactions_request import ListTransactionsRequest
from zoneproxy.wire.messages.list_transactions_response import ListTransactionsResponse
from zoneproxy.wire.messages.streams_group_heartbeat_request import StreamsGroupHeartbeatRequest
from zoneproxy.wire.messages.streams_group_heartbeat_response import StreamsGroupHeartbeatResponse

_INVALID: Final = ErrorCode.INVALID_REGULAR_EXPRESSION
_WHY: Final = "Such a pattern is not available in a namespace."

# Names and plain operators, escapes that mean one thing everywhere, classes without classes or escapes in them.
_PLAIN: Final = re.compile(
    r"""(?: [A-Za-z0-9._\-,:=@~ !#%&;<>'"/`{}*+?|$)] | \((?:\?:)?(?![?]) | \\[dDwWsS.$*+?|\-] |
        \[\^?[A-Za-z0-9._][A-Za-z0-9._\-]*\] )*""",
    re.X,
)
# What librdkafka makes of the patterns of a subscription, all of which begin with ``^``.
_FROM_LIBRDKAFKA: Final = re.compile(r"\(\^[^()|]*\)(?:\|\(\^[^()|]*\))*")
_LONGEST: Final = 1000


def list_transactions(message: ListTransactionsRequest, _names: Names, ctx: Context) -> Special | Reply:
    """ListTransactions: the pattern stays here, and is matched as Kafka does it, against whole (virtual) names."""
    written = message.transactional_id_pattern
    if not written:
        return NOTHING
    try:
        pattern = re2.compile(written, _quiet())
    except re2.error:
        return Reply(ListTransactionsResponse(error_code=_INVALID))
    message.transactional_id_pattern = None

    def after(response: ListTransactionsResponse) -> None:
        states = response.transaction_states
        response.transaction_states = [each for each in states if pattern.fullmatch(each.transactional_id)]
        message.transactional_id_pattern = written

    return Special(after=after)


def consumer_heartbeat(message: ConsumerGroupHeartbeatRequest, _names: Names, ctx: Context) -> Special | Reply:
    """ConsumerGroupHeartbeat: the prefix goes before the pattern. An empty one ends a subscription by pattern."""
    written = message.subscribed_topic_regex
    if not written:
        return NOTHING
    assert ctx.session.namespace is not None
    pattern = behind(ctx.session.namespace.prefix, written)
    if pattern is None:
        _tell(ApiKey.CONSUMER_GROUP_HEARTBEAT, ctx)
        return Reply(ConsumerGroupHeartbeatResponse(error_code=_INVALID, error_message=_WHY))
    message.subscribed_topic_regex = pattern

    def after(_response: object) -> None:
        message.subscribed_topic_regex = written

    return Special(after=after)


def consumer_describe(_message: object, _names: Names, ctx: Context) -> Special:
    """ConsumerGroupDescribe: a member's pattern, without the prefix."""
    assert ctx.session.namespace is not None
    before, end = _around(ctx.session.namespace.prefix)

    def after(response: ConsumerGroupDescribeResponse) -> None:
        for member in (member for group in response.groups for member in group.members):
            pattern = member.subscribed_topic_regex
            if pattern:
                own = pattern.startswith(before) and pattern.endswith(end)
                member.subscribed_topic_regex = pattern[len(before) : -len(end)] if own else None

    return Special(after=after, edited=False)


def behind(prefix: str, pattern: str) -> str | None:
    """A pattern for the names that begin with ``prefix`` and go on as ``pattern`` says; None: say it more simply.

    The broker reads it with another engine than ours (RE2/J), so only what leaves no room for two readings goes on:
    nothing in it may close the group that it is put into. Kafka matches whole names, so ``^`` in front says nothing.
    """
    if _FROM_LIBRDKAFKA.fullmatch(pattern):
        pattern = pattern.replace("(^", "(")
    elif "|" not in pattern:
        pattern = pattern.removeprefix("^")
    if len(pattern) > _LONGEST or not _PLAIN.fullmatch(pattern) or not _compiles(pattern):
        return None
    before, end = _around(prefix)
    return before + pattern + end


def _around(prefix: str) -> tuple[str, str]:
    return re.sub(r"([.-])", r"\\\1", prefix) + "(?:", ")"


def _compiles(pattern: str) -> bool:
    """Whether it is one by itself; that its brackets are even follows, as ``_PLAIN`` leaves none that are quoted."""
    try:
        re2.compile(pattern, _quiet())
    except re2.error:
        return False
    return True


def _quiet() -> re2.Options:
    options = re2.Options()
    options.log_errors = False
    return options


def streams_heartbeat(message: StreamsGroupHeartbeatRequest, _names: Names, ctx: Context) -> Special | Reply:
    """StreamsGroupHeartbeat: the same for a topology's sources; and a status may name topics in its own words."""
    if message.topology is not None and any(each.source_topic_regex for each in message.topology.subtopologies):
        _tell(ApiKey.STREAMS_GROUP_HEARTBEAT, ctx)
        return Reply(StreamsGroupHeartbeatResponse(error_code=_INVALID, error_message=_WHY))
    return Special(after=_own_words, edited=False)


_STATUS: Final = {  # StreamsGroupHeartbeatResponse.Status
    0: "The topology is older than the group's.",
    1: "Source topics are missing.",
    2: "Topics that are joined have different numbers of partitions.",
    3: "Internal topics are missing.",
    4: "The application is asked to shut down.",
    5: "The assignment is delayed.",
}


def _own_words(response: StreamsGroupHeartbeatResponse) -> None:
    for status in response.status or ():
        status.status_detail = _STATUS.get(status.status_code, "")


def _tell(api: ApiKey, ctx: Context) -> None:
    ctx.facts.append(Denied(api.name, "READ", "group", "", _INVALID, "pattern"))
