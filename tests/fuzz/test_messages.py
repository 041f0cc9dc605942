"""Mutated messages, for as long as FUZZ_SECONDS says (60), from the seed FUZZ_SEED (a new one each time).

What must hold for any bytes: ProtocolError and nothing else, in little time and memory; what is taken for a message
is written again, and that is then read and written the same.
"""

from __future__ import annotations

import os
import random
import struct
import time
import tracemalloc
from contextlib import suppress

import pytest

from tests.wire.messages.vectors import Vector, framed, of_apis
from zoneproxy.errors import ProtocolError

SECONDS = float(os.environ.get("FUZZ_SECONDS", "60"))
SEED = int(os.environ.get("FUZZ_SEED", random.SystemRandom().getrandbits(32)))

CORPUS = of_apis()
BYTES = [0, 1, 2, 0x7F, 0x80, 0xFF, 0x0F]
WORDS = [-2, -1, 0, 1, 2, 0x7FFF, 0x7FFFFFFF, -(2**31)]
HEAP_PER_BYTE = 100
HEAP_FLOOR = 64 << 10


def mutate(chance: random.Random, data: bytearray, start: int) -> bytearray:
    """One small harm behind ``start``."""
    at = chance.randrange(min(start, len(data)), len(data) + 1)
    match chance.randrange(8):
        case 0:
            data[at : at + 1] = bytes([chance.choice(BYTES)])
        case 1 if at < len(data):
            data[at] ^= 1 << chance.randrange(8)
        case 2:
            data[at : at + 4] = struct.pack(">i", chance.choice(WORDS))
        case 3:
            data[at : at + 2] = struct.pack(">h", max(chance.choice(WORDS), -2) & 0x7FFF)
        case 4:
            del data[at : at + chance.choice((1, 2, 7, 100))]
        case 5:
            data[at:at] = chance.randbytes(chance.choice((1, 2, 7, 100)))
        case 6:
            data[at:at] = data[chance.randrange(len(data) + 1) :][: chance.choice((1, 5, 60, 3_000))]
        case _:
            data[at:] = bytes.fromhex(chance.choice(CORPUS).hex)[chance.randrange(8, 40) :]
    return data


def harmed(chance: random.Random) -> tuple[Vector, bytes]:
    """A message with harm in its bytes; key, version and correlation id stay, mostly."""
    vector = chance.choice(CORPUS)
    data = bytearray.fromhex(vector.hex)
    start = (8 if vector.kind == "request" else 4) if chance.random() < 0.98 else 0
    for _ in range(chance.choice((1, 1, 1, 2, 5, 20))):
        data = mutate(chance, data, start)
    return vector, framed(bytes(data))


def read(vector: Vector, frame: bytes) -> bool:
    """Go through ``frame`` as a session would. True if it was taken for a message."""
    try:
        decoded = vector.decode(frame)
    except ProtocolError:
        return False
    encoded = vector.encode(decoded.message, frame)
    again = vector.decode(encoded)
    assert again.trailing == 0
    assert vector.encode(again.message, encoded) == encoded
    return True


@pytest.mark.long
@pytest.mark.timeout(SECONDS + 120)
def test_mutated_messages() -> None:
    chance = random.Random(SEED)
    end = time.monotonic() + SECONDS
    tried = accepted = 0
    while time.monotonic() < end:
        vector, frame = harmed(chance)
        started = time.process_time()
        try:
            accepted += read(vector, frame)
        except BaseException as error:
            raise AssertionError(f"seed {SEED}, attempt {tried}: {vector}: {frame.hex()}") from error
        assert time.process_time() - started < 1 + len(frame) / 20_000, f"seed {SEED}: slow: {vector}: {frame.hex()}"
        tried += 1
    print(f"seed {SEED}: {tried} messages, {accepted} accepted")
    assert tried > accepted > 0


@pytest.mark.long
@pytest.mark.timeout(SECONDS + 120)
def test_mutated_messages_take_memory_in_proportion() -> None:
    """Fewer, but with every allocation counted."""
    chance = random.Random(SEED)
    end = time.monotonic() + min(SECONDS, 30)
    tracemalloc.start()
    try:
        while time.monotonic() < end:
            vector, frame = harmed(chance)
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            with suppress(ProtocolError):
                vector.decode(frame)
            peak = tracemalloc.get_traced_memory()[1] - before
            assert peak <= HEAP_FLOOR + HEAP_PER_BYTE * len(frame), f"seed {SEED}: {vector}: {frame.hex()}"
    finally:
        tracemalloc.stop()
