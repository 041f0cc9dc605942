from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from zoneproxy.boundary.interceptor import LookUp, Schemas, Work
from zoneproxy.net import needs as module
from zoneproxy.net.needs import INLINE, Needs
from zoneproxy.policy.namespaces import Namespace


class Asked:
    def __init__(self) -> None:
        self.calls: list[tuple[frozenset[bytes], frozenset[str]]] = []
        self.every: list[bool] = []
        self.sizes: list[frozenset[str]] = []

    async def look_up(
        self,
        ids: frozenset[bytes],
        names: frozenset[str],
        *,
        every: bool = False,
        sizes: frozenset[str] = frozenset(),
    ) -> None:
        self.calls.append((ids, names))
        self.every.append(every)
        self.sizes.append(sizes)


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


LOOK_UP = LookUp(frozenset({b"i" * 16}), frozenset({"t"}))


def noting(done: list[tuple[int, bool]], number: int, size: int) -> Work:
    return Work([lambda: done.append((number, threading.current_thread() is threading.main_thread()))], size)


def test_small_work_is_done_at_once(executor: ThreadPoolExecutor) -> None:
    done: list[tuple[int, bool]] = []
    needs = Needs(Asked(), executor)
    assert needs.at_once([noting(done, 1, 10), noting(done, 2, INLINE - 11)])
    assert done == [(1, True), (2, True)]
    assert needs.at_once([])


def test_what_cannot_be_done_at_once_is_not_begun(executor: ThreadPoolExecutor) -> None:
    done: list[tuple[int, bool]] = []
    needs = Needs(Asked(), executor)
    assert not needs.at_once([noting(done, 1, 10), LOOK_UP])
    assert not needs.at_once([noting(done, 1, 10), noting(done, 2, INLINE - 10)])
    assert not done


async def test_everything_is_fulfilled_in_order(executor: ThreadPoolExecutor) -> None:
    done: list[tuple[int, bool]] = []
    asked = Asked()
    needs = Needs(asked, executor)
    await needs.fulfil([noting(done, 1, 10), noting(done, 2, INLINE), LOOK_UP, noting(done, 3, INLINE - 1)])
    assert done == [(1, True), (2, False), (3, True)]
    assert asked.calls == [(LOOK_UP.ids, LOOK_UP.names)]


async def test_a_request_with_much_work_lets_others_have_their_turn(
    executor: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TURN", 0)
    done: list[str] = []
    needs = Needs(Asked(), executor)
    begun = threading.Event()

    def first() -> None:
        begun.set()
        assert others_wait.wait(10)
        done.append("much")

    others_wait = threading.Event()
    much = asyncio.ensure_future(needs.fulfil([Work([first, *[lambda: done.append("much")] * 3], INLINE)]))
    await asyncio.to_thread(begun.wait, 10)
    little = asyncio.ensure_future(needs.fulfil([Work([lambda: done.append("little")], INLINE)]))
    await asyncio.sleep(0)  # it has asked for a thread now
    others_wait.set()
    await asyncio.gather(much, little)
    assert done == ["much", "little", "much", "much", "much"]


def test_many_small_jobs_are_done_in_one_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TURN", 600)
    done: list[int] = []
    jobs = iter([lambda: done.append(1)] * 100)
    assert not module.run_for_a_while(jobs)
    assert len(done) == 100


@pytest.mark.parametrize("size", [1, INLINE])
async def test_what_a_job_raises_is_raised(executor: ThreadPoolExecutor, size: int) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await Needs(Asked(), executor).fulfil([Work([fail], size)])


async def test_look_ups_of_a_namespace_are_asked_with_its_prefix(executor: ThreadPoolExecutor) -> None:
    asked = Asked()
    needs = Needs(asked, executor)
    assert needs.within(None) is needs
    await needs.within(Namespace("pay.")).fulfil([LOOK_UP])
    assert asked.calls == [(frozenset({b"i" * 16}), frozenset({"pay.t"}))]


async def test_all_topics_are_asked_for(executor: ThreadPoolExecutor) -> None:
    asked = Asked()
    needs = Needs(asked, executor)
    await needs.fulfil([LookUp(every=True), LOOK_UP])
    await needs.within(Namespace("pay.")).fulfil([LookUp(every=True)])
    assert asked.every == [True, False, True]


async def test_sizes_are_asked_for_in_the_upstreams_words(executor: ThreadPoolExecutor) -> None:
    asked = Asked()
    needs = Needs(asked, executor)
    need = LookUp(sizes=frozenset({"t"}))
    assert not needs.at_once([need])
    await needs.fulfil([need])
    await needs.within(Namespace("a.")).fulfil([need])
    assert asked.sizes == [frozenset({"t"}), frozenset({"a.t"})]


class Registries:
    def __init__(self) -> None:
        self.asked: list[Schemas] = []

    async def look_up(self, need: Schemas) -> None:
        self.asked.append(need)


async def test_schemas_are_asked_for_within_a_namespace_too(executor: ThreadPoolExecutor) -> None:
    registries = Registries()
    needs = Needs(Asked(), executor, registries)
    need = Schemas(frozenset({("main", 1)}))
    assert not needs.at_once([need])
    await needs.fulfil([need])
    await needs.within(Namespace("a.")).fulfil([need])
    assert registries.asked == [need, need]
    await Needs(Asked(), executor).fulfil([need])
