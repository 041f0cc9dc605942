"""Coded text that is broken into lines, as in e-mail and PEM: read without its line breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zoneproxy.detect.deep.pieces import Piece

_DIGIT = rb"[A-Za-z0-9+/_\-]"
SHAPE = _DIGIT + rb"{4}[ \t]*\r?\n[ \t]*" + _DIGIT + rb"+={0,2}[ \t]*(?:[\r\n\"'<]|$)"
_BREAK = re.compile(
    rb"(?<=" + _DIGIT + rb"{4})[ \t]{0,16}\r?\n[ \t]{0,16}(?=" + _DIGIT + rb"++={0,2}[ \t]*+(?![^\r\n\"'<]))"
)


def pieces(text: bytes) -> Iterator[Piece]:
    """The line breaks in ``text`` before lines that are all of one word."""
    for match in _BREAK.finditer(text):
        yield Piece(match.start(), match.end(), b"")
