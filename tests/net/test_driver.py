from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.net.harness import Steps, until
from zoneproxy.boundary.interceptor import LookUp, Work
from zoneproxy.net.driver import Driver
from zoneproxy.net.needs import Needs

LOOK_UP = LookUp(names=frozenset({"t"}))
SMALL = Work([], 0)


class Gate:
    def __init__(self) -> None:
        self.open = asyncio.Event()

    async def look_up(
        self,
        ids: frozenset[bytes],
        names: frozenset[str],
        *,
        every: bool = False,
        sizes: frozenset[str] = frozenset(),
    ) -> None:
        await self.open.wait()


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def steps(*needs: LookUp | Work, result: object = "result") -> Steps:
    for need in needs:
        yield [need]
    if isinstance(result, Exception):
        raise result
    return result


async def test_what_needs_no_waiting_is_done_at_once(executor: ThreadPoolExecutor) -> None:
    driver: Driver[object] = Driver(Needs(Gate(), executor), lambda: None)
    assert driver.start(steps()) == ("result",)
    assert driver.start(steps(SMALL, SMALL, result=False)) == (False,)
    assert not driver.busy
    with pytest.raises(ZeroDivisionError):
        driver.start(steps(SMALL, result=ZeroDivisionError()))
    driver.cancel()


async def test_what_waits_wakes_its_owner_when_it_is_done(executor: ThreadPoolExecutor) -> None:
    gate, woken = Gate(), []
    driver: Driver[object] = Driver(Needs(gate, executor), lambda: woken.append(1))
    assert driver.start(steps(SMALL, LOOK_UP, SMALL, LOOK_UP)) is None
    assert driver.busy
    assert not driver.finished
    gate.open.set()
    await until(lambda: woken)
    assert driver.finished
    assert driver.take() == "result"
    assert not driver.busy


async def test_what_fails_later_is_raised_to_whoever_takes_it(executor: ThreadPoolExecutor) -> None:
    gate, woken = Gate(), []
    driver: Driver[object] = Driver(Needs(gate, executor), lambda: woken.append(1))
    driver.start(steps(LOOK_UP, result=ZeroDivisionError()))
    gate.open.set()
    await until(lambda: woken)
    with pytest.raises(ZeroDivisionError):
        driver.take()


async def test_what_is_given_up_wakes_nobody(executor: ThreadPoolExecutor) -> None:
    gate, woken, ended = Gate(), [], []

    def watched() -> Steps:
        try:
            yield [LOOK_UP]
        finally:
            ended.append(1)

    driver: Driver[object] = Driver(Needs(gate, executor), lambda: woken.append(1))
    driver.start(watched())
    await asyncio.sleep(0)
    driver.cancel()
    await until(lambda: ended)
    assert not woken
