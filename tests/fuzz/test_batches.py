"""Mutated record batches, for as long as FUZZ_SECONDS says (60), from the seed FUZZ_SEED (a new one each time).

What must hold for any bytes: ProtocolError and nothing else, in little time and memory; and what is accepted reads the
same with kafka-python, and is written again as the same bytes.
"""

from __future__ import annotations

import os
import random
import resource
import struct
import time
import tracemalloc

import pytest

from tests.wire.batch_oracles import LIMITS, load_vectors, plain, read_by_kafka_python
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.batch import HEADER_SIZE, Whole, build_batch, open_batch, walk
from zoneproxy.wire.control import check_control
from zoneproxy.wire.crc import crc32c
from zoneproxy.wire.record import Record, read_records, write_records

SECONDS = float(os.environ.get("FUZZ_SECONDS", "60"))
SEED = int(os.environ.get("FUZZ_SEED", random.SystemRandom().getrandbits(32)))

CORPUS = [vector.data for vector in load_vectors().values()]
INTERESTING = [0, 1, 0x7F, 0x80, 0xFF, 0x82, 0x1F, 0x28, 0x04]
WORDS = [-1, 0, 1, 49, 48, 0x7FFFFFFF, -(2**31), 1 << 20]


def mutate(chance: random.Random, data: bytearray) -> bytearray:
    """One small harm."""
    at = chance.randrange(len(data) or 1)
    match chance.randrange(8):
        case 0:
            data[at : at + 1] = bytes([chance.choice(INTERESTING)])
        case 1 if data:
            data[at] ^= 1 << chance.randrange(8)
        case 2:
            data[at : at + 4] = struct.pack(chance.choice((">i", "<i")), chance.choice(WORDS))
        case 3:
            del data[at : at + chance.choice((1, 2, 7, 100, 10_000))]
        case 4:
            data[at:at] = chance.randbytes(chance.choice((1, 2, 7, 100)))
        case 5:
            data[at:at] = data[chance.randrange(len(data) or 1) :][: chance.choice((1, 5, 61, 1_000))]
        case 6:
            other = chance.choice(CORPUS)
            data[at:] = other[chance.randrange(len(other)) :]
        case _:
            data += chance.choice(CORPUS)
    return data


def repair(data: bytearray) -> None:
    """Make length and checksum right, so that what lies behind them is reached."""
    if len(data) >= HEADER_SIZE:
        struct.pack_into(">i", data, 8, len(data) - 12)
        data[16] = 2
        struct.pack_into(">I", data, 17, crc32c(memoryview(data)[21:]))


def harmed(chance: random.Random) -> bytes:
    """A batch with harm in its bytes, or in its records before they were compressed."""
    original = chance.choice(CORPUS)
    batch = walk(original)[0]
    times = chance.choice((1, 1, 1, 2, 5))
    if isinstance(batch, Whole) and chance.random() < 0.4:
        payload = bytearray(open_batch(batch.view, batch.header, LIMITS))
        for _ in range(times):
            payload = mutate(chance, payload)
        return build_batch(batch.header, payload, batch.header.records_count + chance.choice((-1, 0, 0, 0, 0, 1)))
    data = bytearray(original)
    for _ in range(times):
        data = mutate(chance, data)
    if chance.random() < 0.8:
        repair(data)
    return bytes(data)


def opened(batch: Whole) -> tuple[bytes, list[Record]] | None:
    try:
        payload = open_batch(batch.view, batch.header, LIMITS)
        assert len(payload) <= max(LIMITS.cap(len(batch.view)), len(batch.view))
        records = read_records(payload, batch.header.records_count, batch.header.last_offset_delta)
        if batch.header.is_control:
            check_control(batch.header, records)
        return bytes(payload), records
    except ProtocolError:
        return None


def check(data: bytes) -> bool:
    """Go through ``data`` as a session would. True if some batch of it was accepted."""
    try:
        entries = walk(data)
    except ProtocolError:
        return False
    assert b"".join(entry.view for entry in entries) == data
    accepted = False
    for entry in entries:
        if isinstance(entry, Whole) and (found := opened(entry)):
            check_accepted(entry, *found)
            accepted = True
    return accepted


def check_accepted(batch: Whole, payload: bytes, records: list[Record]) -> None:
    assert write_records(records) == payload
    for record in records:
        record.key = record.key
    assert write_records(records) == payload
    rebuilt = build_batch(batch.header, payload, len(records))
    expected = [plain(batch.header, record) for record in records]
    if all(is_text(name) for record in records for name, _ in record.headers):
        assert read_by_kafka_python(bytes(batch.view)) == read_by_kafka_python(rebuilt) == expected


def is_text(name: bytes) -> bool:
    """A header name that kafka-python can read at all."""
    return name.decode(errors="replace").encode() == name


@pytest.mark.long
@pytest.mark.timeout(SECONDS + 120)
def test_mutated_batches() -> None:
    chance = random.Random(SEED)
    end = time.monotonic() + SECONDS
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tried = accepted = 0
    while time.monotonic() < end:
        data = harmed(chance)
        started = time.process_time()
        try:
            accepted += check(data)
        except BaseException as error:
            raise AssertionError(f"seed {SEED}, attempt {tried}: {data.hex()}") from error
        assert time.process_time() - started < 1 + len(data) / 20_000, f"seed {SEED}: slow: {data.hex()}"
        tried += 1
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(f"seed {SEED}: {tried} batches, {accepted} accepted, {grown} KiB more memory at most")
    assert tried > accepted > 0
    assert grown < 160 * 1024


@pytest.mark.long
def test_mutated_sections_stay_within_their_cap() -> None:
    """Fewer, but with every allocation counted."""
    chance = random.Random(SEED)
    end = time.monotonic() + min(SECONDS, 30)
    compressed = [data for data in CORPUS if data[22] & 7]
    while time.monotonic() < end:
        data = mutate(chance, bytearray(chance.choice(compressed)))
        repair(data)
        if len(data) < HEADER_SIZE:
            continue
        batch = walk(bytes(data))[0]
        assert isinstance(batch, Whole)
        tracemalloc.start()
        try:
            open_batch(batch.view, batch.header, LIMITS)
        except ProtocolError:
            pass
        finally:
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        assert peak < LIMITS.cap(len(data)) + (4 << 20), f"seed {SEED}: {bytes(data).hex()}"
