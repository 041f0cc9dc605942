from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.boundary.batch_kit import (
    BLOCK,
    CLEAN,
    CODECS,
    CONTROL,
    DIRTY,
    HIDE,
    LIMITS,
    OUT,
    TRANSACTIONAL,
    batch,
    plan,
    record,
    record_lists,
    whole,
)
from zoneproxy.boundary import fetch_cache as module
from zoneproxy.boundary.batch_result import BatchResult
from zoneproxy.boundary.batches import treat_fetch
from zoneproxy.boundary.facts import Blocked, CacheUsed, Found, Scanned
from zoneproxy.boundary.fetch_cache import COPIES, OVERHEAD, FetchCache, Key, Treated, as_kept
from zoneproxy.boundary.plan import ControlPlan
from zoneproxy.policy.controls import Action, Detect
from zoneproxy.wire.batch import Whole

PACKED = max(CODECS)


def treat(data: Any, cache: FetchCache | None, compiled: ControlPlan = BLOCK, **more: Any) -> BatchResult:
    return treat_fetch(data, compiled, LIMITS, replace(OUT, **more), cache)


def used(result: BatchResult) -> tuple[int, int]:
    """Hits and misses."""
    return sum(f.hits for f in result.facts if isinstance(f, CacheUsed)), sum(
        f.misses for f in result.facts if isinstance(f, CacheUsed)
    )


def told(result: BatchResult) -> list[Any]:
    """All but what is only about the work that it took."""
    return [fact for fact in result.facts if not isinstance(fact, (Scanned, CacheUsed))]


@pytest.mark.parametrize("codec", CODECS)
def test_ten_groups_cost_one_scan(codec: int) -> None:
    cache = FetchCache(1 << 20)
    data = batch([CLEAN, DIRTY, CLEAN], codec=codec)
    first, *others = (treat(data, cache) for _ in range(10))
    assert used(first) == (0, 1)
    assert first.data is not None
    assert first.blocked == 1
    for other in others:
        assert used(other) == (1, 0)
        assert other.data == first.data
        assert (other.blocked, other.reason) == (first.blocked, first.reason)
        assert told(other) == told(first)
        assert any(isinstance(fact, Found) for fact in other.facts)
        assert not any(isinstance(fact, Scanned) for fact in other.facts)


def test_a_clean_batch_goes_on_as_it_came_and_nothing_of_it_is_held() -> None:
    cache = FetchCache(1 << 20)
    data = batch([CLEAN] * 100, codec=PACKED)
    assert treat(data, cache).data is None
    assert treat(data, cache).data is None
    assert cache.size == OVERHEAD


def test_of_what_is_not_compressed_a_copy_is_held_and_all_of_its_bytes_have_to_be_the_same() -> None:
    cache = FetchCache(1 << 20)
    data = batch([DIRTY])
    assert [used(treat(data, cache)) for _ in range(3)] == [(0, 1), (1, 0), (1, 0)]
    assert OVERHEAD + len(data) <= cache.size <= 2 * (OVERHEAD + len(data))
    entry = whole(data)
    key = cache.key(entry, BLOCK, OUT)
    assert key is not None
    assert key.digest is None
    assert cache.get(key, entry)
    forged = bytearray(data)
    forged[-2] ^= 1  # and the CRC is what it was
    other = Whole(memoryview(forged), entry.header)
    assert cache.key(other, BLOCK, OUT) == key
    assert cache.get(key, other) is None
    assert used(treat(bytes(forged), cache)) == (0, 1)
    assert used(treat(data, cache)) == (1, 0)  # a wrong CRC is not kept


def test_what_was_read_again_is_known_by_its_hash_when_it_makes_room() -> None:
    size = FetchCache(1 << 20)
    treat(batch([DIRTY]), size)
    cache = FetchCache(size.size * COPIES)  # room for one copy
    batches = [batch([DIRTY], base_offset=n) for n in range(3)]
    for data in (batches[0], batches[0], batches[1], batches[2]):
        treat(data, cache)
    keys = [cache.key(whole(data), BLOCK, OUT) for data in batches]
    assert [key is not None and key.digest is None for key in keys] == [False, False, True]
    assert used(treat(batches[0], cache)) == (1, 0)
    assert [used(treat(batches[1], cache)) for _ in range(2)] == [(0, 1), (1, 0)]  # was read but once
    assert used(treat(batches[2], cache)) == (1, 0)


