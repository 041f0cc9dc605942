from __future__ import annotations

from zoneproxy.wire import give_way as module
from zoneproxy.wire.give_way import give_way


def test_it_is_interpreted_whatever_else_is_compiled() -> None:
    give_way()
    assert (module.__file__ or "").endswith(".py")
