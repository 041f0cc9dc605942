from __future__ import annotations

import gzip
import zlib

import kafka.codec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.codec_checks import (
    CAP,
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
from zoneproxy.wire.compression_gzip import compress, decompress
from zoneproxy.wire.compression_output import MAX_PARTS

HEADER = bytes.fromhex("1f8b0800000000000003")
BOMB = gzip.compress(bytes(64 * MIB), 9)


@pytest.mark.parametrize("content", samples())
def test_round_trip(content):
    assert inflate(decompress, compress(content)) == content
    assert gzip.decompress(compress(content)) == content


@pytest.mark.parametrize("content", samples())
@pytest.mark.parametrize("write", [gzip.compress, kafka.codec.gzip_encode])
def test_reads_what_others_write(write, content):
    assert inflate(decompress, write(content)) == content


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_compresses_any_buffer(kind):
    assert compress(kind(b"abc")) == compress(b"abc")


@pytest.mark.parametrize("count", [2, 3, 100])
def test_reads_members_one_after_another(count):
    pieces = [TEXT[i * 5_000 : i * 5_000 + 5_000] for i in range(count)]
    assert inflate(decompress, b"".join(map(gzip.compress, pieces))) == b"".join(pieces)


def test_reads_empty_members():
    assert inflate(decompress, gzip.compress(b"") + gzip.compress(b"a") + gzip.compress(b"")) == b"a"


def test_too_many_members_are_refused():
    empty = gzip.compress(b"")
    assert inflate(decompress, empty * MAX_PARTS) == b""
    assert refused(decompress, empty * (MAX_PARTS + 1)) == "malformed"


def test_members_may_meet_anywhere_in_a_piece():
    first = gzip.compress(TEXT[: 3 * MIB], 0)
    second = gzip.compress(b"end")
    assert inflate(decompress, first + second) == TEXT[: 3 * MIB] + b"end"


@pytest.mark.parametrize("content", [b"x", TEXT[:100_000], bytes(2 * MIB), bytes(MIB)])
def test_the_cap_is_exact(content):
    check_cap_is_exact(decompress, compress(content), content)


def test_bombs_are_stopped():
    assert refused(decompress, BOMB) == "bomb"
    assert refused(decompress, gzip.compress(bytes(3 * MIB)) * 20) == "bomb"
    assert refused(decompress, gzip.compress(gzip.compress(bytes(64 * MIB))) + BOMB) == "bomb"


@pytest.mark.parametrize("content", [b"", b"value", TEXT[:700]])
def test_every_cut_is_refused(content):
    check_every_cut_is_refused(decompress, compress(content))


def test_a_cut_between_pieces_is_refused():
    whole = gzip.compress(TEXT[:MIB], 0)
    assert refused(decompress, whole[: 1 << 18]) == "truncated"
    assert refused(decompress, whole[:-1]) == "truncated"


def test_damage_is_refused():
    check_damage(decompress, compress(TEXT[:150]))


@pytest.mark.parametrize("at", [-1, -5])
def test_checksum_and_length_are_proved(at):
    data = bytearray(compress(b"value"))
    data[at] ^= 1
    assert refused(decompress, data) == "malformed"


@pytest.mark.parametrize("tail", [b"x", b"\x00", bytes(20), b"\x1f\x8b\x09" + bytes(20), b"trailing bytes"])
def test_bytes_behind_the_last_member_are_refused(tail):
    assert refused(decompress, compress(b"value") + tail) in {"malformed", "truncated"}


@pytest.mark.parametrize("flag", [0x04, 0x08, 0x10, 0x20, 0x40, 0x80])
def test_places_to_hide_bytes_are_refused(flag):
    data = bytearray(compress(b"value"))
    data[3] = flag
    data[10:10] = b"hidden\x00"
    assert refused(decompress, data) == "malformed"


def test_text_flag_and_header_checksum_are_harmless():
    data = bytearray(compress(b"value"))
    data[3] = 0x01 | 0x02
    data[10:10] = (zlib.crc32(data[:10]) & 0xFFFF).to_bytes(2, "little")
    assert inflate(decompress, data) == b"value"


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    check_any_bytes(decompress, data, HEADER)


def test_the_cap_may_be_far_away():
    assert inflate(decompress, compress(b"value"), CAP * 1_000) == b"value"
