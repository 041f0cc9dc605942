from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from zoneproxy.identity.sasl.shapes import Derive, FreshKeys, Pause, Refused, Running
from zoneproxy.net.sasl_needs import SaslNeeds


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1, "authentication") as made:
        yield made


async def test_what_authentication_waits_for(executor: ThreadPoolExecutor) -> None:
    asked: list[str] = []

    async def fresh() -> None:
        asked.append("keys")

    needs = SaslNeeds(executor, {"main": SimpleNamespace(fresh=fresh)}, 0.0)  # type: ignore[dict-item]

    def running() -> Running[str]:
        yield [Derive(lambda: asked.append(threading.current_thread().name)), FreshKeys("main")]
        yield [Pause()]
        return "done"

    assert await needs.run(running()) == "done"
    assert asked == ["authentication_0", "keys"]
    assert not needs.at_once([Pause()])
    assert needs.at_once([])


async def test_a_refusal_is_passed_on(executor: ThreadPoolExecutor) -> None:
    def running() -> Running[str]:
        yield [Pause()]
        raise Refused("password")

    with pytest.raises(Refused):
        await SaslNeeds(executor, {}, 0.0).run(running())


async def test_nothing_to_wait_for(executor: ThreadPoolExecutor) -> None:
    def running() -> Running[str]:
        yield from ()
        return "done"

    assert await SaslNeeds(executor, {}).run(running()) == "done"
