"""Characters written as something else: escapes of JSON, C, URLs and HTML, and look-alikes, all undone at once.

What an escape of an escape stands for (``%2534``, ``\\\\u0034``) is seen by looking at the result again.
"""

from __future__ import annotations

import html.entities
import re
from collections.abc import Iterator
from functools import cache

from zoneproxy.detect.deep import lookalikes
from zoneproxy.detect.deep.pieces import Piece

_UNICODE = rb"\\[uU]\{0{0,6}[0-9A-Fa-f]{1,6}\}|\\U[0-9A-Fa-f]{8}|\\u[0-9A-Fa-f]{4}|%u[0-9A-Fa-f]{4}"
_BYTES = rb"\\[xX][0-9A-Fa-f]{2}|%[0-9A-Fa-f]{2}"
_NUMERIC = rb"&#0{0,8}[0-9]{1,7};?|&#[xX]0{0,8}[0-9A-Fa-f]{1,6};?"
_ESCAPE = re.compile(
    rb"(?=[\\%&\xa0\xad\xc2-\xf4])(?:"
    + b"|".join(
        (
            rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}",
            _UNICODE,
            _BYTES,
            rb"\\[0-3][0-7]{2}",
            rb'\\["\\/bfnrt]',
            _NUMERIC,
            rb"&[A-Za-z][A-Za-z0-9]{1,31};",
            rb"[\xc2-\xf4][\x80-\xbf]{1,3}",
            rb"(?<=[0-9A-Za-z])[\xa0\xad](?=[0-9A-Za-z])",  # of Latin-1
        )
    )
    + b")"
)
_SHORT = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_SHORT_LENGTH = 2
_LATIN_1 = {b"\xa0": b" ", b"\xad": b""}
_HEXADECIMAL = re.compile(rb"[0-9A-Fa-f]+")
_OCTAL = re.compile(rb"\\[0-3][0-7]{2}")
_BEYOND = 0x110000


@cache
def shape() -> bytes:
    """A pattern for what ``pieces`` may find. Short escapes alone are none of it: every reading of JSON undoes them."""
    escapes = (
        rb"\\[uUxX\\/0-3nrt]",
        rb"%(?:u|[0-9A-Fa-f]{2})",
        b"&(?:#[xX0-9]|[A-Za-z])",
        rb"[0-9A-Za-z][\xa0\xad][0-9A-Za-z]",
    )
    return b"|".join((*escapes, lookalikes.shape()))


def pieces(text: bytes) -> Iterator[Piece]:
    """The characters of ``text`` that stand for others."""
    for match in _ESCAPE.finditer(text):
        written = match.group()
        says = _says(written)
        if says is not None:
            yield Piece(match.start(), match.end(), says)


def _says(written: bytes) -> bytes | None:
    """What a character stands for; None: for itself."""
    if written[0] >= 0x80:
        return lookalikes.table().get(written, _LATIN_1.get(written))
    if written[:1] == b"&":
        return _entity(written)
    kind = written[1:2]
    if len(written) == _SHORT_LENGTH:
        return _SHORT.get(kind, kind)
    if _OCTAL.fullmatch(written):
        return bytes((int(written[1:], 8),))
    digits = _HEXADECIMAL.findall(written)
    if len(digits) > 1:
        return chr(0x10000 + ((int(digits[0], 16) - 0xD800) << 10) + int(digits[1], 16) - 0xDC00).encode()
    code = int(digits[0], 16)
    is_byte = kind in b"xX" or (written[:1] == b"%" and kind != b"u")
    return bytes((code,)) if is_byte else _character(code)


def _entity(written: bytes) -> bytes | None:
    if written[1:2] != b"#":
        named = html.entities.html5.get(written[1:].decode())
        return None if named is None else named.encode()
    digits = written[2:].rstrip(b";")
    return _character(int(digits[1:], 16) if digits[:1] in b"xX" else int(digits))


def _character(code: int) -> bytes | None:
    return chr(code).encode(errors="surrogatepass") if code < _BEYOND else None
