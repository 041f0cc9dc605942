from __future__ import annotations

import asyncio

from zoneproxy.net.publishing.outbox import OVERHEAD, Outbox, Outgoing


def records(count: int, size: int = 10) -> list[Outgoing]:
    return [Outgoing(str(n).encode().rjust(size), n) for n in range(count)]


def test_what_goes_in_comes_out_in_order_and_stays_until_it_is_removed() -> None:
    outbox, some = Outbox(10, 10_000), records(3)
    assert all(outbox.put(record) for record in some)
    assert list(outbox.next(2, 10_000)) == some[:2]
    assert list(outbox.next(2, 10_000)) == some[:2]
    outbox.remove(2)
    assert list(outbox.next(2, 10_000)) == some[2:]
    assert len(outbox) == 1
    assert outbox.bytes == some[2].size


def test_it_is_bounded_in_records() -> None:
    outbox = Outbox(2, 10_000)
    assert [outbox.put(record) for record in records(3)] == [True, True, False]
    outbox.remove(1)
    assert outbox.put(records(1)[0])


def test_it_is_bounded_in_bytes_headers_included() -> None:
    outbox = Outbox(10, 2 * OVERHEAD + 25)
    assert outbox.put(Outgoing(b"1" * 10, 0, ((b"12345", b"12345"), (b"", None))))
    assert not outbox.put(Outgoing(b"1" * 6, 0))
    assert outbox.put(Outgoing(b"1" * 5, 0))


def test_a_batch_is_bounded_in_bytes_but_never_empty() -> None:
    outbox, some = Outbox(10, 100_000), records(4, 1000)
    for record in some:
        outbox.put(record)
    assert list(outbox.next(10, 2 * some[0].size)) == some[:2]
    assert list(outbox.next(10, 1)) == some[:1]


async def test_who_waits_is_told() -> None:
    outbox = Outbox(10, 10_000)
    await outbox.emptied()
    filled = asyncio.ensure_future(outbox.filled())
    await asyncio.sleep(0)
    assert not filled.done()
    outbox.put(records(1)[0])
    await filled
    emptied = asyncio.ensure_future(outbox.emptied())
    await asyncio.sleep(0)
    assert not emptied.done()
    outbox.remove(1)
    await emptied
    again = asyncio.ensure_future(outbox.filled())
    await asyncio.sleep(0)
    assert not again.done()
    again.cancel()
