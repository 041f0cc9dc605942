from __future__ import annotations

import io

import kafka.codec
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.codec_checks import (
    MIB,
    NOISE,
    TEXT,
    check_any_bytes,
    check_cap_is_exact,
    check_damage,
    check_every_cut_is_refused,
    inflate,
    refused,
    samples,
)
from zoneproxy.wire.compression_output import MAX_PARTS
from zoneproxy.wire.compression_zstd import compress, decompress

MAGIC = bytes.fromhex("28b52ffd")
SKIPPABLE = bytes.fromhex("502a4d18") + (4).to_bytes(4, "little") + b"hide"
RAW, RLE, COMPRESSED, RESERVED = range(4)


def frame(content: bytes, level: int = 3, *, size: bool = True, checksum: bool = False) -> bytes:
    return zstandard.ZstdCompressor(level, write_content_size=size, write_checksum=checksum).compress(content)


def streamed(content: bytes, level: int = 3) -> bytes:
    """Without a content size and with the level's whole window, as a Java client writes it."""
    out = io.BytesIO()
    with zstandard.ZstdCompressor(level).stream_writer(out, closefd=False) as writer:
        writer.write(content)
    return out.getvalue()


def block(kind: int, size: int, content: bytes = b"", *, last: bool = False) -> bytes:
    return (size << 3 | kind << 1 | int(last)).to_bytes(3, "little") + content


def window(exponent: int, mantissa: int = 0) -> bytes:
    """A header without content size or checksum."""
    return MAGIC + bytes([0, exponent - 10 << 3 | mantissa])


@pytest.mark.parametrize("content", samples())
def test_round_trip(content):
    assert inflate(decompress, compress(content)) == content
    assert zstandard.decompress(compress(content)) == content


@pytest.mark.parametrize("content", samples())
@pytest.mark.parametrize("size", [True, False])
@pytest.mark.parametrize("checksum", [True, False])
def test_reads_every_kind_of_frame(content, size, checksum):
    assert inflate(decompress, frame(content, size=size, checksum=checksum)) == content


@pytest.mark.parametrize("level", [-7, 1, 3, 19, 22])
@pytest.mark.parametrize("content", [b"", b"value", TEXT[:200_000]])
def test_reads_what_is_streamed_at_any_level(level, content):
    assert inflate(decompress, streamed(content, level)) == content


@pytest.mark.parametrize("content", samples())
def test_reads_what_kafka_python_writes(content):
    assert inflate(decompress, kafka.codec.zstd_encode(content)) == content


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_compresses_any_buffer(kind):
    assert compress(kind(b"abc")) == compress(b"abc")


def test_reads_frames_one_after_another():
    pieces = [b"one", b"", TEXT[:200_000], NOISE]
    assert inflate(decompress, b"".join(map(frame, pieces))) == b"".join(pieces)
    assert inflate(decompress, b"".join(map(streamed, pieces))) == b"".join(pieces)


def test_too_many_frames_are_refused():
    assert inflate(decompress, frame(b"") * MAX_PARTS) == b""
    assert refused(decompress, frame(b"") * (MAX_PARTS + 1)) == "malformed"


def test_reads_repeated_and_raw_blocks():
    data = window(20) + block(RAW, 2, b"ab") + block(RLE, 1_000, b"c") + block(RAW, 0, last=True)
    assert inflate(decompress, data) == b"ab" + b"c" * 1_000


@pytest.mark.parametrize("content", [b"x", TEXT[:100_000], bytes(2 * MIB), bytes(MIB)])
@pytest.mark.parametrize("write", [frame, streamed])
def test_the_cap_is_exact(content, write):
    check_cap_is_exact(decompress, write(content), content)


def test_the_cap_is_for_all_frames_together():
    check_cap_is_exact(decompress, frame(TEXT[:50_000]) + streamed(TEXT[:70_000]), TEXT[:50_000] + TEXT[:70_000])


