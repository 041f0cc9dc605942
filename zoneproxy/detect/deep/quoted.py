"""Quoted-printable (RFC 2045, 6.7): ``=34`` is a digit, and an equals sign that ends a line joins it with the next."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zoneproxy.detect.deep.pieces import Piece

SHAPE = rb"=(?:[2-7][0-9A-Fa-f]|[C-Fc-f][0-9A-Fa-f]=[89ABab]|[ \t]*\r?\n)"
_QUOTED = re.compile(rb"=(?:([0-9A-Fa-f]{2})|[ \t]{0,80}\r?\n)")


def pieces(text: bytes) -> Iterator[Piece]:
    """The characters of ``text`` that stand for others, and its soft line breaks."""
    for match in _QUOTED.finditer(text):
        yield Piece(match.start(), match.end(), bytes.fromhex((match.group(1) or b"").decode()))
