from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.errors import ProtocolError
from zoneproxy.wire.framing import DIRECT, GROWTH, MAX_KEPT, FrameReader

SHARED = 256 * 1024


def frame(size: int, fill: bytes = b"x") -> bytes:
    return size.to_bytes(4, "big") + fill * size


class Feeder:
    """Feeds a reader as a transport does, with one shared buffer that is spoilt after each turn."""

    def __init__(self, cap: int = 100 * 1024 * 1024, shared: int = SHARED) -> None:
        self.reader = FrameReader(cap)
        self.shared = memoryview(bytearray(shared))
        self.peak = 0

    def write(self, data: bytes) -> int:
        """Deliver as much of ``data`` as one read would; how much that was."""
        room = self.reader.buffer(self.shared)
        assert len(room) > 0
        count = min(len(room), len(data))
        room[:count] = data[:count]
        self.reader.received(self.shared, count)
        return count

    def leave(self) -> None:
        self.reader.keep()
        self.shared[:] = b"\xee" * len(self.shared)
        self.peak = max(self.peak, self.reader.held)

    def frames(self) -> Iterator[bytes]:
        while (got := self.reader.next_frame()) is not None:
            yield bytes(got)

    def feed(self, data: bytes) -> list[bytes]:
        out: list[bytes] = []
        while data:
            data = data[self.write(data) :]
            out += self.frames()
            self.leave()
        return out

    def feed_by(self, step: int, data: bytes) -> list[bytes]:
        return [one for at in range(0, len(data), step) for one in self.feed(data[at : at + step])]


CASES = {
    "one small": [frame(10)],
    "smallest": [frame(1)],
    "several": [frame(3, b"a"), frame(5, b"b"), frame(1000, b"c")],
    "as large as a read": [frame(SHARED - 4), frame(SHARED), frame(SHARED + 1)],
    "large enough to be received directly": [frame(3 * SHARED + 17, b"d"), frame(2, b"e")],
    "large between small ones": [frame(7), frame(2 * DIRECT + SHARED), frame(9)],
}


@pytest.mark.parametrize("frames", CASES.values(), ids=CASES)
def test_glued_frames_come_out_one_by_one_with_their_prefix(frames: list[bytes]) -> None:
    feeder = Feeder()
    assert feeder.feed(b"".join(frames)) == frames
    assert not feeder.reader.partial
    assert feeder.reader.held == 0


@pytest.mark.parametrize("frames", CASES.values(), ids=CASES)
@pytest.mark.parametrize("step", [10_000, 70_000])
def test_pieces_of_any_size_give_the_same_frames(frames: list[bytes], step: int) -> None:
    assert Feeder(shared=4096).feed_by(step, b"".join(frames)) == frames


@pytest.mark.parametrize("step", [1, 2, 3])
def test_byte_by_byte(step: int) -> None:
    frames = CASES["one small"] + CASES["several"] + CASES["smallest"]
    assert Feeder(shared=64).feed_by(step, b"".join(frames)) == frames


def test_a_frame_split_at_every_offset() -> None:
    data = frame(12, b"q") + frame(2, b"r")
    for at in range(1, len(data)):
        feeder = Feeder()
        assert feeder.feed(data[:at]) + feeder.feed(data[at:]) == [data[:16], data[16:]]


@given(st.lists(st.binary(min_size=1, max_size=3000), max_size=20), st.data())
def test_any_frames_in_any_pieces(bodies: list[bytes], data: st.DataObject) -> None:
    frames = [len(body).to_bytes(4, "big") + body for body in bodies]
    stream, got, feeder = b"".join(frames), [], Feeder(shared=512)
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        got += feeder.feed(stream[:size])
        stream = stream[size:]
    assert got == frames


@pytest.mark.parametrize(
    ("prefix", "reason"),
    [
        (b"\xff\xff\xff\xff", "frame_length"),
        (b"\x80\x00\x00\x00", "frame_length"),
        (b"\x00\x00\x00\x00", "frame_length"),
        (b"\x7f\xff\xff\xff", "frame_too_large"),
        ((1025).to_bytes(4, "big"), "frame_too_large"),
        (b"GET ", "frame_too_large"),
    ],
)
@pytest.mark.parametrize("step", [1, 4])
def test_an_impossible_length_is_refused_on_its_four_bytes(prefix: bytes, reason: str, step: int) -> None:
    feeder = Feeder(cap=1024)
    with pytest.raises(ProtocolError) as caught:
        feeder.feed_by(step, prefix)
    assert caught.value.reason == reason
    assert feeder.reader.held <= SHARED


def test_the_cap_counts_the_length_and_may_be_raised() -> None:
    feeder = Feeder(cap=8)
    assert feeder.feed(frame(8)) == [frame(8)]
    feeder.reader.cap = 9
    assert feeder.feed(frame(9)) == [frame(9)]


