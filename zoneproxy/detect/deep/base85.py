"""Base85: Ascii85 (Adobe's, with or without its ``<~``) and the alphabet of RFC 1924, which Git and Python use.

Nearly everything without spaces could be either. But the first of the five digits for four bytes tells most of the
first byte, so text has one of 31 there: where that holds a few times in a row, and text comes out, it was meant.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from zoneproxy.detect.deep.pieces import Piece
from zoneproxy.detect.deep.runs import apart, segments
from zoneproxy.detect.deep.shapes import one_of
from zoneproxy.detect.patterns import compile_pattern

_RFC_1924 = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"
_ASCII_85 = bytes(range(0x21, 0x76))
_FIRST = slice(10, 41)  # the digits that begin with a printable byte: 0x20 * 2**24 // 85**4 and so on
# It begins where something else ends. In a string of JSON, quotes end it as well.
_QUOTE = rb"[:,\[{(][ \t\r\n]*[\"']"
_BEFORE = rb"[\x00-\x20=>~\x7f-\xff]"
_QUOTES = b"\"'"


class Alphabet:
    """The digits of one base85."""

    def __init__(self, digits: bytes, groups: int) -> None:
        """Nothing is decoded without so many ``groups`` of text in a row."""
        anywhere, in_string = (_groups(digits, groups, without) for without in (b"", _QUOTES))
        self.shape = b"(?:^|" + _BEFORE + b")" + anywhere[0] + b"|" + _QUOTE + in_string[0]
        run = b"(?:^|" + _BEFORE + b")(" + b"".join(anywhere) + b")|" + _QUOTE + b"(" + b"".join(in_string) + b")"
        self._digits = digits
        self._pattern = compile_pattern(self.shape)
        self._run = re.compile(run)

    def pieces(self, text: bytes) -> Iterator[Piece]:
        """What the runs of its digits in ``text`` say."""
        end = 0
        while hit := self._pattern.search(text, end):
            run = self._run.match(text, hit.start())
            assert run
            end = run.end()
            digits = run.group(run.lastindex or 0)
            says = segments(_decode(digits, self._digits))
            if says:
                yield Piece(end - len(digits), end, apart(says))


def _groups(digits: bytes, groups: int, without: bytes) -> tuple[bytes, bytes]:
    """The first groups, and the rest of a run."""
    digit = one_of(set(digits) - set(without))
    first = one_of(set(digits[_FIRST]) - set(without))
    return b"(?:" + first + digit + b"{4}){%d}" % groups, digit + b"*+"


def _decode(run: bytes, digits: bytes) -> bytes:
    """Groups over 2**32, which there are not, end it."""
    padding = -len(run) % 5
    values = (run + digits[-1:] * padding).translate(_values(digits))
    words = [
        (((a * 85 + b) * 85 + c) * 85 + d) * 85 + e
        for a, b, c, d, e in zip(*(values[place::5] for place in range(5)), strict=True)
    ]
    count = next((at for at, word in enumerate(words) if word >> 32), len(words))
    decoded = struct.pack(f">{count}I", *words[:count])
    return decoded[: len(decoded) - padding] if count == len(words) else decoded


def _values(digits: bytes) -> bytes:
    return bytes.maketrans(digits, bytes(range(85)))


ALPHABETS = (Alphabet(_RFC_1924, 3), Alphabet(_ASCII_85, 4))
