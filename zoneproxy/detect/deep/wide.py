"""Text in other character sets: UTF-16 and UTF-32 of either byte order, with a byte order mark or without, and EBCDIC.

Within a value that is something else, runs of wide ASCII characters and of wide full-width digits are read; a value
that is all UTF-16 is read as such.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from zoneproxy.detect.deep.pieces import Piece

_CHARACTER = rb"[\t\n\r\x20-\x7e]"
_RUN = 6  # characters
_LETTERS = rb"[\x81-\x89\x91-\x99\xa2-\xa9\xc1-\xc9\xd1-\xd9\xe2-\xe9\xf0-\xf9]"  # and digits, in EBCDIC
# A number, an address, a code.
_EBCDIC = rb"[\x40\x4b\x60\xf0-\xf9]{9}|" + _LETTERS + rb"{2}\x7c" + _LETTERS + rb"{2}|" + _LETTERS + rb"{12}"
_AS_EBCDIC = re.compile(_EBCDIC)
SHAPE = b"|".join(
    (
        rb"(?:%s\x00){%d}|(?:\x00%s){%d}" % (_CHARACTER, _RUN, _CHARACTER, _RUN),
        rb"(?:%s\x00\x00\x00){%d}|(?:\x00\x00\x00%s){%d}" % (_CHARACTER, _RUN, _CHARACTER, _RUN),
        rb"(?:[\x10-\x19]\xff){%d}|(?:\xff[\x10-\x19]){%d}" % (_RUN, _RUN),
        rb"\xff\xfe|\xfe\xff",
        _EBCDIC,
    )
)
_WIDE = re.compile(
    rb"((?:%s\x00\x00\x00){%d,})|((?:\x00\x00\x00%s){%d,})" % (_CHARACTER, _RUN, _CHARACTER, _RUN)
    + rb"|((?:%s\x00){%d,})|((?:\x00%s){%d,})" % (_CHARACTER, _RUN, _CHARACTER, _RUN)
    + rb"|((?:[\x10-\x19]\xff){%d,})|((?:\xff[\x10-\x19]){%d,})" % (_RUN, _RUN)
)
_STEPS = (4, 4, 2, 2, 2, 2)
_AT = (0, 3, 0, 1, 0, 1)  # which byte of a character tells it
_FIRST_FULL_WIDTH = 5  # of the groups
_DIGITS = bytes.maketrans(bytes(range(0x10, 0x1A)), b"0123456789")
_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_READABLE = bytes(range(0x20, 0x7F)).replace(b"?", b"")
_FEW = 3  # one character of so many may be another one; of random bytes two are
_ASCII_OR_NOT = re.compile(r"[\x00-\x7f]+|[^\x00-\x7f]")


def pieces(text: bytes) -> Iterator[Piece]:
    """What ``text``, or a part of it, says in another character set."""
    start, charset = _charset(text)
    if charset:
        return _whole(text, start, charset)
    if _AS_EBCDIC.search(text):
        says = text.decode("cp037").encode("ascii", "replace")
        if len(says.translate(None, _READABLE)) * _FEW < len(says):
            return iter((Piece(0, len(text), says, step=1),))
    return _parts(text)


def _charset(text: bytes) -> tuple[int, str]:
    """Where the text begins and how it is written; "" for what is not all in one of them."""
    for mark, charset in _MARKS:
        if text.startswith(mark):
            return len(mark), charset
    if len(text) % 2 == 0:
        for offset, charset in ((1, "utf-16-le"), (0, "utf-16-be")):
            if text[offset::2].count(0) * 2 >= len(text) // 2 > text[1 - offset :: 2].count(0) * 8:
                return 0, charset
    return 0, ""


def _whole(text: bytes, start: int, charset: str) -> Iterator[Piece]:
    yield Piece(0, start, b"")
    says = text[start:].decode(charset, "replace")
    size = 4 if "32" in charset else 2
    for match in _ASCII_OR_NOT.finditer(says):
        part = match.group()
        encoded = len(part.encode(charset, "replace"))
        yield Piece(start, min(start + encoded, len(text)), part.encode(), step=size if part.isascii() else 0)
        start += encoded


def _parts(text: bytes) -> Iterator[Piece]:
    for match in _WIDE.finditer(text):
        group = match.lastindex or 1
        step = _STEPS[group - 1]
        says = match.group()[_AT[group - 1] :: step]
        yield Piece(match.start(), match.end(), says.translate(_DIGITS) if group >= _FIRST_FULL_WIDTH else says, step)
