"""Gzip (RFC 1952), with several members as Java's GZIPInputStream reads them."""

from __future__ import annotations

import zlib

from zoneproxy.errors import ProtocolError
from zoneproxy.wire.buffer import Buffer
from zoneproxy.wire.compression_output import MAX_PARTS, Output

_WBITS = 31  # a gzip wrapper around a 32 KiB window
_INPUT = 1 << 18  # bytes handed in at a time: zlib copies what it leaves unread
_OUTPUT = 1 << 20  # bytes taken out at a time: what may be held above the cap
_FIXED = b"\x1f\x8b\x08"
_HIDING_FLAGS = 0b11111100  # FEXTRA, FNAME, FCOMMENT hide bytes from the scanner; the rest is reserved


def compress(payload: Buffer) -> bytes:
    """One member, zlib's default level as in Kafka's clients."""
    return zlib.compress(payload, wbits=_WBITS)


def decompress(data: memoryview, cap: int) -> Buffer:
    """All members of ``data``, at most ``cap`` bytes of them. Raises ProtocolError: bomb, truncated, malformed."""
    out = Output(cap)
    pos = 0
    for _ in range(MAX_PARTS):
        pos = _member(data, pos, out)
        if pos == len(data):
            return out.data
    raise ProtocolError("malformed")


def _member(data: memoryview, pos: int, out: Output) -> int:
    """Append one member to ``out`` and return where the next one starts."""
    _check_header(data[pos : pos + 10])
    inflater = zlib.decompressobj(_WBITS)
    while not inflater.eof:
        piece = data[pos : pos + _INPUT]
        if not piece:
            raise ProtocolError("truncated")
        pos += len(piece)
        _inflate(inflater, piece, out)
    return pos - len(inflater.unused_data)


def _check_header(header: memoryview) -> None:
    if header[:3] != _FIXED[: len(header)]:
        raise ProtocolError("malformed")
    if len(header) < 10:
        raise ProtocolError("truncated")
    if header[3] & _HIDING_FLAGS:
        raise ProtocolError("malformed")


def _inflate(inflater: zlib._Decompress, piece: Buffer, out: Output) -> None:
    """Append what ``piece`` inflates to."""
    while True:
        room = out.room(_OUTPUT)
        try:
            chunk = inflater.decompress(piece, room)
        except zlib.error:
            raise ProtocolError("malformed") from None
        out.add(chunk)
        piece = inflater.unconsumed_tail
        if inflater.eof or (not piece and len(chunk) < room):
            return
