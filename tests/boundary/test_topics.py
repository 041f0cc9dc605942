from __future__ import annotations

from zoneproxy.boundary.topics import ABSENT_SECONDS, MAX_NAME_LENGTH, TopicIndex

ID = b"i" * 16
OTHER = b"o" * 16


def index(**changes: float) -> TopicIndex:
    return TopicIndex(ttl_seconds=changes.get("ttl", 100.0), max_topics=int(changes.get("most", 10)))


def test_knows_both_ways_until_it_is_too_old() -> None:
    topics = index()
    topics.present("orders", ID, 0.0)

    assert topics.name_of(ID, 100.0) == "orders"
    assert topics.exists("orders", 100.0) is True
    assert topics.name_of(ID, 100.1) is None
    assert topics.exists("orders", 100.1) is None


def test_says_nothing_of_what_it_never_heard() -> None:
    topics = index()

    assert topics.name_of(ID, 0.0) is None
    assert topics.exists("orders", 0.0) is None
    assert not topics.asked(ID, 0.0)


def test_believes_absence_for_a_moment_only() -> None:
    topics = index()
    topics.absent_name("orders", 0.0)
    topics.absent_id(ID, 0.0)

    assert topics.exists("orders", ABSENT_SECONDS) is False
    assert topics.asked(ID, ABSENT_SECONDS)
    assert topics.name_of(ID, 0.0) is None
    assert topics.exists("orders", ABSENT_SECONDS + 0.1) is None
    assert not topics.asked(ID, ABSENT_SECONDS + 0.1)


def test_a_topic_without_an_id_exists() -> None:
    topics = index()
    topics.present("orders", bytes(16), 0.0)

    assert topics.exists("orders", 0.0) is True
    assert topics.name_of(bytes(16), 0.0) is None


def test_a_mistaken_id_is_forgotten_with_its_name() -> None:
    topics = index()
    topics.present("orders", ID, 0.0)
    topics.forget_id(ID)
    topics.forget_id(OTHER)

    assert not topics.asked(ID, 0.0)
    assert topics.exists("orders", 0.0) is None


def test_a_name_can_be_forgotten() -> None:
    topics = index()
    topics.present("orders", ID, 0.0)
    topics.forget_name("orders")
    topics.forget_name("never heard of")

    assert topics.exists("orders", 0.0) is None
    assert topics.asked(ID, 0.0)


def test_is_bounded_and_forgets_the_oldest() -> None:
    topics = index(most=2)
    for number in range(5):
        topics.present(f"t{number}", bytes([number + 1]) * 16, 0.0)

    assert [topics.exists(f"t{number}", 0.0) for number in range(5)] == [None, None, None, True, True]
    assert [topics.name_of(bytes([number + 1]) * 16, 0.0) for number in range(5)] == [None, None, None, "t3", "t4"]


def test_names_that_cannot_exist_are_not_kept() -> None:
    topics = index()
    name = "n" * (MAX_NAME_LENGTH + 1)
    topics.present(name, ID, 0.0)
    topics.absent_name(name, 0.0)

    assert topics.name_of(ID, 0.0) is None
    assert topics.exists(name, 0.0) is False
