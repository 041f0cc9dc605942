"""LZ4 frames, one per batch, as Kafka reads them.

Java reads the first frame and ignores what follows; librdkafka refuses it. What follows would be unread, so it is
refused. Written frames have independent blocks of 64 KiB, no checksums and no content size, like Java's own; Java
cannot read linked blocks.
"""

from __future__ import annotations

import lz4.frame

from zoneproxy.errors import ProtocolError
from zoneproxy.wire.buffer import Buffer
from zoneproxy.wire.compression_output import Output

_INPUT = 1 << 18  # bytes handed in at a time: the library copies what it leaves unread
_OUTPUT = 1 << 20  # bytes taken out at a time: the library allocates this much at once
_MAGIC = b"\x04\x22\x4d\x18"
_DICTIONARY = 0b00000001  # FLG bit 0


def compress(payload: Buffer) -> bytes:
    """One frame with independent 64 KiB blocks."""
    frame: bytes = lz4.frame.compress(
        payload, block_size=lz4.frame.BLOCKSIZE_MAX64KB, block_linked=False, store_size=False
    )
    return frame


def decompress(data: memoryview, cap: int) -> Buffer:
    """The content of the one frame in ``data``, at most ``cap`` bytes.

    Raises ProtocolError: bomb, truncated, malformed.
    """
    _check_header(data[:5])
    frame = lz4.frame.LZ4FrameDecompressor()
    out = Output(cap)
    pos = 0
    while not frame.eof:
        piece = data[pos : pos + _INPUT]
        if not piece:
            raise ProtocolError("truncated")
        pos += len(piece)
        _inflate(frame, piece, out)
    if pos < len(data) or frame.unused_data:
        raise ProtocolError("malformed")
    return out.data


def _check_header(header: memoryview) -> None:
    if header[:4] != _MAGIC[: len(header)]:
        raise ProtocolError("malformed")
    if len(header) < 5:
        raise ProtocolError("truncated")
    if header[4] & _DICTIONARY:
        raise ProtocolError("malformed")


def _inflate(frame: lz4.frame.LZ4FrameDecompressor, piece: Buffer, out: Output) -> None:
    """Append what ``piece`` inflates to."""
    step = min(_OUTPUT, 8 * len(piece) + 65536)
    while True:
        try:
            chunk = frame.decompress(piece, out.room(step))
        except RuntimeError:
            raise ProtocolError("malformed") from None
        out.add(chunk)
        if frame.eof or frame.needs_input:
            return
        piece = b""
