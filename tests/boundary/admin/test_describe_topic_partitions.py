from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.boundary.admin.kit import OFFSETS, Asked, ask
from tests.boundary.kit import Upstream, topic_id
from zoneproxy.boundary.interceptor import Forward
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.buffer import ZERO_UUID
from zoneproxy.wire.messages.describe_topic_partitions_request import (
    Cursor,
    DescribeTopicPartitionsRequest,
    TopicRequest,
)
from zoneproxy.wire.messages.describe_topic_partitions_response import Cursor as NextCursor
from zoneproxy.wire.messages.describe_topic_partitions_response import (
    DescribeTopicPartitionsResponse,
    DescribeTopicPartitionsResponsePartition,
    DescribeTopicPartitionsResponseTopic,
)

UNKNOWN = -(1 << 31)
DESCRIBE = 1 << 8
EVERY = 0b1101_1111_1000  # all that can be done to a topic
WORLD = ("all", "altered", "deleted", "described", "secret", "zzz", OFFSETS)


def question(*names: str, cursor: tuple[str, int] | None = None, limit: int = 2000) -> DescribeTopicPartitionsRequest:
    return DescribeTopicPartitionsRequest(
        topics=[TopicRequest(name=name) for name in names],
        response_partition_limit=limit,
        cursor=None if cursor is None else Cursor(topic_name=cursor[0], partition_index=cursor[1]),
    )


def described(*names: str, error: int = 0, after: str | None = None) -> DescribeTopicPartitionsResponse:
    return DescribeTopicPartitionsResponse(
        topics=[
            DescribeTopicPartitionsResponseTopic(
                error_code=error, name=name, topic_id=topic_id(name), topic_authorized_operations=EVERY
            )
            for name in names
        ],
        next_cursor=None if after is None else NextCursor(topic_name=after, partition_index=1),
    )


def ask_for(who: str, message: DescribeTopicPartitionsRequest, *world: str) -> Asked:
    return ask(who, message, 0, upstream=Upstream(*(world or WORLD)))


def told(response: Any) -> list[tuple[str | None, int, int]]:
    return [(t.name, t.error_code, t.topic_authorized_operations) for t in response.topics]


def names(asked: Asked) -> list[str]:
    return [topic.name for topic in asked.forwarded.topics]


# --- by name ---


def test_who_may_not_describe_a_topic_learns_nothing_of_it() -> None:
    asked = ask_for("topics", question("secret", "all", "none", "described", ""))

    assert names(asked) == ["all", "described"]
    assert asked.denials == [("DESCRIBE", "topic", name) for name in ("secret", "none", "")]
    response = asked.reply(described("all", "described"))
    assert told(response) == [
        ("all", 0, EVERY),
        ("described", 0, DESCRIBE),
        ("secret", 29, UNKNOWN),
        ("none", 29, UNKNOWN),
        ("", 29, UNKNOWN),
    ]
    assert {topic.topic_id for topic in response.topics[2:]} == {ZERO_UUID}


def test_operations_are_told_of_missing_topics_too() -> None:
    response = ask_for("topics", question("described")).reply(described("described", error=3))

    assert told(response) == [("described", 3, DESCRIBE)]


def test_what_may_be_described_goes_on_as_it_came() -> None:
    assert ask_for("topics", question("all", "described")).untouched
    assert ask_for("topics", question("all", "described", cursor=("all", 7))).untouched


def test_a_name_that_is_there_twice_is_told_once() -> None:
    asked = ask_for("topics", question("all", "secret", "all", "secret"))

    assert names(asked) == ["all"]
    assert told(asked.reply(described("all"))) == [("all", 0, EVERY), ("secret", 29, UNKNOWN)]


def test_with_nothing_left_it_is_answered_here() -> None:
    assert told(ask_for("nobody", question("all", OFFSETS)).answer) == [("all", 29, UNKNOWN), (OFFSETS, 29, UNKNOWN)]


def test_reserved_topics_are_refused_to_everybody() -> None:
    assert told(ask_for("operator", question(OFFSETS)).answer) == [(OFFSETS, 29, UNKNOWN)]


def test_what_stands_before_the_cursor_was_told_before() -> None:
    asked = ask_for("topics", question("all", "described", "secret", "altered", cursor=("described", 1)))

    assert names(asked) == ["described"]
    assert asked.forwarded.cursor == Cursor(topic_name="described", partition_index=1)
    assert told(asked.reply(described("described"))) == [("described", 0, DESCRIBE), ("secret", 29, UNKNOWN)]


def test_a_cursor_at_a_refused_topic() -> None:
    asked = ask_for("topics", question("all", "b", "described", cursor=("b", 5)))

    assert names(asked) == ["described"]
    assert asked.forwarded.cursor is None
    assert told(ask_for("topics", question("all", "secret", cursor=("secret", 1))).answer) == [("secret", 29, UNKNOWN)]


@pytest.mark.parametrize("cursor", [("b", 0), ("all", -1)])
def test_a_cursor_that_makes_no_sense(cursor: tuple[str, int]) -> None:
    for who in ("operator", "nobody"):
        asked = ask_for(who, question("secret", "all", "all", cursor=cursor))
        assert told(asked.answer) == [("secret", 42, UNKNOWN), ("all", 42, UNKNOWN), ("all", 42, UNKNOWN)]
        assert not asked.denials


# --- all of them ---


