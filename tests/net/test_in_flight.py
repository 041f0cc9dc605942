from __future__ import annotations

from types import SimpleNamespace

import pytest

from zoneproxy.errors import ProtocolError
from zoneproxy.net.in_flight import InFlight, InFlightTable


def entry(correlation_id: int, size: int = 10, reply: bytes | None = None) -> InFlight:
    ctx = SimpleNamespace(header=SimpleNamespace(correlation_id=correlation_id))
    return InFlight(ctx, (), size, 0.0, 0.0, reply)  # type: ignore[arg-type]


def test_replies_are_matched_in_order() -> None:
    table = InFlightTable(10, 1000)
    for correlation_id in (5, -1, 5):
        table.add(entry(correlation_id))
    for correlation_id in (5, -1, 5):
        assert table.awaited(correlation_id).ctx.header.correlation_id == correlation_id
        table.done()
    assert not len(table)


def test_a_reply_out_of_turn_is_refused() -> None:
    table = InFlightTable(10, 1000)
    table.add(entry(1))
    table.add(entry(2))
    with pytest.raises(ProtocolError, match="correlation_id"):
        table.awaited(2)


def test_a_reply_to_nothing_is_refused() -> None:
    table = InFlightTable(10, 1000)
    with pytest.raises(ProtocolError, match="unasked_reply"):
        table.awaited(1)
    table.add(entry(1, reply=b"here"))
    with pytest.raises(ProtocolError, match="unasked_reply"):
        table.awaited(1)


def test_an_answer_given_here_is_ready_in_its_turn() -> None:
    table = InFlightTable(10, 1000)
    assert not table.ready()
    table.add(entry(1))
    table.add(entry(2, reply=b"here"))
    assert not table.ready()
    table.done()
    assert table.ready()
    assert table.done().reply == b"here"


def test_room_by_number() -> None:
    table = InFlightTable(2, 1000)
    table.add(entry(1))
    assert table.room
    table.add(entry(2))
    assert not table.room
    table.done()
    assert table.room


def test_room_by_size() -> None:
    table = InFlightTable(10, 100)
    table.add(entry(1, 5000))
    assert not table.room
    table.done()
    table.add(entry(1, 99))
    assert table.room
    table.add(entry(1, 1))
    assert not table.room
