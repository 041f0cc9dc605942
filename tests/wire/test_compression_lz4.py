from __future__ import annotations

import kafka.codec
import lz4.frame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.codec_checks import (
    MIB,
    TEXT,
    check_any_bytes,
    check_cap_is_exact,
    check_damage,
    check_every_cut_is_refused,
    inflate,
    refused,
    samples,
)
from zoneproxy.wire.compression_lz4 import compress, decompress

SKIPPABLE = bytes.fromhex("502a4d18") + (4).to_bytes(4, "little") + b"hide"


def frame(content: bytes, **options: object) -> bytes:
    return lz4.frame.compress(content, **{"store_size": False, **options})


@pytest.mark.parametrize("content", samples())
def test_round_trip(content):
    assert inflate(decompress, compress(content)) == content
    assert lz4.frame.decompress(compress(content)) == content


@pytest.mark.parametrize("content", samples())
@pytest.mark.parametrize("linked", [True, False])
@pytest.mark.parametrize("sized", [True, False])
@pytest.mark.parametrize("sums", [True, False])
def test_reads_every_kind_of_frame(content, linked, sized, sums):
    data = frame(content, block_linked=linked, store_size=sized, content_checksum=sums, block_checksum=sums)
    assert inflate(decompress, data) == content


@pytest.mark.parametrize("size", [4, 5, 6, 7])
def test_reads_every_block_size(size):
    assert inflate(decompress, frame(TEXT, block_size=size)) == TEXT


def test_reads_what_kafka_python_writes():
    assert inflate(decompress, kafka.codec.lz4_encode(TEXT)) == TEXT


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_compresses_any_buffer(kind):
    assert compress(kind(b"abc")) == compress(b"abc")


def test_writes_what_java_reads():
    data = compress(TEXT)
    version, independent = 0b01 << 6, 1 << 5
    assert data[4] == version | independent  # no checksums, no content size, no dictionary
    assert data[5] == 4 << 4  # 64 KiB


@pytest.mark.parametrize("content", [b"x", TEXT[:100_000], bytes(2 * MIB), bytes(MIB)])
@pytest.mark.parametrize("sized", [True, False])
def test_the_cap_is_exact(content, sized):
    check_cap_is_exact(decompress, frame(content, store_size=sized), content)


@pytest.mark.parametrize("sized", [True, False])
def test_bombs_are_stopped(sized):
    assert refused(decompress, frame(bytes(64 * MIB), store_size=sized, block_size=7)) == "bomb"


@pytest.mark.parametrize("claim", [2**63, 2**40, 1])
def test_the_content_size_is_not_believed(claim):
    data = bytearray(frame(b"value", store_size=True))
    data[6:14] = claim.to_bytes(8, "little")
    assert refused(decompress, data) == "malformed"


@pytest.mark.parametrize("content", [b"", b"value", TEXT[:700]])
@pytest.mark.parametrize("sums", [True, False])
def test_every_cut_is_refused(content, sums):
    check_every_cut_is_refused(decompress, frame(content, content_checksum=sums, block_checksum=sums))


def test_a_cut_between_pieces_is_refused():
    whole = compress(TEXT)
    assert refused(decompress, whole[: 1 << 16]) == "truncated"
    assert refused(decompress, whole[:-4]) == "truncated"


def test_damage_is_refused():
    check_damage(decompress, frame(TEXT[:150]))
    check_damage(decompress, frame(TEXT[:150], content_checksum=True, block_checksum=True, store_size=True))


@pytest.mark.parametrize("at", [-1, 25])
def test_checksums_are_proved(at):
    data = bytearray(frame(b"value" * 20, content_checksum=True, block_checksum=True))
    data[at] ^= 1
    assert refused(decompress, data) == "malformed"


@pytest.mark.parametrize("tail", [b"x", bytes(4), b"trailing", frame(b"hidden"), SKIPPABLE])
def test_what_a_java_consumer_ignores_is_refused(tail):
    assert refused(decompress, compress(b"value") + tail) == "malformed"


def test_a_second_frame_in_a_later_piece_is_refused():
    first = frame(bytes(range(256)) * 1_024, compression_level=-1)
    padding = compress(TEXT[: 3 * MIB])
    assert refused(decompress, padding + first) == "malformed"


def test_skippable_frames_are_refused():
    assert refused(decompress, SKIPPABLE + compress(b"value")) == "malformed"


def test_dictionaries_are_refused():
    data = bytearray(compress(b"value"))
    data[4] |= 1
    assert refused(decompress, data) == "malformed"


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    check_any_bytes(decompress, data, compress(b"")[:7])
