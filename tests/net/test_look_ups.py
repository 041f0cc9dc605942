from __future__ import annotations

import asyncio

from zoneproxy.net.look_ups import MAX_TOPIC_LENGTH, MAX_WAITING, LookUps

NONE: frozenset[str] = frozenset()
NO_IDS: frozenset[bytes] = frozenset()


def names(*some: str) -> frozenset[str]:
    return frozenset(some)


async def wait(look_ups: LookUps, ids: frozenset[bytes], some: frozenset[str]) -> asyncio.Task[None]:
    task = asyncio.ensure_future(look_ups.wait(ids, some))
    await asyncio.sleep(0)
    return task


async def test_what_is_wanted_meanwhile_is_asked_together() -> None:
    look_ups = LookUps()
    tasks = [await wait(look_ups, frozenset({b"1"}), names("a")), await wait(look_ups, NO_IDS, names("a", "b"))]
    assert look_ups.wanted.is_set()
    batch = look_ups.take()
    assert not look_ups.wanted.is_set()
    assert (batch.ids, batch.names) == ({b"1"}, {"a", "b"})
    look_ups.finish(answered=True)
    await asyncio.gather(*tasks)


async def test_what_is_being_asked_is_not_asked_again() -> None:
    look_ups = LookUps()
    first = await wait(look_ups, NO_IDS, names("a", "b"))
    look_ups.take()
    second = await wait(look_ups, NO_IDS, names("a"))
    assert not look_ups.wanted.is_set()
    third = await wait(look_ups, NO_IDS, names("c"))
    assert look_ups.wanted.is_set()
    look_ups.finish(answered=True)
    await asyncio.gather(first, second)
    assert not third.done()
    assert look_ups.take().names == {"c"}
    look_ups.finish(answered=True)
    await third


async def test_what_could_not_be_asked_is_asked_again() -> None:
    look_ups = LookUps()
    task = await wait(look_ups, NO_IDS, names("a"))
    look_ups.take()
    look_ups.finish(answered=False)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not task.done()
    assert look_ups.take().names == {"a"}
    look_ups.finish(answered=True)
    await task


async def test_what_waits_is_bounded() -> None:
    look_ups = LookUps()
    many = frozenset(str(n) for n in range(MAX_WAITING))
    first = await wait(look_ups, NO_IDS, many)
    await look_ups.wait(NO_IDS, names("one more"))
    assert len(look_ups.take()) == MAX_WAITING
    look_ups.finish(answered=True)
    await first


async def test_all_topics_are_asked_for_once() -> None:
    look_ups = LookUps()
    first = asyncio.ensure_future(look_ups.wait(NO_IDS, NONE, every=True))
    named = await wait(look_ups, NO_IDS, names("a"))
    batch = look_ups.take()
    assert batch.every
    second = asyncio.ensure_future(look_ups.wait(NO_IDS, names("a"), every=True))
    await asyncio.sleep(0)
    assert not look_ups.wanted.is_set()
    look_ups.finish(answered=True)
    await asyncio.gather(first, named, second)
    third = asyncio.ensure_future(look_ups.wait(NO_IDS, NONE, every=True))
    await asyncio.sleep(0)
    assert look_ups.wanted.is_set()
    assert look_ups.take().every
    look_ups.finish(answered=True)
    await third


async def test_names_that_no_topic_can_have_are_not_asked_for() -> None:
    look_ups = LookUps()
    await look_ups.wait(NO_IDS, names("", "x" * (MAX_TOPIC_LENGTH + 1)))
    await look_ups.wait(NO_IDS, NONE)
    assert not look_ups.wanted.is_set()


async def test_sizes_are_asked_for_like_topics() -> None:
    look_ups = LookUps()
    first = asyncio.ensure_future(look_ups.wait(NO_IDS, names(), sizes=names("a", "", "x" * (MAX_TOPIC_LENGTH + 1))))
    await asyncio.sleep(0)
    batch = look_ups.take()
    assert (batch.sizes, batch.names, len(batch)) == ({"a"}, set(), 1)
    second = asyncio.ensure_future(look_ups.wait(NO_IDS, names(), sizes=names("a")))
    third = asyncio.ensure_future(look_ups.wait(NO_IDS, names(), sizes=names("b")))
    await asyncio.sleep(0)
    look_ups.finish(answered=True)
    await asyncio.gather(first, second)
    assert not third.done()
    assert look_ups.take().sizes == {"b"}
    look_ups.finish(answered=True)
    await third