@pytest.mark.parametrize("write", [frame, streamed])
def test_bombs_are_stopped(write):
    assert refused(decompress, write(bytes(64 * MIB))) == "bomb"
    assert refused(decompress, write(bytes(3 * MIB)) * 20) == "bomb"


def test_a_bomb_of_repeated_bytes_is_stopped():
    blocks = block(RLE, 1 << 17, b"x") * 10_000
    assert refused(decompress, window(27) + blocks + block(RAW, 0, last=True)) == "bomb"


@pytest.mark.parametrize("claim", [2**64 - 1, 2**63, 2**40])
def test_a_claimed_content_size_allocates_nothing(claim):
    data = MAGIC + b"\xe0" + claim.to_bytes(8, "little") + block(RAW, 1, b"x", last=True)
    assert refused(decompress, data) == "bomb"


def test_a_content_size_that_its_blocks_cannot_reach_is_refused():
    data = MAGIC + b"\xe0" + MIB.to_bytes(8, "little") + block(RAW, 1, b"x", last=True)
    assert refused(decompress, data) == "malformed"


@pytest.mark.parametrize("claim", [0, 1, 3])
def test_a_wrong_content_size_is_refused(claim):
    data = MAGIC + b"\x20" + bytes([claim]) + block(RAW, 2, b"ab", last=True)
    assert refused(decompress, data) == "malformed"


@pytest.mark.parametrize("descriptor", [window(27, 1), window(28), window(31), window(41, 7)])
def test_huge_windows_are_refused(descriptor):
    assert refused(decompress, descriptor + block(RAW, 1, b"x", last=True)) == "bomb"


def test_the_largest_window_costs_nothing():
    assert inflate(decompress, window(27) + block(RAW, 1, b"x", last=True)) == b"x"


@pytest.mark.parametrize("content", [b"", b"value", TEXT[:700]])
@pytest.mark.parametrize("checksum", [True, False])
@pytest.mark.parametrize("size", [True, False])
def test_every_cut_is_refused(content, checksum, size):
    check_every_cut_is_refused(decompress, frame(content, checksum=checksum, size=size))


def test_a_cut_in_a_later_frame_is_refused():
    whole = frame(b"first") + frame(TEXT[:300])
    for size in range(len(frame(b"first")) + 1, len(whole)):
        assert refused(decompress, whole[:size]) == "truncated"


def test_damage_is_refused():
    check_damage(decompress, frame(TEXT[:150], checksum=True))
    check_damage(decompress, streamed(TEXT[:150]))


def test_checksums_are_proved():
    data = bytearray(frame(b"value", checksum=True))
    data[-1] ^= 1
    assert refused(decompress, data) == "malformed"


@pytest.mark.parametrize("tail", [b"x", b"trailing bytes", bytes(20), SKIPPABLE])
def test_what_others_skip_is_refused(tail):
    assert refused(decompress, frame(b"value") + tail) == "malformed"


def test_skippable_frames_are_refused():
    assert refused(decompress, SKIPPABLE + frame(b"value")) == "malformed"


@pytest.mark.parametrize("descriptor", [0x01, 0x02, 0x03, 0x08])
def test_dictionaries_and_reserved_bits_are_refused(descriptor):
    data = MAGIC + bytes([descriptor]) + bytes(9) + block(RAW, 1, b"x", last=True)
    assert refused(decompress, data) == "malformed"


@pytest.mark.parametrize("kind", [RAW, RLE, COMPRESSED])
def test_blocks_longer_than_allowed_are_refused(kind):
    data = window(20) + block(kind, (1 << 17) + 1, bytes((1 << 17) + 1), last=True)
    assert refused(decompress, data) == "malformed"


def test_reserved_blocks_are_refused():
    assert refused(decompress, window(20) + block(RESERVED, 1, b"x", last=True)) == "malformed"


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    check_any_bytes(decompress, data, window(20))
