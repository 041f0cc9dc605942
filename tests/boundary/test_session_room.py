from __future__ import annotations

import pytest

from zoneproxy.boundary import session_room
from zoneproxy.boundary.session_room import Room


def test_all_sessions_together_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_room, "MAX_PARTITIONS", 10)
    room = Room()
    one, other = room.lease(), room.lease()

    assert one.hold(4)
    assert other.hold(6)
    assert not one.hold(5)
    assert one.hold(3)
    assert other.hold(7)
    assert room.is_left


def test_what_nobody_holds_any_longer_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_room, "MAX_PARTITIONS", 10)
    room = Room()
    gone = room.lease()
    assert not gone.hold(11)
    del gone

    assert room.lease().hold(10)
