from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib

import lz4.frame
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.detect.deep import packed
from zoneproxy.detect.deep.budget import Budget
from zoneproxy.errors import ProtocolError

SECRET = b'{"pan":"4111111111111111"}'


def zipped(data: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("a.json", data)
    return out.getvalue()


PACKERS = {
    "gzip": gzip.compress,
    "zlib": zlib.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": zstandard.ZstdCompressor().compress,
    "lz4": lz4.frame.compress,
}


def read(text: bytes, size: int = 1000) -> list[bytes]:
    return [piece.says for piece in packed.pieces(text, Budget(size))]


@pytest.mark.parametrize("name", PACKERS)
def test_what_is_compressed_is_read(name):
    stream = PACKERS[name](SECRET)
    (piece,) = packed.pieces(b"..." + stream + b" rest", Budget(1000))
    assert SECRET in piece.says
    assert (piece.start, piece.end) == (3, 3 + len(stream))


def test_archives_are_read_file_by_file():
    both = zipped(SECRET) + zipped(SECRET * 2)
    assert [SECRET * 2 in says for says in read(both)] == [False, True]
    assert read(zipped(SECRET, zipfile.ZIP_STORED)) == []
    assert read(zipped(SECRET)[:20]) == []


@pytest.mark.parametrize("name", ["gzip", "zlib", "bzip2", "xz"])
def test_what_is_cut_short_is_read_as_far_as_it_goes(name):
    assert SECRET[:20] in read(PACKERS[name](SECRET)[:-5])[0]


def test_what_comes_before_the_damage_is_read():
    stream = gzip.compress(b"".join(SECRET + b"%d" % (at * at) for at in range(400)))
    damaged = stream[:-200] + b"\xff" * 200
    assert SECRET in read(damaged)[0]


@pytest.mark.parametrize("name", PACKERS)
def test_a_bomb_is_over_the_budget(name):
    with pytest.raises(ProtocolError, match="budget"):
        read(PACKERS[name](bytes(10_000_000)), 10)


def test_a_window_that_is_too_large_is_over_the_budget():
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 256 << 20}]
    with pytest.raises(ProtocolError, match="budget"):
        read(lzma.compress(SECRET, filters=filters))
    wide = zstandard.ZstdCompressor(
        compression_params=zstandard.ZstdCompressionParameters(window_log=26, compression_level=1)
    ).compressobj()
    with pytest.raises(ProtocolError, match="budget"):
        read(wide.compress(SECRET) + wide.flush())


def test_too_many_beginnings_are_over_the_budget():
    with pytest.raises(ProtocolError, match="budget"):
        read(b"\x1f\x8b\x08" * 1000, 1 << 20)


@given(
    st.binary(max_size=60), st.sampled_from([b"\x1f\x8b\x08", b"x\x9c", b"PK\x03\x04", b"BZh9", b"\x28\xb5\x2f\xfd"])
)
def test_whatever_comes_nothing_else_is_raised(data, magic):
    read(magic + data)
    read(data + magic + data)


def test_streams_one_behind_another_share_the_budget():
    stream = bz2.compress(b"4" * 60_000)
    once = read(stream, 1000)
    assert len(once) == 1
    with pytest.raises(ProtocolError, match="budget"):
        read(2 * stream, 1000)


def test_streams_that_say_nothing_are_paid_for_as_well():
    nothing = bz2.compress(bytes(60_000))
    assert read(2 * nothing, 1000) == []
    with pytest.raises(ProtocolError, match="budget"):
        read(5 * nothing, 1000)
