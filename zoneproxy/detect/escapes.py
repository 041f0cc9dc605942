"""JSON escapes undone before matching, with the way back.

``4\\u0031 11`` in a JSON string is ``41 11`` to whoever parses it. Findings in the plain text are mapped back to the
bytes that stand for them, so that what is cut out is always whole escapes.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Collection
from typing import Final

from zoneproxy.errors import ProtocolError

BACKSLASH: Final = 0x5C
"""A number: to look for it as ``bytes`` takes ten times as long."""

# Escapes that stage 1 must stop at: of characters that detectors look for (letters, digits and what stands between
# them), and any right before a digit, as its own digits would lengthen the number.
SHAPE = (
    rb"\\u00(?:2[0DEFdef]|3[0-9Aa]|4[0-9A-Fa-f]|5[0-9AEFaef]|6[1-9A-Fa-f]|7[0-9Aa])"
    rb"|\\u[0-9A-Fa-f]{4}[0-9]"
)


def shape_for(said: Collection[int]) -> bytes:
    """The same for a detector that looks for the bytes ``said``; empty if no escape says one of them.

    One that a policy defines may look for any character: stage 1 has to stop at all escapes that say one of these.
    """
    written = [rb"\\u00(?i:%02x)" % byte for byte in sorted(said) if byte < _ASCII]
    written += [re.escape(short) for short, byte in _SHORT_FOR.items() if byte in said]
    if any(byte >= _ASCII for byte in said):
        written.append(_BEYOND_ASCII)
    return b"|".join(written)


_ASCII = 0x80
_BEYOND_ASCII = rb"\\u(?:00[89A-Fa-f]|0[1-9A-Fa-f]|[1-9A-Fa-f][0-9A-Fa-f])"
_SHORT_FOR = {rb"\%c" % letter: byte for letter, byte in zip(b'"\\/bfnrt', b'"\\/\b\f\n\r\t', strict=True)}

_PAIR = rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
# What is no escape of JSON is left alone.
_ESCAPE = re.compile(_PAIR + rb'|\\u[0-9a-fA-F]{4}|\\["\\/bfnrt]')
_SHORT = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_PAIR_LENGTH = 12

MAX_ESCAPES = 1 << 20  # in one value: 32 bytes of memory each, for perhaps 2 of the value


class Plain:
    """``text`` is ``source`` without its escapes. Raises ProtocolError (``dense``): more than MAX_ESCAPES of them."""

    __slots__ = ("_plain_at", "_source_at", "text")

    def __init__(self, source: bytes) -> None:
        text = bytearray()
        # Where each piece of the plain text begins, in it and in the source: what stands for itself and what an
        # escape stands for take turns, beginning with the former, which may be empty.
        self._plain_at = array("q")
        self._source_at = array("q")
        copied = 0
        for count, match in enumerate(_ESCAPE.finditer(source)):
            if count == MAX_ESCAPES:
                raise ProtocolError("dense")
            self._mark(len(text), copied)
            text += source[copied : match.start()]
            self._mark(len(text), match.start())
            text += _decode(match.group())
            copied = match.end()
        self._mark(len(text), copied)
        text += source[copied:]
        self.text = bytes(text)

    def _mark(self, plain: int, source: int) -> None:
        self._plain_at.append(plain)
        self._source_at.append(source)

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """The bytes of the source that ``text[start:end]``, which is not empty, stands for."""
        first, last = bisect_right(self._plain_at, start) - 1, bisect_right(self._plain_at, end - 1) - 1
        begin = self._source_at[first]
        if not first % 2:
            begin += start - self._plain_at[first]
        finish = self._source_at[last + 1] if last % 2 else self._source_at[last] + end - self._plain_at[last]
        return begin, finish


def _decode(escape: bytes) -> bytes:
    kind = escape[1:2]
    if kind != b"u":
        return _SHORT.get(kind, kind)
    code = int(escape[2:6], 16)
    if len(escape) == _PAIR_LENGTH:
        code = 0x10000 + ((code - 0xD800) << 10) + int(escape[8:12], 16) - 0xDC00
    return chr(code).encode(errors="surrogatepass")
