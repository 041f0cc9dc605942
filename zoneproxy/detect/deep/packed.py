"""What is compressed within a value, told by how it begins, and read as far as the budget goes.

Something that ends too early or is damaged is read as far as it goes: so does a consumer. Inflating stops as soon as
more came out than may be looked through.
"""

from __future__ import annotations

import bz2
import lzma
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol

import lz4.frame
import zstandard

from zoneproxy.detect.deep.budget import Budget
from zoneproxy.detect.deep.pieces import Piece
from zoneproxy.detect.deep.runs import apart, segments
from zoneproxy.detect.deep.shapes import MAGICS, raw
from zoneproxy.detect.patterns import compile_pattern
from zoneproxy.errors import ProtocolError

SHAPE = b"|".join(map(raw, MAGICS))
_MAGIC = compile_pattern(SHAPE)
_WHICH = re.compile(b"|".join(b"(" + raw(magic) + b")" for magic in MAGICS))
_STEP = 64  # bytes handed in at first: of damaged data, what these would have said is lost
_MEMORY = 80 << 20  # bytes that xz may take: what its highest level asks for
_WINDOW = 8 << 20  # bytes: what zstd's highest level asks for, short of its `--ultra` ones


class _Inflater(Protocol):
    """The interface that the libraries have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes | None: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class _Zstd:
    """A frame of zstd. It takes no bound, but 64 bytes of it cannot become more than 2 MiB."""

    def __init__(self) -> None:
        self._frame = zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompressobj()

    @property
    def eof(self) -> bool:
        return self._frame.eof

    @property
    def unused_data(self) -> bytes:
        return self._frame.unused_data

    def decompress(self, data: bytes, _max_length: int, /) -> bytes:
        return self._frame.decompress(data)


class _Format(NamedTuple):
    """How a stream is read; it begins ``header(text, at)`` bytes behind its magic's first, None: there is none.

    ``most``: bytes that may be handed in at a time.
    """

    make: Callable[[], _Inflater]
    header: Callable[[bytes, int], int | None] = lambda _text, _at: 0
    most: int = 4096


def _zip_header(text: bytes, at: int) -> int | None:
    """The length of a local file header (APPNOTE 4.3.7). What is stored is not compressed, and stands in the text."""
    header = text[at : at + _ZIP_HEADER.size]
    if len(header) < _ZIP_HEADER.size:
        return None
    method, name, extra = _ZIP_HEADER.unpack(header)
    return _ZIP_HEADER.size + name + extra if method == _DEFLATED else None


_ZIP_HEADER = struct.Struct("<8xH16xHH")
_DEFLATED = 8
_FORMATS = (  # in the order of MAGICS
    _Format(lambda: zlib.decompressobj(31)),
    _Format(lambda: zlib.decompressobj(-15), _zip_header),
    _Format(bz2.BZ2Decompressor),
    _Format(lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, _MEMORY)),
    _Format(_Zstd, most=_STEP),
    _Format(lz4.frame.LZ4FrameDecompressor),
    _Format(zlib.decompressobj),
)
_DAMAGED = (zlib.error, lzma.LZMAError, zstandard.ZstdError, OSError, EOFError, RuntimeError, ValueError)


def pieces(text: bytes, budget: Budget) -> Iterator[Piece]:
    """What is compressed in ``text``. Raises ProtocolError (``budget``): it is more than may be looked through."""
    pos = 0
    room = budget.left  # for all of it together: a value may be one stream after another
    while magic := _MAGIC.search(text, pos):
        budget.stream()
        which = _WHICH.match(text, magic.start())
        assert which
        form = _FORMATS[(which.lastindex or 1) - 1]
        pos = magic.start() + 1
        header = form.header(text, magic.start())
        if header is None:
            continue
        says, end = _inflate(form, text, magic.start() + header, room)
        budget.inflate(len(says))
        if segments(says):
            pos = end
            room -= len(says)
            yield Piece(magic.start() + header, end, apart((says,)))


def _inflate(form: _Format, text: bytes, start: int, most: int) -> tuple[bytes, int]:
    """What comes out of the bytes from ``start`` on, and where they end."""
    out = bytearray()
    inflater, step, at = form.make(), _STEP, start
    try:
        while at < len(text):
            out += inflater.decompress(text[at : at + step], most + 1 - len(out))
            at += step
            if len(out) > most:
                raise ProtocolError("budget")
            if inflater.eof:
                return bytes(out), min(at, len(text)) - len(inflater.unused_data or b"")
            step = min(2 * step, form.most)
    except _DAMAGED as error:
        if "emory" in str(error):  # both libraries say so where a window would be too large
            raise ProtocolError("budget") from None
    return bytes(out), len(text)
