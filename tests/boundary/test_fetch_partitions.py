from __future__ import annotations

import pytest

from zoneproxy.boundary.fetch_partitions import each, forgotten, is_full, named, topic_key
from zoneproxy.wire.messages.fetch_request import FetchPartition, FetchRequest, FetchTopic, ForgottenTopic

ID = b"i" * 16
A, B, AGAIN = FetchPartition(partition=0), FetchPartition(partition=3), FetchPartition(partition=0, fetch_offset=7)
MESSAGE = FetchRequest(
    topics=[
        FetchTopic(topic="a", topic_id=ID, partitions=[A, B]),
        FetchTopic(topic="a", topic_id=ID, partitions=[AGAIN]),
    ],
    forgotten_topics_data=[ForgottenTopic(topic="a", topic_id=ID, partitions=[5, 4])],
)


@pytest.mark.parametrize(("by_id", "key"), [(False, "a"), (True, ID)])
def test_partitions_are_named_as_the_version_names_topics(by_id: bool, key: str | bytes) -> None:
    assert topic_key(MESSAGE.topics[0], by_id) == key
    assert list(each(MESSAGE, by_id)) == [((key, 0), A), ((key, 3), B), ((key, 0), AGAIN)]
    assert named(MESSAGE, by_id) == {(key, 0): AGAIN, (key, 3): B}
    assert list(forgotten(MESSAGE, by_id)) == [(key, 5), (key, 4)]


@pytest.mark.parametrize(("epoch", "full"), [(0, True), (-1, True), (1, False), (-2, False), (2**31 - 1, False)])
def test_the_epoch_says_whether_everything_is_named(epoch: int, full: bool) -> None:
    assert is_full(FetchRequest(session_epoch=epoch)) is full