def test_what_is_too_large_for_a_copy_is_hashed_when_it_comes_again() -> None:
    data = batch([DIRTY, *[CLEAN] * 100])
    cache = FetchCache(len(data) * 2)
    assert [used(treat(data, cache)) for _ in range(3)] == [(0, 1), (0, 1), (1, 0)]
    assert cache.size < 2 * len(data)


@pytest.mark.parametrize(
    "more", [{"topic": "other"}, {"partition": 7}, {"from_zone": "x"}, {"to_zone": "x"}, {"observe": True}]
)
def test_what_was_kept_for_one_crossing_is_not_given_to_another(more: dict[str, Any]) -> None:
    cache = FetchCache(1 << 20)
    data = batch([DIRTY], codec=PACKED)
    assert used(treat(data, cache)) == (0, 1)
    assert used(treat(data, cache, **more)) == (0, 1)
    assert used(treat(data, cache)) == (1, 0)


def test_nor_to_who_has_other_rules_nor_for_other_bytes() -> None:
    cache = FetchCache(1 << 20)
    data = batch([DIRTY], codec=PACKED)
    assert used(treat(data, cache)) == (0, 1)
    assert used(treat(data, cache, HIDE)) == (0, 1)
    assert used(treat(batch([DIRTY, CLEAN], codec=PACKED), cache)) == (0, 1)
    moved = bytearray(data)
    moved[:8] = (99).to_bytes(8, "big")  # another base offset: not part of the CRC
    assert used(treat(bytes(moved), cache)) == (0, 1)


def test_principals_share_what_is_not_about_them() -> None:
    cache = FetchCache(1 << 20)
    data = batch([DIRTY], codec=PACKED)
    treat(data, cache, principal="alice", now=1.0, digest="a")
    assert used(treat(data, cache, principal="bob", now=2.0, digest="b")) == (1, 0)


@pytest.mark.parametrize("attribute", ["per_principal", "signs"])
def test_what_is_for_one_principal_or_signed_is_not_kept(attribute: str) -> None:
    own = ControlPlan((Detect("rule", ("PAYMENT_CARD",), 0.5, Action.BLOCK),), {})
    setattr(own, attribute, True)
    cache = FetchCache(1 << 20)
    data = batch([DIRTY], codec=PACKED)
    assert [used(treat(data, cache, own)) for _ in range(3)] == [(0, 0)] * 3
    assert cache.size == 0


def test_what_goes_to_the_quarantine_is_not_kept() -> None:
    quarantine = plan(Detect("rule", ("PAYMENT_CARD",), 0.5, Action.QUARANTINE))
    cache = FetchCache(1 << 20)
    data = batch([DIRTY], codec=PACKED)
    results = [treat(data, cache, quarantine) for _ in range(3)]
    assert all(result.kept for result in results)
    assert [used(result) for result in results] == [(0, 1)] * 3
    assert cache.size == 0


def test_what_could_not_be_looked_into_may_be_able_to_the_next_time() -> None:
    cache = FetchCache(1 << 20)
    broken = bytearray(batch([CLEAN], codec=PACKED))
    broken[-1] ^= 1
    for _ in range(2):
        result = treat(bytes(broken), cache)
        assert used(result) == (0, 1)
        assert [fact.reason for fact in result.facts if isinstance(fact, Blocked)] == ["crc"]
    assert cache.size == 0


def test_control_batches_come_out_as_they_came() -> None:
    cache = FetchCache(1 << 20)
    data = batch([record(bytes(6), b"\0\0\0\1")], attributes=CONTROL | TRANSACTIONAL)
    assert all(treat(data, cache).data is None for _ in range(4))


