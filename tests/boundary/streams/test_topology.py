from __future__ import annotations

import pytest

from zoneproxy.boundary.streams.topology import all_topics, fault, internal_topics
from zoneproxy.wire.messages.streams_group_describe_response import Subtopology as Told
from zoneproxy.wire.messages.streams_group_describe_response import TopicInfo as ToldTopic
from zoneproxy.wire.messages.streams_group_heartbeat_request import Subtopology, TopicInfo

PROHIBITED = (
    "Use of Kafka internal topics __share_group_state,__transaction_state in a Kafka Streams topology is prohibited."
)


def test_topics_are_found_in_all_their_places_each_once() -> None:
    parts = [
        Subtopology(
            source_topics=["a", "b"],
            repartition_sink_topics=["r"],
            repartition_source_topics=[TopicInfo(name="s")],
            state_changelog_topics=[TopicInfo(name="c")],
        ),
        Subtopology(source_topics=["b"], repartition_source_topics=[TopicInfo(name="r")]),
    ]

    assert list(all_topics(parts)) == ["a", "b", "r", "s", "c"]
    assert list(internal_topics(parts)) == ["s", "c", "r"]


def test_descriptions_have_the_same_places() -> None:
    assert list(all_topics([Told(source_topics=["a"], state_changelog_topics=[ToldTopic(name="c")])])) == ["a", "c"]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["a", "b.c_d-E9", "x" * 249], None),
        ([], None),
        (["__share_group_state", "a b", "__transaction_state"], PROHIBITED),
        (["a b", "ok", ""], "Topic names a b, are not valid topic names."),
        (["."], "Topic names . are not valid topic names."),
        ([".."], "Topic names .. are not valid topic names."),
        (["a\n"], "Topic names a\n are not valid topic names."),
    ],
)
def test_names_that_no_topology_may_have(names: list[str], words: str | None) -> None:
    assert fault(names) == words


def test_names_that_are_too_long() -> None:
    assert fault(["x" * 250]) is not None
