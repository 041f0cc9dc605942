"""The codecs of record batches: the dispatch, and the bounds that every codec is held to.

A compressed section is hostile: a kilobyte may claim or produce gigabytes. ``DecompressionLimits`` says how far one
batch may expand, and every codec stops before it has produced more. What a consumer's library would skip over
(a second LZ4 frame, skippable frames, file names in gzip headers, bytes behind the stream) is refused: it would cross
the boundary unread.

All four libraries (zlib, cramjam, lz4, zstandard) take any buffer and release the GIL while they work, for small
inputs too. CPU seconds per GB of records to open and to build, checksum included: none 0.1 and 0.2, lz4 0.8 and 2,
snappy 0.7 and 2, zstd 2 and 7, gzip 5 and 30.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from zoneproxy.errors import ProtocolError
from zoneproxy.wire import compression_gzip, compression_lz4, compression_snappy, compression_zstd
from zoneproxy.wire.buffer import Buffer


class Codec(IntEnum):
    """Bits 0-2 of a batch's attributes."""

    NONE = 0
    GZIP = 1
    SNAPPY = 2
    LZ4 = 3
    ZSTD = 4


@dataclass(frozen=True, slots=True)
class DecompressionLimits:
    """How far one batch may expand.

    ``max_bytes`` is absolute; ``max_ratio`` is output to input. The ratio is not looked at below ``ratio_free_bytes``:
    an honest batch of equal small records compresses better than 100:1.
    """

    max_bytes: int = 64 << 20
    max_ratio: int = 100
    ratio_free_bytes: int = 1 << 20

    def cap(self, compressed: int) -> int:
        """The most bytes that ``compressed`` bytes may become."""
        return min(self.max_bytes, max(self.max_ratio * compressed, self.ratio_free_bytes))


_DECOMPRESS: dict[int, Callable[[memoryview, int], Buffer]] = {
    Codec.GZIP: compression_gzip.decompress,
    Codec.SNAPPY: compression_snappy.decompress,
    Codec.LZ4: compression_lz4.decompress,
    Codec.ZSTD: compression_zstd.decompress,
}
_COMPRESS: dict[int, Callable[[Buffer], bytes]] = {
    Codec.GZIP: compression_gzip.compress,
    Codec.SNAPPY: compression_snappy.compress,
    Codec.LZ4: compression_lz4.compress,
    Codec.ZSTD: compression_zstd.compress,
}


def decompress(codec: int, data: Buffer, limits: DecompressionLimits) -> Buffer:
    """What ``data`` was before ``codec`` compressed it; uncompressed data comes back as it is, not copied.

    Raises ProtocolError: ``codec`` (unknown), ``bomb`` (over the limits), ``truncated``, ``malformed``.
    """
    if codec == Codec.NONE:
        return data
    try:
        inflate = _DECOMPRESS[codec]
    except KeyError:
        raise ProtocolError("codec") from None
    return inflate(memoryview(data), limits.cap(len(data)))


def compress(codec: int, payload: Buffer) -> Buffer:
    """``payload`` as Kafka's clients expect it under ``codec``. Raises ProtocolError ``codec`` if it is unknown."""
    if codec == Codec.NONE:
        return payload
    try:
        return _COMPRESS[codec](payload)
    except KeyError:
        raise ProtocolError("codec") from None
