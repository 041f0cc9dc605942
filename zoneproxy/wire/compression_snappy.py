"""Snappy: the raw block format, and the framing of snappy-java ("xerial") that Java's clients write.

Every block starts with the length it claims to expand to. A decoder allocates by that claim (CVE-2023-34455), so it is
held against the cap, and against what snappy can reach at all, before anything is allocated.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct

import cramjam

from zoneproxy.errors import ProtocolError
from zoneproxy.wire.buffer import Buffer

_MAGIC = b"\x82SNAPPY\x00"
_HEADER = _MAGIC + b"\x00\x00\x00\x01\x00\x00\x00\x01"  # version 1, readable by version 1
_BLOCK = 32 * 1024  # snappy-java's block size
_LENGTH = Struct(">i")
_BEST_RATIO = 22  # a three-byte copy gives 64 bytes
_SMALL_BLOCKS = 64  # that many may be of any size, the others expand to 512 bytes on average, or are too much work
_SMALL = 512


def compress(payload: Buffer) -> bytes:
    """Xerial framing with blocks of 32 KiB, as snappy-java writes it; every Kafka client reads that."""
    view = memoryview(payload)
    pieces: list[bytes] = [_HEADER]
    for start in range(0, len(view) or 1, _BLOCK):  # kafka-python cannot read a header without a block
        block = bytes(cramjam.snappy.compress_raw(view[start : start + _BLOCK]))
        pieces += (_LENGTH.pack(len(block)), block)
    return b"".join(pieces)


def decompress(data: memoryview, cap: int) -> Buffer:
    """The content of ``data`` in either format, at most ``cap`` bytes.

    Raises ProtocolError: bomb, truncated, malformed.
    """
    total = 0
    for count, block in enumerate(_blocks(data)):
        total += _claimed_length(block)
        if total > cap:
            raise ProtocolError("bomb")
        if count >= _SMALL_BLOCKS + total // _SMALL:
            raise ProtocolError("malformed")
    return _inflate(data, total)


def _blocks(data: memoryview) -> Iterator[memoryview]:
    return _xerial_blocks(data) if data[:8] == _MAGIC else iter((data,))


def _xerial_blocks(data: memoryview) -> Iterator[memoryview]:
    pos, end = len(_HEADER), len(data)
    if end < pos:
        raise ProtocolError("truncated")
    while pos < end:
        if end - pos < 4:
            raise ProtocolError("truncated")
        (length,) = _LENGTH.unpack_from(data, pos)
        pos += 4
        if length <= 0:
            raise ProtocolError("malformed")
        if length > end - pos:
            raise ProtocolError("truncated")
        yield data[pos : pos + length]
        pos += length


def _claimed_length(block: memoryview) -> int:
    """The length in front of a block: an unsigned varint of up to 32 bits."""
    value = 0
    for index, byte in enumerate(block[:5]):
        value |= (byte & 0x7F) << (7 * index)
        if byte < 0x80:
            if value > _BEST_RATIO * len(block):
                raise ProtocolError("bomb")
            return value
    raise ProtocolError("truncated" if len(block) < 5 else "malformed")


def _inflate(data: memoryview, total: int) -> bytearray:
    out = bytearray(total)
    view = memoryview(out)
    pos = 0
    for block in _blocks(data):
        length = _claimed_length(block)
        try:
            written = cramjam.snappy.decompress_raw_into(block, view[pos : pos + length])
        except cramjam.DecompressionError:
            written = -1
        if written != length:
            raise ProtocolError("malformed")
        pos += length
    return out
