"""Any bytes at all: a message, or ProtocolError, and memory in proportion."""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Callable, Iterator

import pytest

from tests.wire.messages.vectors import Vector, by_message, framed
from zoneproxy.errors import ProtocolError
from zoneproxy.wire import reader
from zoneproxy.wire.messages.streams_group_heartbeat_request import Subtopology
from zoneproxy.wire.reader import Reader
from zoneproxy.wire.writer import Writer

MESSAGES = by_message()
NASTY = (b"\xff", b"\x7f\xff\xff\xff", b"\xff\xff\xff\xff\x0f", b"\x80\x00", b"\xff\xfe", b"\x00", b"\x01", b"\xc3\x28")
HEAP_PER_BYTE = 100
HEAP_FLOOR = 64 << 10


def read(vector: Vector, frame: bytes) -> bool:
    """Whether the bytes are taken for a message; then it must be one that can be written and read again."""
    try:
        decoded = vector.decode(frame)
    except ProtocolError:
        return False
    encoded = vector.encode(decoded.message, frame)
    again = vector.decode(encoded)
    assert again.trailing == 0, vector
    assert vector.encode(again.message, encoded) == encoded, vector
    return True


def mutations(vector: Vector, chance: random.Random) -> Iterator[bytes]:
    """Bytes overwritten, put in, taken out and repeated behind the header."""
    raw = bytes.fromhex(vector.hex)
    start = 8 if vector.kind == "request" else 4  # key, version and correlation id
    for _ in range(4):
        at = chance.randrange(start, len(raw)) if len(raw) > start else len(raw)
        nasty = chance.choice(NASTY)
        cut = chance.randrange(at, len(raw) + 1)
        yield framed(raw[:at] + nasty + raw[at + len(nasty) :])
        yield framed(raw[:at] + nasty + raw[at:])
        yield framed(raw[:at] + raw[cut:])
        yield framed(raw[:cut] + raw[at:])
    yield framed(raw[:start] + chance.randbytes(chance.randrange(64)))


@pytest.mark.parametrize("name", MESSAGES)
def test_mutated_messages_are_read_or_refused(name: str) -> None:
    chance = random.Random(name)
    taken = [read(vector, frame) for vector in MESSAGES[name] for frame in mutations(vector, chance)]
    assert False in taken


@pytest.mark.parametrize("name", MESSAGES)
def test_truncated_messages_are_refused(name: str) -> None:
    """In a hundred places of one message of each variant; that the last byte is missed shows in test_vectors."""
    shortest = {vector.variant: vector for vector in sorted(MESSAGES[name], key=lambda v: -len(v.hex))}
    for vector in shortest.values():
        frame = vector.frame
        for end in range(0, len(frame), max(1, len(frame) // 100)):
            with pytest.raises(ProtocolError):
                vector.decode(frame[:end])


@pytest.fixture
def traced() -> Iterator[None]:
    tracemalloc.start()
    yield
    tracemalloc.stop()


@pytest.mark.usefixtures("traced")
@pytest.mark.parametrize("name", MESSAGES)
def test_memory_stays_in_proportion(name: str) -> None:
    """Each byte of the longest message in turn becomes a huge count or length, with plenty of bytes to come."""
    vector = max(MESSAGES[name], key=lambda v: (v.version, len(v.hex)))
    raw = bytes.fromhex(vector.hex)
    for fill in (b"\x00", b"\x01", b"\xff", b"\x80\x80\x01"):
        behind = fill * (2000 // len(fill))
        for at in range(8, len(raw), max(1, len(raw) // 12)):
            for bomb in (b"\x7f\xff\xff\xff", b"\xff\xff\xff\xff\x07", b"\xff\x0f", b"\x00\x00\x07\x80"):
                frame = framed(raw[:at] + bomb + behind)
                assert peak(lambda frame=frame: read(vector, frame)) <= HEAP_FLOOR + HEAP_PER_BYTE * len(frame)


@pytest.mark.usefixtures("traced")
def test_memory_stays_within_the_readers_estimate() -> None:
    """Structs of four bytes that hold three empty lists each: nothing in Kafka's messages grows by more."""

    def read_groups(count: int) -> int:
        w = Writer()
        Subtopology().write(w, 0)
        before = w.getvalue()[:-2]  # no groups, no tags
        w = Writer()
        w.compact_array_length(range(count))
        group = b"\x01\x01\x01\x00"
        r = Reader((before + w.getvalue() + group * count).ljust(500_000, b"\x00"))
        return peak(lambda: Subtopology.read(r, 0))

    assert read_groups(110_000) <= 1.25 * (reader.HEAP_FLOOR + reader.HEAP_PER_BYTE * 500_000)
    with pytest.raises(ProtocolError, match="memory"):
        read_groups(124_000)


def peak(run: Callable[[], object]) -> int:
    """Bytes that were allocated at most while ``run`` ran."""
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    run()
    return tracemalloc.get_traced_memory()[1] - before
