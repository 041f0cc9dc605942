from __future__ import annotations

import gzip

import pytest
import zstandard

from tests.wire.codec_checks import MIB, TEXT
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.compression import Codec, DecompressionLimits, compress, decompress

LIMITS = DecompressionLimits()


@pytest.mark.parametrize("codec", Codec)
def test_round_trip(codec):
    assert bytes(decompress(codec, compress(codec, TEXT), LIMITS)) == TEXT


def test_codecs_differ():
    assert len({bytes(compress(codec, TEXT)) for codec in Codec}) == len(Codec)


def test_uncompressed_data_is_not_copied():
    data = memoryview(TEXT)
    assert compress(Codec.NONE, data) is data
    assert decompress(Codec.NONE, data, LIMITS) is data


def test_uncompressed_data_has_no_bounds():
    assert decompress(Codec.NONE, TEXT, DecompressionLimits(max_bytes=1)) == TEXT


@pytest.mark.parametrize("codec", [5, 6, 7, -1])
def test_undefined_codecs_are_refused(codec):
    with pytest.raises(ProtocolError, match="codec"):
        compress(codec, b"")
    with pytest.raises(ProtocolError, match="codec"):
        decompress(codec, b"", LIMITS)


@pytest.mark.parametrize(
    ("compressed", "cap"),
    [
        (0, 1 << 20),
        (100, 1 << 20),
        (10_485, 1 << 20),
        (10_486, 1_048_600),
        (100_000, 10_000_000),
        (671_089, 64 << 20),
        (50_000_000, 64 << 20),
    ],
)
def test_a_cap_is_the_ratio_between_a_free_size_and_an_absolute_size(compressed, cap):
    assert LIMITS.cap(compressed) == cap


def test_the_absolute_size_wins_over_the_free_size():
    assert DecompressionLimits(max_bytes=1_000).cap(10) == 1_000


@pytest.mark.parametrize("codec", [codec for codec in Codec if codec])
def test_over_the_absolute_size(codec):
    data = compress(codec, TEXT)
    assert bytes(decompress(codec, data, DecompressionLimits(max_bytes=len(TEXT)))) == TEXT
    with pytest.raises(ProtocolError, match="bomb"):
        decompress(codec, data, DecompressionLimits(max_bytes=len(TEXT) - 1))


@pytest.mark.parametrize("codec", [Codec.GZIP, Codec.LZ4, Codec.ZSTD])
def test_over_the_ratio(codec):
    data = compress(codec, bytes(8 * MIB))
    with pytest.raises(ProtocolError, match="bomb"):
        decompress(codec, data, LIMITS)
    loose = DecompressionLimits(max_ratio=10_000_000)
    assert bytes(decompress(codec, data, loose)) == bytes(8 * MIB)


@pytest.mark.parametrize("codec", [Codec.GZIP, Codec.LZ4, Codec.ZSTD])
def test_equal_small_records_are_no_bomb(codec):
    record = b'{"status":"ok","detail":null}' * 30_000
    data = compress(codec, record)
    assert len(record) / len(data) > 100
    assert bytes(decompress(codec, data, LIMITS)) == record


def test_what_other_tools_write():
    assert bytes(decompress(Codec.GZIP, gzip.compress(TEXT), LIMITS)) == TEXT
    assert bytes(decompress(Codec.ZSTD, bytearray(zstandard.compress(TEXT)), LIMITS)) == TEXT
