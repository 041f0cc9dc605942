from __future__ import annotations

import pytest

from zoneproxy.boundary.split import expect, in_place, join, refused, split
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.messages.offset_delete_response import OffsetDeleteResponsePartition, OffsetDeleteResponseTopic


def test_refused_entries_leave_the_list_and_keep_their_places() -> None:
    entries = [1, 2, 3, 4]
    places = split(entries, lambda n: f"no {n}" if n % 2 else None)

    assert entries == [2, 4]
    assert places == ["no 1", None, "no 3", None]
    assert refused(places) == ["no 1", "no 3"]
    assert in_place(places, ["two", "four"]) == ["no 1", "two", "no 3", "four"]


def test_nothing_refused_changes_nothing() -> None:
    entries = [1, 2]
    assert not refused(split(entries, lambda _: None))
    assert entries == [1, 2]


@pytest.mark.parametrize("answered", [[], ["one", "two"]])
def test_a_reply_of_another_length_fits_nothing(answered: list[str]) -> None:
    with pytest.raises(ProtocolError, match="reply_mismatch"):
        in_place(["no", None], answered)


def test_a_broker_may_answer_less_than_it_was_asked_but_nothing_else() -> None:
    expect(["a", "b"], ["b"])
    with pytest.raises(ProtocolError, match="reply_mismatch"):
        expect(["a"], ["a", "b"])


def test_a_topic_that_was_named_twice_is_told_once() -> None:
    topics = [
        OffsetDeleteResponseTopic(name=name, partitions=[OffsetDeleteResponsePartition(partition_index=index)])
        for index, name in enumerate(("a", "b", "a"))
    ]
    joined = join(topics, lambda topic: topic.name)
    assert [(topic.name, [p.partition_index for p in topic.partitions]) for topic in joined] == [
        ("a", [0, 2]),
        ("b", [1]),
    ]
