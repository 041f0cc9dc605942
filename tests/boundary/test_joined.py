from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.boundary.batch_kit import CLEAN, record
from zoneproxy.boundary.joined import any_joined
from zoneproxy.wire.record import Record, write_records


def joined(*records: Record) -> bool:
    return any_joined(memoryview(write_records(records)), len(records))


@pytest.mark.parametrize("length", [23, 24, 28, 3072, 3711])
@pytest.mark.parametrize("start", [b"4", b".", b"0"])
def test_lengths_that_read_like_a_digit_or_dot(length, start):
    part = start.ljust(length)
    assert joined(record(CLEAN), record(part, at=1))
    assert joined(record(None, key=part))
    assert joined(record(None, headers=[(part, None)]))
    assert joined(record(None, b"x", headers=[(b"a", b"b"), (b"c", part)]))


@pytest.mark.parametrize(
    "part", [b"", b"4", b"4" * 22, b"4" * 29, b"x" * 24, b"{" * 3200, b"4" * 4000, b"4" * 70_000, None]
)
def test_others(part):
    assert not joined(record(part, part, [(part or b"", part)], at=1), record(CLEAN, at=2), record(None, at=3))


@pytest.mark.parametrize("size", [0, 1, 5, 10])
def test_what_cannot_be_told_apart(size):
    payload = write_records([record(CLEAN), record(CLEAN, at=1)])
    assert not any_joined(payload, 2)
    assert any_joined(payload, 1)
    assert any_joined(payload, 3)
    assert any_joined(payload[: -1 - size], 2)
    assert any_joined(payload + bytes(size + 1), 2)


PARTS = st.none() | st.binary(max_size=30) | st.integers(20, 30).map(lambda size: b"4" * size)


@given(st.lists(st.tuples(PARTS, PARTS, st.lists(st.tuples(PARTS, PARTS), max_size=2)), max_size=3))
def test_agrees_with_the_parts_themselves(rows):
    records = [
        record(value, key, [(name or b"", content) for name, content in headers], at)
        for at, (key, value, headers) in enumerate(rows)
    ]
    parts = [part for each in records for part in (each.key, each.value, *(p for pair in each.headers for p in pair))]
    assert joined(*records) == any(23 <= len(part) <= 28 and part[:1] in b"0123456789." for part in parts if part)


@given(st.binary(), st.integers(0, 5))
def test_any_bytes_have_an_answer(payload, count):
    any_joined(payload, count)
