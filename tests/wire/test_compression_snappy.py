from __future__ import annotations

import cramjam
import kafka.codec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.codec_checks import (
    MIB,
    TEXT,
    check_any_bytes,
    check_cap_is_exact,
    check_damage,
    inflate,
    refused,
    samples,
)
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.compression_snappy import compress, decompress

HEADER = b"\x82SNAPPY\x00\x00\x00\x00\x01\x00\x00\x00\x01"


def block(content: bytes) -> bytes:
    return bytes(cramjam.snappy.compress_raw(content))


def xerial(*blocks: bytes) -> bytes:
    return HEADER + b"".join(len(b).to_bytes(4, "big") + b for b in blocks)


def claiming(length: int) -> bytes:
    """A block that claims to expand to ``length`` bytes."""
    out = bytearray()
    while length > 0x7F:
        out.append(length & 0x7F | 0x80)
        length >>= 7
    return bytes(out) + bytes([length]) + b"\x00a"


@pytest.mark.parametrize("content", samples())
def test_round_trip(content):
    assert inflate(decompress, compress(content)) == content
    assert kafka.codec.snappy_decode(compress(content)) == content


@pytest.mark.parametrize("content", samples())
def test_reads_raw_blocks_as_librdkafka_writes_them(content):
    assert inflate(decompress, block(content)) == content


@pytest.mark.parametrize("content", samples()[1:])
@pytest.mark.parametrize("framed", [True, False])
def test_reads_what_kafka_python_writes(content, framed):
    assert inflate(decompress, kafka.codec.snappy_encode(content, xerial_compatible=framed)) == content


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_compresses_any_buffer(kind):
    assert compress(kind(b"abc")) == compress(b"abc") == xerial(block(b"abc"))


def test_writes_blocks_of_the_size_that_java_writes():
    assert compress(TEXT[:70_000]) == xerial(
        block(TEXT[:32_768]), block(TEXT[32_768:65_536]), block(TEXT[65_536:70_000])
    )


def test_reads_blocks_of_other_sizes():
    assert inflate(decompress, xerial(block(b"ab"), block(b""), block(TEXT))) == b"ab" + TEXT


@pytest.mark.parametrize("content", [b"", b"a", b"a" * 255])
def test_too_many_small_blocks_are_refused(content):
    assert inflate(decompress, xerial(*[block(content)] * 64)) == content * 64
    assert refused(decompress, xerial(*[block(content)] * 10_000)) == "malformed"


def test_reads_many_blocks_of_some_size():
    assert inflate(decompress, xerial(*[block(b"a" * 512)] * 5_000)) == b"a" * 512 * 5_000


def test_reads_a_header_without_blocks():
    assert inflate(decompress, HEADER) == b""


@pytest.mark.parametrize("content", [b"x", TEXT[:100_000], bytes(2 * MIB)])
@pytest.mark.parametrize("write", [compress, block])
def test_the_cap_is_exact(content, write):
    check_cap_is_exact(decompress, write(content), content)


@pytest.mark.parametrize("write", [compress, block])
def test_bombs_are_stopped(write):
    assert refused(decompress, write(bytes(64 * MIB))) == "bomb"


@pytest.mark.parametrize("length", [2**32 - 1, 2**31, 2**31 - 1, 100_000])
def test_a_claim_that_snappy_cannot_reach_allocates_nothing(length):
    assert refused(decompress, claiming(length)) == "bomb"
    assert refused(decompress, xerial(block(b"a"), claiming(length))) == "bomb"


@pytest.mark.parametrize("length", [0, 2, 60])
def test_a_wrong_claim_is_refused(length):
    assert refused(decompress, claiming(length)) == "malformed"
    assert refused(decompress, xerial(claiming(length))) == "malformed"


@pytest.mark.parametrize("data", [b"\xff\xff\xff\xff\xff\xff", b"\x80\x80\x80\x80\x80\x00a"])
def test_a_length_that_is_too_long_is_refused(data):
    assert refused(decompress, data) == "malformed"


@pytest.mark.parametrize("data", [b"", b"\x80", b"\x80\x80\x80\x80"])
def test_an_end_within_the_length_is_refused(data):
    assert refused(decompress, data) == "truncated"


@pytest.mark.parametrize("length", [0, -1, -(2**31)])
def test_impossible_block_lengths_are_refused(length):
    assert refused(decompress, HEADER + length.to_bytes(4, "big", signed=True) + bytes(20)) == "malformed"


def test_a_second_header_is_refused():
    assert refused(decompress, compress(b"value") + compress(b"value")) == "malformed"


@pytest.mark.parametrize("size", [8, 15, 17, 18, 19, 22])
def test_a_cut_frame_is_refused(size):
    assert refused(decompress, compress(b"value")[:size]) == "truncated"


def test_a_block_that_is_longer_than_what_is_left_is_refused():
    assert refused(decompress, HEADER + (2**31 - 1).to_bytes(4, "big") + block(b"value")) == "truncated"


def test_every_cut_between_blocks_is_refused_or_whole():
    whole = xerial(block(b"one"), block(b"two"))
    reasons = {size: _reason(whole[:size]) for size in range(8, len(whole))}
    boundaries = {len(HEADER), len(xerial(block(b"one")))}
    assert {size for size, reason in reasons.items() if reason == ""} == boundaries
    assert {reason for size, reason in reasons.items() if size not in boundaries} == {"truncated"}


def _reason(data: bytes) -> str:
    try:
        inflate(decompress, data)
    except ProtocolError as error:
        return str(error)
    return ""


def test_a_raw_block_cut_anywhere_is_refused():
    whole = block(TEXT[:300])
    for size in range(len(whole)):
        assert refused(decompress, whole[:size]) in {"truncated", "malformed", "bomb"}


def test_damage_is_refused():
    check_damage(decompress, compress(TEXT[:150]))
    check_damage(decompress, block(TEXT[:150]))


def test_bytes_behind_a_raw_block_are_refused():
    assert refused(decompress, block(b"value") + b"hidden") == "malformed"


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    check_any_bytes(decompress, data, HEADER)
