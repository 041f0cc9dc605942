from __future__ import annotations

import asyncio
from typing import Any

from tests.net.harness import until
from zoneproxy.net.tasks import Tasks


async def test_a_task_that_is_done_is_let_go() -> None:
    tasks, done = Tasks(), []

    async def work() -> None:
        done.append(1)

    tasks.start(work(), "work")
    assert len(tasks) == 1
    await until(lambda: not len(tasks))
    assert done


async def test_stopping_waits_for_the_end_of_each() -> None:
    tasks, ended = Tasks(), []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.append(1)

    for _ in range(3):
        tasks.start(work(), "work")
    await asyncio.sleep(0)
    await tasks.stop()
    assert ended == [1, 1, 1]
    assert not len(tasks)


async def test_a_failure_is_told_to_the_event_loop() -> None:
    tasks, told = Tasks(), []

    async def work() -> None:
        raise ValueError("no")

    def tell(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        told.append(context)

    asyncio.get_running_loop().set_exception_handler(tell)
    tasks.start(work(), "some work")
    await until(lambda: told)
    assert told[0]["message"] == "task some work failed"
    assert isinstance(told[0]["exception"], ValueError)
