"""Batches and plans for the tests of record treatment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from hypothesis import strategies as st

from tests.detect.samples import CARD, EMAIL, surrounded
from zoneproxy.boundary.crossing import Crossing
from zoneproxy.boundary.plan import ControlPlan
from zoneproxy.policy.controls import Action, Control, Detect, RedactField, RedactFinding
from zoneproxy.policy.transforms import Transform, TransformKind
from zoneproxy.wire.batch import BatchHeader, Whole, build_batch, open_batch, walk
from zoneproxy.wire.compression import DecompressionLimits
from zoneproxy.wire.record import Record, read_records, write_records

LIMITS = DecompressionLimits()
IN = Crossing("produce", "t", 2)
OUT = Crossing("fetch", "t", 2)
KEYS = {"k": b"k" * 32}
MASK = Transform(TransformKind.MASK, keep_last=4)
HASH = Transform(TransformKind.HASH, key="k")
REMOVE = Transform(TransformKind.REMOVE)
TYPES = ("PAYMENT_CARD", "US_SSN", "EMAIL", "IBAN")
TRANSACTIONAL, CONTROL, DELETE_HORIZON = 0x10, 0x20, 0x40
CODECS = [0, 1, 2, 3, 4]
MASKED = "*" * 12 + CARD[-4:]


def plan(*controls: Control) -> ControlPlan:
    return ControlPlan(controls, KEYS)


def detect(action: Action = Action.BLOCK, confidence: float = 0.6, types: Sequence[str] = TYPES) -> Detect:
    return Detect("no cards", tuple(types), confidence, action)


def redact(transform: Transform = MASK, types: Sequence[str] = TYPES) -> RedactFinding:
    return RedactFinding("hide", tuple(types), 0.6, transform)


def field(path: str, transform: Transform = MASK) -> RedactField:
    return RedactField("fields", path, transform)


BLOCK = plan(detect())
HIDE = plan(redact())


def record(value: bytes | str | None, key: bytes | None = None, headers: Iterable[Any] = (), at: int = 0) -> Record:
    value = value.encode() if isinstance(value, str) else value
    return Record(0, 3 * at, at, key, value, tuple(headers))


def batch(values: Sequence[bytes | str | Record | None], codec: int = 0, **fields: int) -> bytes:
    """A batch as an idempotent producer writes it; a value becomes a record with a key."""
    records = [
        value if isinstance(value, Record) else record(value, b"key-%d" % at, [(b"h", b"v")], at)
        for at, value in enumerate(values)
    ]
    start = {"attributes": codec, "last_offset_delta": len(records) - 1, "records_count": len(records)} | fields
    header = BatchHeader(7000, 0, 5, 2, 0, 0, 0, 1_790_000_000_000, 1_790_000_000_900, 42, 3, 11, 0)._replace(**start)
    return build_batch(header, write_records(records), header.records_count)


def whole(data: bytes | bytearray | memoryview) -> Whole:
    (entry,) = walk(data)
    assert isinstance(entry, Whole)
    return entry


def records_of(data: bytes | bytearray | memoryview) -> list[Record]:
    opened = whole(data)
    payload = open_batch(opened.view, opened.header, LIMITS)
    return read_records(payload, opened.header.records_count, opened.header.last_offset_delta)


def values_of(data: bytes | bytearray | memoryview) -> list[bytes | None]:
    return [found.value for found in records_of(data)]


CLEAN = '{"id":"8da8c1ab-77b8-4201","ts":1790000000123,"note":"nothing to see"}'
DIRTY = f'{{"card":{{"number":"{CARD}"}},"to":"{EMAIL}","n":{CARD}}}'
HIDDEN = f'{{"card":{{"number":"{MASKED}"}},"to":"{"*" * (len(EMAIL) - 4)}.com","n":"{MASKED}"}}'

CONTENT = st.none() | st.binary(max_size=20) | surrounded() | st.just(CLEAN.encode())


@st.composite
def record_lists(draw: st.DrawFn) -> list[Record]:
    headers = st.lists(st.tuples(st.binary(max_size=5) | surrounded(), CONTENT), max_size=2)
    return [
        record(draw(CONTENT), draw(CONTENT), draw(headers), at) for at in range(draw(st.integers(1, 4)))
    ]  # fmt: skip


PLANS = [
    BLOCK,
    HIDE,
    plan(redact(HASH)),
    plan(redact(REMOVE)),
    plan(field("$.a"), field("$.card.b[0]", REMOVE)),
    plan(field("$.a", HASH), detect()),
    plan(detect(Action.ALERT)),
    plan(redact(), detect(types=("US_SSN",))),
]
