"""Zstandard (RFC 8878): one or more frames, as zstd-jni reads them.

The frames are walked block by block before they are decompressed. That tells truncation from damage, finds the
skippable frames and trailing bytes that other readers skip, and bounds the output, so that no window is allocated by
a frame's claim and the content size in a frame header is never believed.
"""

from __future__ import annotations

import zstandard

from zoneproxy.errors import ProtocolError
from zoneproxy.wire.buffer import Buffer
from zoneproxy.wire.compression_output import MAX_PARTS, Output

_MAGIC = b"\x28\xb5\x2f\xfd"
_MAX_WINDOW = 1 << 27  # what zstd-jni, and so a Java consumer, refuses to exceed
_MAX_BLOCK = 1 << 17
_CONTENT_SIZE_BYTES = (0, 2, 4, 8)
_RLE, _COMPRESSED = 1, 2


def compress(payload: Buffer) -> bytes:
    """One frame of level 3, Kafka's default."""
    return zstandard.ZstdCompressor().compress(payload)


def decompress(data: memoryview, cap: int) -> Buffer:
    """The content of all frames of ``data``, at most ``cap`` bytes.

    Raises ProtocolError: bomb, truncated, malformed.
    """
    out = Output(cap)
    end = 0
    for _ in range(MAX_PARTS):
        end = _add_frame(data, end, out)
        if end == len(data):
            return out.data
    raise ProtocolError("malformed")


def _add_frame(data: memoryview, start: int, out: Output) -> int:
    """Append the frame at ``start`` to ``out`` and return where the next one starts."""
    room = out.room(out.cap + 1)
    end, bound = _frame(data, start, room)
    out.add(_inflate(data[start:end], bound, room))
    return end


def _inflate(frame: memoryview, bound: int, room: int) -> bytes:
    """One frame's content; the library allocates ``bound`` or ``room`` bytes, whichever is less, at once."""
    decompressor = zstandard.ZstdDecompressor()
    try:
        if bound == 0:  # the one-shot call would return without looking at the frame
            return decompressor.decompressobj().decompress(frame)
        return decompressor.decompress(frame, max_output_size=min(bound, room))
    except zstandard.ZstdError:
        raise ProtocolError("bomb" if bound > room else "malformed") from None


def _frame(data: memoryview, pos: int, room: int) -> tuple[int, int]:
    """Where the frame at ``pos`` ends, and the most it can expand to, which is more than ``room`` for a likely bomb."""
    try:
        pos, block_max, content_size, checksum = _frame_header(data, pos)
        pos, bound = _blocks(data, pos, block_max)
    except IndexError:
        raise ProtocolError("truncated") from None
    pos += 4 if checksum else 0
    if pos > len(data):
        raise ProtocolError("truncated")
    if content_size > room:
        raise ProtocolError("bomb")
    if content_size > bound or content_size == 0 < bound:
        raise ProtocolError("malformed")
    return pos, bound if content_size < 0 else content_size


def _frame_header(data: memoryview, pos: int) -> tuple[int, int, int, bool]:
    """Where the first block starts, how long a block may be, the content size (-1: not given), and whether a checksum
    follows the last block."""
    magic = data[pos : pos + 4]
    if magic != _MAGIC[: len(magic)]:
        raise ProtocolError("malformed")  # skippable frames too
    descriptor = data[pos + 4]
    if descriptor & 0b1011:  # a reserved bit, or a dictionary
        raise ProtocolError("malformed")
    single_segment = descriptor & 0b100000
    pos += 5
    block_max = _MAX_BLOCK
    if not single_segment:
        block_max = min(block_max, _window(data[pos]))
        pos += 1
    width = _CONTENT_SIZE_BYTES[descriptor >> 6] or (1 if single_segment else 0)
    content_size = int.from_bytes(data[pos : pos + width], "little") + (256 if width == 2 else 0) if width else -1
    return pos + width, block_max, content_size, bool(descriptor & 0b100)


def _window(descriptor: int) -> int:
    size = (1 << (10 + (descriptor >> 3))) * (8 + (descriptor & 7)) // 8
    if size > _MAX_WINDOW:
        raise ProtocolError("bomb")
    return size


def _blocks(data: memoryview, pos: int, block_max: int) -> tuple[int, int]:
    """Where the blocks that start at ``pos`` end, and the most they can expand to."""
    bound = 0
    while True:
        header = data[pos] | data[pos + 1] << 8 | data[pos + 2] << 16
        kind, size = header >> 1 & 3, header >> 3
        if kind > _COMPRESSED or size > block_max:
            raise ProtocolError("malformed")
        pos += 3 + (1 if kind == _RLE else size)
        bound += block_max if kind == _COMPRESSED else size
        if header & 1:
            return pos, bound
