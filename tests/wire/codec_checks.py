"""What must hold for every codec, to be called by each codec's own tests."""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Callable

import pytest

from zoneproxy.errors import ProtocolError
from zoneproxy.wire.buffer import Buffer

Decompress = Callable[[memoryview, int], Buffer]

MIB = 1 << 20
CAP = 4 * MIB
# What a codec may hold besides its output: pieces on their way.
SLACK = 3 * MIB + MIB // 2

TEXT = b"".join(b'{"id":%d,"name":"somebody","tags":["a","b"]}' % i for i in range(40_000))
NOISE = random.Random(1).randbytes(600_000)

# Sizes around what the codecs take in one piece: 32 and 64 KiB blocks, 128 KiB blocks, 256 KiB and 1 MiB pieces.
SIZES = [0, 1, 100, 32_768, 32_769, 65_536, 65_537, 131_073, 262_145, MIB, MIB + 1]


def samples() -> list[bytes]:
    return [*(TEXT[:size] for size in SIZES), bytes(3 * MIB), NOISE, NOISE[:70_000] + TEXT + NOISE[:10]]


def inflate(decompress: Decompress, data: Buffer, cap: int = CAP) -> bytes:
    return bytes(decompress(memoryview(data), cap))


def refused(decompress: Decompress, data: Buffer, cap: int = CAP) -> str:
    """The reason why ``data`` is refused, which must not take more memory than the cap allows."""
    view = memoryview(data)
    tracemalloc.start()
    try:
        with pytest.raises(ProtocolError) as error:
            decompress(view, cap)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < cap + SLACK
    return error.value.reason


def check_cap_is_exact(decompress: Decompress, compressed: bytes, content: bytes) -> None:
    assert inflate(decompress, compressed, len(content)) == content
    assert refused(decompress, compressed, len(content) - 1) == "bomb"
    assert refused(decompress, compressed, 0) == "bomb"


def check_every_cut_is_refused(decompress: Decompress, compressed: bytes) -> None:
    for size in range(len(compressed)):
        with pytest.raises(ProtocolError, match="truncated"):
            decompress(memoryview(compressed[:size]), CAP)


def check_damage(decompress: Decompress, compressed: bytes) -> None:
    """One flipped bit anywhere: still read, or refused, never anything else."""
    for at in range(len(compressed)):
        for bit in range(8):
            damaged = bytearray(compressed)
            damaged[at] ^= 1 << bit
            _reads_or_refuses(decompress, damaged)


def check_any_bytes(decompress: Decompress, data: bytes, start: bytes) -> None:
    """Arbitrary bytes, as they are and behind what makes the codec look at them."""
    for attempt in (data, start + data):
        _reads_or_refuses(decompress, attempt)


def _reads_or_refuses(decompress: Decompress, data: Buffer) -> None:
    reason = "malformed"
    try:
        assert len(decompress(memoryview(data), CAP)) <= CAP
    except ProtocolError as error:
        reason = error.reason
    assert reason in {"malformed", "truncated", "bomb"}