def test_what_is_kept_is_bounded_and_what_was_not_used_longest_goes_first() -> None:
    batches = [batch([DIRTY, CLEAN], codec=PACKED, base_offset=n) for n in range(3)]
    one = FetchCache(1 << 20)
    treat(batches[0], one)
    cache = FetchCache(2 * one.size)
    for data in batches[:2]:
        treat(data, cache)
    assert used(treat(batches[0], cache)) == (1, 0)
    treat(batches[2], cache)
    assert cache.size <= 2 * one.size
    assert used(treat(batches[0], cache)) == (1, 0)
    assert used(treat(batches[1], cache)) == (0, 1)


def test_what_is_too_large_for_the_whole_of_it_or_for_none_is_not_kept() -> None:
    data = batch([DIRTY, CLEAN], codec=PACKED)
    small = FetchCache(OVERHEAD)
    assert [used(treat(data, small)) for _ in range(2)] == [(0, 1)] * 2
    assert small.size == 0
    nothing = FetchCache(0)
    assert [used(treat(data, nothing)) for _ in range(2)] == [(0, 0)] * 2


def test_what_is_kept_again_does_not_count_twice() -> None:
    cache = FetchCache(1 << 20)
    treated = Treated(b"x" * 100, (), 0, "")
    entry = whole(batch([CLEAN]))
    hashed, copied = Key(("a",), b"digest"), Key(("a",))
    for key, more in ((hashed, 0), (copied, OVERHEAD + len(entry.view))):
        cache.put(key, treated, entry)
        cache.put(key, Treated(None, (), 0, ""), entry)
        assert cache.size == OVERHEAD + more
    assert treated.size == OVERHEAD + 100


def test_what_no_copy_could_be_held_of_is_remembered_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_SEEN", 2)
    cache = FetchCache(COPIES)
    batches = [batch([CLEAN], base_offset=n) for n in range(3)]
    for data in batches:
        treat(data, cache)
    keys = [cache.key(whole(data), BLOCK, OUT) for data in batches]
    assert [key is not None and key.digest is not None for key in keys] == [False, False, True]


def test_copies_make_others_go_that_were_not_used_longest() -> None:
    packed = batch([DIRTY], codec=PACKED)
    one = FetchCache(1 << 20)
    treat(packed, one)
    copied = FetchCache(1 << 20)
    treat(batch([CLEAN]), copied)
    cache = FetchCache(max(one.size, copied.size * COPIES))
    treat(packed, cache)
    for n in range(COPIES + 2):
        treat(batch([CLEAN], base_offset=n), cache)
        assert cache.size <= max(one.size, copied.size * COPIES)


def test_a_kept_piece_does_not_hold_on_to_the_reply() -> None:
    data = memoryview(batch([CLEAN]))
    entry = whole(data)
    assert as_kept(entry.view, entry) is None
    kept = as_kept(data[1:5], entry)
    assert type(kept) is bytes
    assert kept == bytes(data[1:5])


@given(st.lists(record_lists(), min_size=1, max_size=3), st.sampled_from([BLOCK, HIDE]), st.sampled_from(CODECS))
def test_the_cache_makes_no_difference(lists: list[Any], compiled: ControlPlan, codec: int) -> None:
    data = b"".join(batch(records, codec=codec) for records in lists)
    plain = treat(data, None, compiled)
    cache = FetchCache(1 << 20)
    for _ in range(3):
        result = treat(data, cache, compiled)
        assert result.data == plain.data
        assert (result.blocked, result.reason) == (plain.blocked, plain.reason)
        assert told(result) == told(plain)


def test_it_is_used_by_one_thread_at_a_time() -> None:
    entered: list[str] = []

    class Alone:
        def __enter__(self) -> None:
            assert entered.count("in") == entered.count("out")
            entered.append("in")

        def __exit__(self, *_: object) -> None:
            entered.append("out")

    cache = FetchCache(1 << 20, Alone())
    for _ in range(3):
        treat(batch([DIRTY]), cache)
    assert entered == ["in", "out"] * (len(entered) // 2)
    assert len(entered) > 6
