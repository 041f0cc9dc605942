from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.boundary.share.kit import asking, topic_id
from zoneproxy.boundary.session_room import Room
from zoneproxy.boundary.share import sessions
from zoneproxy.boundary.share.sessions import ShareSession, ShareSessions, align, each, forgotten, keep

A, B = (topic_id("a"), 0), (topic_id("b"), 0)
PLACES = st.frozensets(st.sampled_from([(topic_id(name), 0) for name in "abcde"]))


def test_a_session_takes_over_what_is_added_and_taken_out() -> None:
    session = ShareSession(Room().lease())

    assert session.update(asking("a", "b"), lambda id_: id_[:1].decode())
    assert list(session.partitions) == [A, B]
    assert session.names == {A[0]: "a", B[0]: "b"}
    assert not session.update(asking("a", forget=("c",)), str)
    assert session.update(asking("a", forget=("a",)), str)
    assert (list(session.partitions), session.names) == ([B], {B[0]: "b"})


def test_epochs_go_on_and_wrap() -> None:
    session = ShareSession(Room().lease())
    session.advance(0)
    assert session.epoch == 1
    session.advance(1)
    session.advance(7)
    assert session.epoch == 2
    session.epoch = sessions.LAST_EPOCH
    session.advance(sessions.LAST_EPOCH)
    assert session.epoch == 1


def test_the_oldest_session_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "MAX_SESSIONS", 2)
    kept = ShareSessions()
    first, second = kept.open(("g", "1"), Room().lease()), kept.open(("g", "2"), Room().lease())
    again = kept.open(("g", "1"), Room().lease())
    assert again is not first
    assert (kept.get(("g", "1")), kept.get(("g", "2"))) == (again, second)
    kept.open(("h", "1"), Room().lease())
    assert kept.get(("g", "2")) is None
    kept.drop(("h", "1"))
    kept.drop(("h", "1"))
    assert kept.get(("h", "1")) is None


@given(PLACES, PLACES, PLACES, PLACES, PLACES)
def test_what_goes_on_leaves_in_the_brokers_session_what_is_fetched(
    fetched: frozenset[tuple[bytes, int]],
    held: frozenset[tuple[bytes, int]],
    asked: frozenset[tuple[bytes, int]],
    named: frozenset[tuple[bytes, int]],
    gone: frozenset[tuple[bytes, int]],
) -> None:
    named &= asked
    message = asking(*(id_[:1].decode() for id_, _ in sorted(asked)), forget=tuple(id_[:1].decode() for id_, _ in gone))
    before = [place for place, _ in each(message)], set(forgotten(message))
    edited = align(message, fetched, held, named)
    after = [place for place, _ in each(message)], set(forgotten(message))

    assert (held | set(after[0])) - after[1] == fetched
    assert set(after[0]) <= fetched | named
    assert named <= set(after[0])
    assert edited is (before != after)


def test_keeping_everything_changes_nothing() -> None:
    message = asking("a", "b")

    assert not keep(message, frozenset({A, B}))
    assert keep(message, frozenset({B}))
    assert [place for place, _ in each(message)] == [B]
