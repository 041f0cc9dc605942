from __future__ import annotations

from typing import Any

import pytest

from tests.boundary.kit import Upstream, answered, chain, finish, reply, request, through_the_wire, topic_id
from tests.boundary.rights import HIDDEN, OFFSETS, asks, passes, refusal
from zoneproxy.boundary.interceptor import Context
from zoneproxy.boundary.topic_ids import MAX_ASKED
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.offset_fetch_request import (
    OffsetFetchRequest,
    OffsetFetchRequestGroup,
    OffsetFetchRequestTopic,
    OffsetFetchRequestTopics,
)
from zoneproxy.wire.messages.offset_fetch_response import (
    OffsetFetchResponse,
    OffsetFetchResponseGroup,
    OffsetFetchResponsePartition,
    OffsetFetchResponsePartitions,
    OffsetFetchResponseTopic,
    OffsetFetchResponseTopics,
)

API = ApiKey.OFFSET_FETCH
SINGLE, MANY = range(1, 8), range(8, 11)
UPSTREAM = Upstream("open.a", "seen.a", HIDDEN, OFFSETS)

Told = list[tuple[str | bytes, int, int, int]]  # topic, partition, offset, error


def name(topic: str, version: int) -> dict[str, Any]:
    return {"name": topic} if version < 10 else {"topic_id": topic_id(topic)}


def key(topic: str, version: int) -> str | bytes:
    return topic if version < 10 else topic_id(topic)


def of_group(version: int, group: str, topics: list[str] | None) -> OffsetFetchRequestGroup:
    if topics is None:
        return OffsetFetchRequestGroup(group_id=group, topics=None)
    asked = [OffsetFetchRequestTopics(**name(topic, version), partition_indexes=[0, 3]) for topic in topics]
    return OffsetFetchRequestGroup(group_id=group, topics=asked)


def fetch(version: int, topics: list[str] | None, *groups: str) -> OffsetFetchRequest:
    groups = groups or ("team.a",)
    if version >= 8:
        return OffsetFetchRequest(groups=[of_group(version, group, topics) for group in groups])
    asked = topics and [OffsetFetchRequestTopic(name=topic, partition_indexes=[0, 3]) for topic in topics]
    return OffsetFetchRequest(group_id=groups[0], topics=asked)


def found(version: int, topics: list[str], *groups: str, error: int = 0) -> OffsetFetchResponse:
    """The broker's answer: offset 7 in partitions 0 and 3 of the topics."""
    if version < 8:
        single = [OffsetFetchResponsePartition(partition_index=index, committed_offset=7) for index in (0, 3)]
        found = [OffsetFetchResponseTopic(name=topic, partitions=single) for topic in topics]
        return OffsetFetchResponse(error_code=error, topics=found)
    many = [OffsetFetchResponsePartitions(partition_index=index, committed_offset=7) for index in (0, 3)]
    of_topics = [OffsetFetchResponseTopics(**name(topic, version), partitions=many) for topic in topics]
    return OffsetFetchResponse(
        groups=[
            OffsetFetchResponseGroup(group_id=group, topics=of_topics, error_code=error)
            for group in groups or ("team.a",)
        ]
    )


def told(topics: list[Any], version: int) -> Told:
    return [
        (topic.topic_id if version >= 10 else topic.name, p.partition_index, p.committed_offset, p.error_code)
        for topic in topics
        for p in topic.partitions
    ]


def of(version: int, topic: str, offset: int, error: int) -> Told:
    return [(key(topic, version), index, offset, error) for index in (0, 3)]


def only_group(response: OffsetFetchResponse, version: int) -> Any:
    return response.groups[0] if version >= 8 else response


# --- the group ---


def test_version_1_refuses_a_group_in_every_partition() -> None:
    response = refusal(fetch(1, ["open.a", HIDDEN], "hidden"), asks("member", API, 1))
    assert told(response.topics, 1) == of(1, "open.a", -1, 30) + of(1, HIDDEN, -1, 30)


@pytest.mark.parametrize("version", range(2, 8))
@pytest.mark.parametrize("topics", [None, ["open.a"]])
def test_up_to_version_7_a_group_is_refused_for_the_whole_reply(version: int, topics: list[str] | None) -> None:
    response = refusal(fetch(version, topics, "hidden"), asks("member", API, version))
    assert (response.error_code, response.topics) == (30, [])


@pytest.mark.parametrize("version", MANY)
@pytest.mark.parametrize("topics", [None, ["open.a"]])
def test_later_each_group_is_refused_in_its_place(version: int, topics: list[str] | None) -> None:
    ctx = asks("member", API, version)
    routed = request(fetch(version, topics, "hidden", "team.a", "hidden.2", "other.a"), ctx, UPSTREAM)
    assert routed.edited
    response = finished(routed, found(version, ["open.a"], "team.a", "other.a"), ctx)

    assert [(g.group_id, g.error_code, len(g.topics)) for g in response.groups] == [
        ("hidden", 30, 0),
        ("team.a", 0, 1),
        ("hidden.2", 30, 0),
        ("other.a", 0, 1),
    ]