def test_all_topics_are_those_that_may_be_described() -> None:
    asked = ask_for("topics", question())

    assert names(asked) == ["all", "altered", "deleted", "described"]
    assert not asked.denials
    response = asked.reply(described("all", "described", after="altered"))
    assert told(response) == [("all", 0, EVERY), ("described", 0, DESCRIBE)]
    assert response.next_cursor.topic_name == "altered"


def test_the_unrestricted_see_all_but_reserved_ones() -> None:
    assert names(ask_for("operator", question())) == sorted(set(WORLD) - {OFFSETS})


@pytest.mark.parametrize(("limit", "page"), [(1, 3), (0, 3), (-5, 3), (2, 4), (2000, 4)])
def test_no_more_names_go_on_than_a_page_can_take(limit: int, page: int) -> None:
    """The cursor's topic may take no place, and the one behind the page is the next cursor."""
    assert names(ask_for("topics", question(limit=limit))) == ["all", "altered", "deleted", "described"][:page]


def test_the_next_page_begins_at_the_cursor() -> None:
    asked = ask_for("topics", question(cursor=("altered", 1)))
    assert names(asked) == ["altered", "deleted", "described"]
    assert asked.forwarded.cursor == Cursor(topic_name="altered", partition_index=1)

    for gone in ("b", "altere"):
        asked = ask_for("topics", question(cursor=(gone, 4)))
        assert asked.forwarded.cursor is None
        assert names(asked)[-1] == "described"


def test_topics_that_go_away_meanwhile_are_not_spoken_of() -> None:
    response = described("all", error=3)
    response.topics += described("altered").topics

    assert [name for name, *_ in told(ask_for("topics", question()).reply(response))] == ["altered"]


def test_who_may_describe_nothing_makes_no_work() -> None:
    assert told(ask("nobody", question(), 0).answer) == []


@pytest.mark.parametrize("who", ["nobody", "stranger"])
def test_nothing_to_be_seen_is_not_everything(who: str) -> None:
    asked = ask_for(who, question())

    assert told(asked.answer) == []
    assert asked.answer.next_cursor is None


def test_a_cursor_behind_everything() -> None:
    assert told(ask_for("topics", question(cursor=("zzzz", 0))).answer) == []
    assert told(ask_for("topics", question(cursor=("all", -1))).answer) == []


def test_while_the_upstream_cannot_be_asked() -> None:
    asked = ask("topics", question(), 0, upstream=Upstream(silent=True))

    assert asked.closed == "upstream_unavailable"


def test_what_was_heard_for_one_page_is_good_for_the_next() -> None:
    asked = ask_for("topics", question())
    (interceptor,) = asked.interceptors

    assert interceptor.request(question(cursor=("altered", 0)), asked.ctx).edited
    assert not isinstance(interceptor.request(question(), asked.ctx), Forward), "a first page is asked for anew"


@pytest.mark.parametrize("response", [described("secret"), described("all", after="secret")])
@pytest.mark.parametrize("message", [question(), question("all", "secret")])
def test_a_broker_that_tells_more_than_it_was_asked_is_not_believed(
    message: DescribeTopicPartitionsRequest, response: DescribeTopicPartitionsResponse
) -> None:
    with pytest.raises(ProtocolError, match="reply_mismatch"):
        ask_for("topics", message).reply(response)


# --- a whole listing ---

POOL = ("a", "all", "altered", "b", "deleted", "deleted.a", "deleted.b", "described", "secret", "zzz", OFFSETS)


def page_of(message: DescribeTopicPartitionsRequest, world: dict[str, int]) -> DescribeTopicPartitionsResponse:
    """What Kafka 4.3.1 answers to a question by name."""
    left = max(message.response_partition_limit, 1)
    page = DescribeTopicPartitionsResponse()
    cursor = message.cursor
    for name in sorted({topic.name for topic in message.topics}):
        if cursor is not None and name < cursor.topic_name:
            continue
        if left == 0:
            page.next_cursor = NextCursor(topic_name=name, partition_index=0)
            break
        first = cursor.partition_index if cursor is not None and name == cursor.topic_name else 0
        indexes = list(range(first, min(world[name], first + left)))
        partitions = [DescribeTopicPartitionsResponsePartition(partition_index=i) for i in indexes]
        page.topics.append(DescribeTopicPartitionsResponseTopic(name=name, partitions=partitions))
        if first + left < world[name]:
            page.next_cursor = NextCursor(topic_name=name, partition_index=first + left)
            break
        left -= len(indexes)
    return page


@given(st.dictionaries(st.sampled_from(POOL), st.integers(1, 5)), st.integers(1, 6))
def test_page_by_page_everything_is_told_that_may_be_described(world: dict[str, int], limit: int) -> None:
    upstream, told, cursor = Upstream(*world), [], None
    for _ in range(sum(world.values()) + 2):
        message = question(limit=limit, cursor=cursor)
        asked = ask("topics", message, 0, upstream=upstream)
        if not isinstance(asked.outcome, Forward):
            break
        page = asked.reply(page_of(asked.forwarded, world))
        told += [(topic.name, p.partition_index) for topic in page.topics for p in topic.partitions]
        if page.next_cursor is None:
            break
        cursor = (page.next_cursor.topic_name, page.next_cursor.partition_index)

    seen = [name for name in world if name in ("all", "altered", "described") or name.startswith("deleted")]
    assert told == [(name, index) for name in sorted(seen) for index in range(world[name])]
