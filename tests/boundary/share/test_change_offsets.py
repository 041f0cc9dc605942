from __future__ import annotations

from typing import Any

import pytest

from tests.boundary.kit import answered, context, reply, request
from tests.boundary.share.kit import DENIED, ZONES
from zoneproxy.boundary.interceptor import Context
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.alter_share_group_offsets_request import (
    AlterShareGroupOffsetsRequest,
    AlterShareGroupOffsetsRequestPartition,
    AlterShareGroupOffsetsRequestTopic,
)
from zoneproxy.wire.messages.alter_share_group_offsets_response import (
    AlterShareGroupOffsetsResponse,
    AlterShareGroupOffsetsResponsePartition,
    AlterShareGroupOffsetsResponseTopic,
)
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.delete_share_group_offsets_request import (
    DeleteShareGroupOffsetsRequest,
    DeleteShareGroupOffsetsRequestTopic,
)
from zoneproxy.wire.messages.delete_share_group_offsets_response import (
    DeleteShareGroupOffsetsResponse,
    DeleteShareGroupOffsetsResponseTopic,
)

POLICY = (
    ZONES
    + """
roles:
  reader:
    - {allow: [read], group: read}
    - {allow: [delete], group: gone}
    - {allow: [read], topic: a}
    - {allow: [describe], topic: c}
  other: []
"""
)
TEXT = "Topic authorization failed."
APIS = [ApiKey.ALTER_SHARE_GROUP_OFFSETS, ApiKey.DELETE_SHARE_GROUP_OFFSETS]


def ask(api: ApiKey, *topics: str, group: str | None = None) -> tuple[Any, Context]:
    ctx = context("clerk", api, 0, policy=POLICY)
    if api == ApiKey.ALTER_SHARE_GROUP_OFFSETS:
        partitions = [AlterShareGroupOffsetsRequestPartition(partition_index=3)]
        altered = [AlterShareGroupOffsetsRequestTopic(topic_name=name, partitions=partitions) for name in topics]
        return request(AlterShareGroupOffsetsRequest(group_id=group or "read", topics=altered), ctx), ctx
    deleted = [DeleteShareGroupOffsetsRequestTopic(topic_name=name) for name in topics]
    return request(DeleteShareGroupOffsetsRequest(group_id=group or "gone", topics=deleted), ctx), ctx


def response(api: ApiKey, *topics: str, error: int = 0) -> Any:
    if api == ApiKey.ALTER_SHARE_GROUP_OFFSETS:
        return AlterShareGroupOffsetsResponse(
            error_code=error, responses=[AlterShareGroupOffsetsResponseTopic(topic_name=name) for name in topics]
        )
    return DeleteShareGroupOffsetsResponse(
        error_code=error, responses=[DeleteShareGroupOffsetsResponseTopic(topic_name=name) for name in topics]
    )


def refused(api: ApiKey, name: str) -> Any:
    if api == ApiKey.ALTER_SHARE_GROUP_OFFSETS:
        partition = AlterShareGroupOffsetsResponsePartition(partition_index=3, error_code=DENIED, error_message=TEXT)
        return AlterShareGroupOffsetsResponseTopic(topic_name=name, partitions=[partition])
    return DeleteShareGroupOffsetsResponseTopic(topic_name=name, error_code=DENIED, error_message=TEXT)


@pytest.mark.parametrize("api", APIS)
def test_what_may_be_changed_goes_on_as_it_is(api: ApiKey) -> None:
    routed, _ = ask(api, "a")

    assert (routed.forward, routed.edited, routed.thens) == (True, False, [])


@pytest.mark.parametrize(("api", "group"), [(APIS[0], "gone"), (APIS[1], "read"), (APIS[0], "x"), (APIS[1], "x")])
def test_the_right_to_the_group(api: ApiKey, group: str) -> None:
    routed, ctx = ask(api, "a", group=group)
    reply = answered(routed, ctx)

    assert (reply.error_code, reply.responses) == (ErrorCode.GROUP_AUTHORIZATION_FAILED, [])
    assert reply.error_message == "Group authorization failed."


@pytest.mark.parametrize("api", APIS)
def test_topics_that_may_not_be_read_stand_first_without_an_id(api: ApiKey) -> None:
    routed, ctx = ask(api, "c", "a", "b")

    assert routed.edited
    answer = reply(routed, response(api, "a"), ctx)
    assert answer.responses[:2] == [refused(api, "c"), refused(api, "b")]
    assert [topic.topic_name for topic in answer.responses[2:]] == ["a"]
    assert {topic.topic_id for topic in answer.responses} == {bytes(16)}


@pytest.mark.parametrize("api", APIS)
def test_with_nothing_left_the_broker_is_asked_about_the_group(api: ApiKey) -> None:
    routed, ctx = ask(api, "b")

    assert routed.forward
    assert reply(routed, response(api), ctx).responses == [refused(api, "b")]


@pytest.mark.parametrize("api", APIS)
def test_an_error_for_all_of_it_stands_alone(api: ApiKey) -> None:
    routed, ctx = ask(api, "a", "b")
    answer = reply(routed, response(api, error=68), ctx)

    assert (answer.error_code, answer.responses) == (68, [])
