from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.boundary.cut import Cut, Place, Refusal, Shape
from zoneproxy.errors import ProtocolError


@dataclass
class Asked:
    name: str
    partitions: list[int]


@dataclass
class Answer:
    name: str
    partitions: list[tuple[int, int]] = field(default_factory=list)  # (index, error)


SHAPE: Shape[Asked, int, Answer, tuple[int, int]] = Shape(
    asked_partitions=lambda topic: topic.partitions,
    asked_index=lambda partition: partition,
    reply_topic=lambda topic: Answer(topic.name),
    reply_key=lambda topic: topic.name,
    reply_partitions=lambda topic: topic.partitions,
    reply_index=lambda partition: partition[0],
    refused=lambda index, refusal: (index, refusal.error),
)
DENIED = Refusal(29)


def topics() -> list[Asked]:
    return [Asked("a", [0, 1]), Asked("b", [0]), Asked("c", [5, 4])]


def test_what_is_refused_leaves_the_request_and_comes_back_in_its_place() -> None:
    request = topics()
    cut = Cut(SHAPE, request, {(0, 1): DENIED, (1, 0): DENIED})
    cut.apply(request)

    assert request == [Asked("a", [0]), Asked("c", [5, 4])]
    assert cut.forwarded == 3
    broker_order = [Answer("c", [(4, 0), (5, 7)]), Answer("a", [(0, 0)])]
    assert cut.merge(broker_order) == [
        Answer("a", [(0, 0), (1, 29)]),
        Answer("b", [(0, 29)]),
        Answer("c", [(5, 7), (4, 0)]),
    ]


def test_with_everything_refused_the_reply_is_made_here() -> None:
    request = [Asked("a", [0, 1])]
    cut = Cut(SHAPE, request, {(0, 0): DENIED, (0, 1): Refusal(42)})

    assert cut.forwarded == 0
    assert cut.merge(()) == [Answer("a", [(0, 29), (1, 42)])]


@pytest.mark.parametrize(
    "answered",
    [
        [],
        [Answer("a", [(0, 0)])],
        [Answer("a", [(0, 0), (1, 0)]), Answer("b", [(0, 0)])],
        [Answer("a", [(0, 0)]), Answer("x", [(5, 0), (4, 0)])],
        [Answer("a", [(0, 0)]), Answer("c", [(5, 0), (5, 0)])],
        [Answer("a", [(0, 0)]), Answer("c", [(5, 0), (4, 0), (4, 0)])],
    ],
)
def test_an_answer_to_something_else_is_no_answer(answered: list[Answer]) -> None:
    request = topics()
    cut = Cut(SHAPE, request, {(0, 1): DENIED, (1, 0): DENIED})

    with pytest.raises(ProtocolError, match="reply_mismatch"):
        cut.merge(answered)


asked_topics = st.dictionaries(st.sampled_from("abcdef"), st.sets(st.integers(0, 9), max_size=5), max_size=6)


@given(asked_topics, st.data())
def test_clients_get_what_they_asked_for_in_their_order(asked: dict[str, set[int]], data: st.DataObject) -> None:
    request = [Asked(name, data.draw(st.permutations(sorted(partitions)))) for name, partitions in asked.items()]
    places: list[Place] = [(t, p) for t, topic in enumerate(request) for p in range(len(topic.partitions))]
    refused = {place: DENIED for place in places if data.draw(st.booleans())}
    wanted = [(topic.name, list(topic.partitions)) for topic in request]
    denied = {(request[t].name, request[t].partitions[p]) for t, p in refused}

    cut = Cut(SHAPE, request, refused)
    cut.apply(request)
    forwarded = {(topic.name, partition) for topic in request for partition in topic.partitions}
    answered = data.draw(st.permutations([Answer(t.name, [(p, 0) for p in t.partitions]) for t in request]))
    whole = cut.merge(answered)

    assert not forwarded & denied
    assert [(topic.name, [index for index, _ in topic.partitions]) for topic in whole] == wanted
    assert {(t.name, i) for t in whole for i, error in t.partitions if error == 29} == denied