@pytest.mark.parametrize("version", MANY)
def test_only_refused_groups_are_answered_here(version: int) -> None:
    response = refusal(fetch(version, ["open.a"], "hidden"), asks("nobody", API, version))
    assert [(g.group_id, g.error_code, g.topics) for g in response.groups] == [("hidden", 30, [])]


# --- topics ---


def finished(routed: Any, response: OffsetFetchResponse, ctx: Context) -> OffsetFetchResponse:
    """The reply as the client reads it, look-ups and all."""
    message = through_the_wire(response, ctx)
    finish(chain().reply(message, routed.thens, ctx), ctx, UPSTREAM)
    read: OffsetFetchResponse = through_the_wire(message, ctx)
    return read


@pytest.mark.parametrize("version", [*SINGLE, *MANY])
def test_refused_topics_leave_the_request_and_stand_last(version: int) -> None:
    ctx = asks("member", API, version)
    routed = request(fetch(version, [HIDDEN, "open.a", OFFSETS, "seen.a"]), ctx, UPSTREAM)
    assert routed.edited
    group = only_group(reply(routed, found(version, ["open.a", "seen.a"]), ctx), version)

    assert told(group.topics, version) == (
        of(version, "open.a", 7, 0) + of(version, "seen.a", 7, 0) + of(version, HIDDEN, -1, 29)
    ) + of(version, OFFSETS, -1, 29)


@pytest.mark.parametrize("version", [2, 7, 8, 10])
def test_a_groups_own_error_stands_alone(version: int) -> None:
    ctx = asks("member", API, version)
    routed = request(fetch(version, [HIDDEN]), ctx, UPSTREAM)
    assert routed.forward
    group = only_group(reply(routed, found(version, [], error=16), ctx), version)
    assert (group.error_code, group.topics) == (16, [])


@pytest.mark.parametrize("version", [*range(2, 8), *MANY])
def test_all_topics_are_those_that_may_be_described(version: int) -> None:
    ctx = asks("member", API, version)
    routed = request(fetch(version, None), ctx)
    assert not routed.edited
    answer = found(version, [HIDDEN, "open.a", OFFSETS, "seen.a", *(["gone"] if version >= 10 else [])])
    group = only_group(finished(routed, answer, ctx), version)

    assert told(group.topics, version) == of(version, "open.a", 7, 0) + of(version, "seen.a", 7, 0)
    assert not ctx.facts


def test_more_topics_than_are_asked_for_at_once_are_looked_up_one_load_after_the_other() -> None:
    ctx = asks("member", API, 10)
    names = [f"open.{n}" for n in range(MAX_ASKED + 1)]
    upstream = Upstream(*names)
    routed = request(fetch(10, None), ctx)
    message = through_the_wire(found(10, [*names, "gone"]), ctx)
    finish(chain().reply(message, routed.thens, ctx), ctx, upstream)

    assert [topic.topic_id for topic in message.groups[0].topics] == [topic_id(name) for name in names]
    assert [len(look_up.ids) for look_up in upstream.asked] == [MAX_ASKED, 2]


def test_offsets_whose_topics_nobody_names_are_not_left_out_in_silence() -> None:
    ctx = asks("member", API, 10)
    routed = request(fetch(10, None), ctx)
    message = through_the_wire(found(10, ["open.a"]), ctx)
    with pytest.raises(ProtocolError, match="look_up"):
        finish(chain().reply(message, routed.thens, ctx), ctx, Upstream("open.a", silent=True))


def test_an_id_that_nobody_knows_is_never_forwarded() -> None:
    ctx = asks("operator", API, 10)
    routed = request(fetch(10, ["gone", "open.a"]), ctx, UPSTREAM)
    group = only_group(reply(routed, found(10, ["open.a"]), ctx), 10)
    assert told(group.topics, 10) == of(10, "open.a", 7, 0) + of(10, "gone", -1, 100)


@pytest.mark.parametrize("version", [*SINGLE, *MANY])
def test_what_is_allowed_passes(version: int) -> None:
    passes(fetch(version, ["open.a", "seen.a"]), asks("member", API, version), UPSTREAM)


def test_no_groups_are_no_refusal() -> None:
    passes(OffsetFetchRequest(), asks("nobody", API, 9))


# --- a broker that does not answer what it was asked ---


@pytest.mark.parametrize("version", [7, 9])
def test_a_reply_about_other_topics_fits_nothing(version: int) -> None:
    ctx = asks("member", API, version)
    routed = request(fetch(version, ["open.a", HIDDEN]), ctx)
    with pytest.raises(ProtocolError, match="reply_mismatch"):
        reply(routed, found(version, [HIDDEN]), ctx)


@pytest.mark.parametrize("groups", [["other.a", "team.a"], ["team.a"], ["team.a", "hidden"]])
def test_a_reply_about_other_groups_fits_nothing(groups: list[str]) -> None:
    ctx = asks("member", API, 9)
    routed = request(fetch(9, None, "team.a", "other.a"), ctx)
    with pytest.raises(ProtocolError, match="reply_mismatch"):
        reply(routed, found(9, ["open.a"], *groups), ctx)


def test_it_is_answered_here_after_a_look_up_too() -> None:
    ctx = asks("nobody", API, 10)
    assert answered(request(fetch(10, ["open.a"]), ctx, UPSTREAM), ctx).groups[0].error_code == 30