def test_memory_follows_what_arrived_not_what_was_declared() -> None:
    feeder = Feeder()
    declared = frame(90 * 1024 * 1024)[: 5 * 1024 * 1024]
    sent = 0
    for size in (1, 3, 60, 1000, 50_000, 20_000, 100_000, 1_000_000):
        sent += size
        feeder.feed(declared[sent - size : sent])
        assert feeder.reader.held <= GROWTH * sent
        feeder.reader.buffer(feeder.shared)
        assert feeder.reader.held <= GROWTH * sent


def test_a_big_frame_is_received_into_its_own_memory() -> None:
    feeder = Feeder()
    data = frame(1024 * 1024)
    feeder.write(data[:DIRECT])
    assert list(feeder.frames()) == []
    feeder.leave()
    room = feeder.reader.buffer(feeder.shared)
    assert room.obj is not feeder.shared.obj
    # The end of a frame is read through the shared buffer again, so that what follows it comes in the same read.
    assert feeder.feed(data[DIRECT:] + frame(3)) == [data, frame(3)]


def test_the_last_bytes_of_a_frame_come_through_the_shared_buffer() -> None:
    feeder = Feeder()
    data = frame(2 * DIRECT - 100)
    feeder.feed(data[: DIRECT + 10])
    assert feeder.reader.buffer(feeder.shared) is feeder.shared


def test_frames_not_taken_yet_are_kept() -> None:
    feeder = Feeder()
    feeder.write(b"".join([frame(1, b"a"), frame(2, b"b"), frame(3, b"c")[:5]]))
    assert feeder.reader.next_frame() == frame(1, b"a")
    feeder.leave()
    assert feeder.reader.partial
    assert feeder.reader.next_frame() == frame(2, b"b")
    assert feeder.reader.next_frame() is None
    feeder.leave()
    assert feeder.reader.held == 5
    assert feeder.feed(frame(3, b"c")[5:]) == [frame(3, b"c")]


def test_kept_bytes_are_let_go_once_they_are_taken() -> None:
    feeder = Feeder()
    feeder.write(frame(1) * 10_000)
    feeder.leave()
    assert feeder.reader.held == 50_000
    assert not feeder.reader.drained
    assert len(list(feeder.frames())) == 10_000
    assert feeder.reader.drained
    assert len(feeder.reader._view) == 0


def test_bytes_that_arrive_in_spite_of_a_pause_are_kept_in_order() -> None:
    feeder = Feeder()
    frames = [frame(100, bytes([n])) for n in range(9)]
    stream = b"".join(frames)
    for at in range(0, len(stream), 250):
        feeder.write(stream[at : at + 250])
        feeder.leave()
    assert list(feeder.frames()) == frames


def test_bytes_in_spite_of_a_pause_are_bounded() -> None:
    feeder = Feeder()
    chunk = frame(100) * 1000

    def flood() -> None:
        for _ in range(2 * MAX_KEPT // len(chunk)):
            feeder.write(chunk)
            feeder.leave()

    with pytest.raises(ProtocolError) as caught:
        flood()
    assert caught.value.reason == "flood"
    assert feeder.peak <= MAX_KEPT


def test_bytes_in_spite_of_a_pause_behind_an_unfinished_frame() -> None:
    feeder = Feeder()
    feeder.feed(b"\0\0")
    feeder.write(b"\0\5hell")
    feeder.leave()
    feeder.write(b"o\0\0\0\1!")
    feeder.leave()
    assert list(feeder.frames()) == [b"\0\0\0\5hello", b"\0\0\0\1!"]


def test_whole_frames_that_nobody_takes_are_kept_in_order_and_bounded() -> None:
    feeder = Feeder()
    frames = [frame(100, bytes([n])) for n in range(3)]
    for count, each in enumerate(frames, 1):
        feeder.write(each)
        feeder.leave()
        assert feeder.reader.held == 104 * count
        assert feeder.reader.partial
        assert not feeder.reader.drained
    assert list(feeder.frames()) == frames
    assert feeder.reader.held == 0
    assert feeder.reader.drained
    while feeder.reader.held <= MAX_KEPT - 1_004:
        feeder.write(frame(1_000))
    with pytest.raises(ProtocolError, match="flood"):
        feeder.write(frame(1_000))


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 3), st.integers(0, 3)), max_size=30))
def test_frames_taken_now_and_then_are_the_same(turns: list[tuple[int, int, int]]) -> None:
    """Of each turn: a frame of that size, cut so many bytes before its end, and how often somebody asks for one."""
    feeder, taken, rest = Feeder(cap=9), list[bytes](), b""
    for size, cut, asks in turns:
        data = rest + frame(size)
        rest = data[len(data) - cut :]
        feeder.write(data[: len(data) - cut])
        taken += [bytes(got) for _ in range(asks) if (got := feeder.reader.next_frame()) is not None]
        feeder.leave()
    if rest:
        feeder.write(rest)
    assert taken + list(feeder.frames()) == [frame(size) for size, *_ in turns]
    assert not feeder.reader.partial
