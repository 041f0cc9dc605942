"""Snappy: the raw block format, and the framing of snappy-java ("xerial") that Java's clients write.

Every block starts with the length it claims to expand to. A decoder allocates by that claim (CVE-2023-34455), so it is
held against the cap, and against what snappy can reach at all, before anything is allocated.
"""

from __future__ import annotations

from struct import Struct

import cramjam

from zoneproxy.errors import ProtocolError
from zoneproxy.wire.buffer import Buffer

_MAGIC = b"\x82SNAPPY\x00"
_HEADER = _MAGIC + b"\x00\x00\x00\x01\x00\x00\x00\x01"  # version 1, readable by version 1
_BLOCK = 32 * 1024  # snappy-java's block size
_LENGTH = Struct(">i")
_BEST_RATIO = 22  # a three-byte copy gives 64 bytes


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
    blocks = _xerial_blocks(data) if data[:8] == _MAGIC else [data]
    lengths = []
    total = 0
    for block in blocks:
        total += (length := _claimed_length(block))
        if total > cap:
            raise ProtocolError("bomb")
        lengths.append(length)
    return _inflate(blocks, lengths, total)


def _xerial_blocks(data: memoryview) -> list[memoryview]:
    pos, end = len(_HEADER), len(data)
    if end < pos:
        raise ProtocolError("truncated")
    blocks = []
    while pos < end:
        if end - pos < 4:
            raise ProtocolError("truncated")
        (length,) = _LENGTH.unpack_from(data, pos)
        pos += 4
        if length <= 0:
            raise ProtocolError("malformed")
        if length > end - pos:
            raise ProtocolError("truncated")
        blocks.append(data[pos : pos + length])
        pos += length
    return blocks


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


def _inflate(blocks: list[memoryview], lengths: list[int], total: int) -> bytearray:
    out = bytearray(total)
    view = memoryview(out)
    pos = 0
    for block, length in zip(blocks, lengths, strict=True):
        try:
            written = cramjam.snappy.decompress_raw_into(block, view[pos : pos + length])
        except cramjam.DecompressionError:
            written = -1
        if written != length:
            raise ProtocolError("malformed")
        pos += length
    return out
