"""Runs of base64, base32 and hexadecimal digits, and what they say.

A pattern points at places that look like coded text; around them the run is as long as its alphabet goes. The text may
begin at any digit of a group, since something else may stand right before it: all beginnings are tried.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable, Iterable, Iterator

from zoneproxy.detect.deep.pieces import Piece
from zoneproxy.detect.deep.shapes import BASE_32, LONG_MAGICS, ZLIB, base_32, base_64, hexadecimal, raw, worth_decoding
from zoneproxy.detect.escapes import BACKSLASH
from zoneproxy.detect.patterns import Pattern, compile_pattern

_TEXT = 8  # printable bytes in a row; fewer are not looked for
_CHARACTER = rb"(?:[\t\n\r\x20-\x7e]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})"
_SHORT, _MIDDLE = 256, 4096  # bytes: random ones hold so much text by chance that in more of them more is asked for


def _segment(characters: int) -> Pattern:
    wide = b"{%d,}" % (characters // 2 + 1)
    packed = b"|".join(map(raw, LONG_MAGICS)) + b"|^" + raw(ZLIB)
    return compile_pattern(
        _CHARACTER + b"{%d,}" % characters,
        rb"(?:[\x20-\x7e]\x00)" + wide,
        rb"(?:\x00[\x20-\x7e])" + wide,
        b"(?s:(?:" + packed + b").*)",
    )


_SEGMENTS = (_segment(6), _segment(10), _segment(16))
_U = 0x75
_UNICODE_ESCAPE = 5  # bytes behind the backslash
APART = b"\x01  \x01"  # of even length, and its ends no part of text: so wide text around it stays what it is


def segment_spans(decoded: bytes) -> list[tuple[int, int]]:
    """The text in ``decoded``, and what is compressed there: all of it that is worth another look."""
    size = len(decoded)
    pattern = _SEGMENTS[(size > _SHORT) + (size > _MIDDLE)]
    return [(match.start(), match.end()) for match in pattern.finditer(decoded)]


def segments(decoded: bytes) -> list[bytes]:
    """As ``segment_spans``."""
    return [decoded[start:end] for start, end in segment_spans(decoded)]


def apart(readings: Iterable[bytes]) -> bytes:
    """All of ``readings`` in one text, each with nothing near it that it could be joined with."""
    return APART + APART.join(readings) + APART


class Runs:
    """The runs of one code in a text."""

    def __init__(self, shape: bytes, digit: bytes, group: int, decode: Callable[[bytes], bytes]) -> None:
        """``shape`` points at what may be coded; ``group`` digits stand for whole bytes, and ``decode`` reads any."""
        self.shape = shape
        self._pattern = compile_pattern(shape)
        self._forward = re.compile(b"(?:" + digit + b")*+(=*+)")
        self._backwards = re.compile(b"(?:" + digit + b")*+")
        self._group = group
        self._decode = decode

    def pieces(self, text: bytes) -> Iterator[Piece]:
        """What the runs in ``text`` say."""
        done = 0
        while hit := self._pattern.search(text, done):
            start, end, padding = self._run(text, done, hit.start())
            says = self._readings(text[start : end - padding])
            if says:
                yield Piece(start, end, says)
            done = end

    def _run(self, text: bytes, done: int, at: int) -> tuple[int, int, int]:
        """The beginning, the end and the padding of the run around ``at``. A JSON escape is not part of it."""
        before, after = self._backwards.match(text[done:at][::-1]), self._forward.match(text, at)
        assert before
        assert after
        start = at - before.end()
        if start and text[start - 1] == BACKSLASH:
            start = min(at, start + (_UNICODE_ESCAPE if text[start] == _U else 1))
        return start, after.end(), len(after.group(1))

    def _readings(self, run: bytes) -> bytes:
        found = [part for skipped in range(self._group) for part in segments(self._decode(run[skipped:]))]
        return apart(found) if found else b""


def _from_base_64(run: bytes) -> bytes:
    if len(run) % 4 == 1:
        run = run[:-1]
    return binascii.a2b_base64(run.translate(_FROM_URL_SAFE) + b"=" * (-len(run) % 4))


def _from_base_32(run: bytes) -> bytes:
    spare = len(run) * 5 % 8
    number = int(run.translate(_FROM_BASE_32) or b"0", 32) >> spare  # linear: 32 is a power of two
    return number.to_bytes(len(run) * 5 // 8, "big")


def _from_hexadecimal(run: bytes) -> bytes:
    return binascii.a2b_hex(run[: len(run) & ~1])


def _from_separated(run: bytes) -> bytes:
    return _from_hexadecimal(run.replace(b"0x", b"").translate(None, b" :-,"))


_FROM_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_BASE_32_DIGITS = b"0123456789abcdefghijklmnopqrstuv"
_FROM_BASE_32 = bytes.maketrans(BASE_32 + BASE_32.lower()[:26], _BASE_32_DIGITS + _BASE_32_DIGITS[:26])

BASE_64 = Runs(b"|".join(map(base_64, worth_decoding(_TEXT - 2, 3))), rb"[A-Za-z0-9+/_\-]", 4, _from_base_64)
BASE_32_RUNS = Runs(b"|".join(map(base_32, worth_decoding(2 * 5, 5))), b"[A-Za-z2-7]", 8, _from_base_32)
HEXADECIMAL = Runs(b"|".join(map(hexadecimal, worth_decoding(_TEXT, 1))), b"[0-9A-Fa-f]", 2, _from_hexadecimal)
_PAIR_APART = rb"(?:0x)?[2-7][0-9A-Fa-f](?:[ :\-]|, ?)"
SEPARATED = Runs(
    b"(?:" + _PAIR_APART + b"){%d}" % (_TEXT - 1),
    rb"(?:0x)?[0-9A-Fa-f]{2}(?:[ :\-]|, ?)?",
    1,
    _from_separated,
)
CODES = (BASE_64, BASE_32_RUNS, HEXADECIMAL, SEPARATED)
