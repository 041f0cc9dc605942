"""What is split over neighbours in JSON: ``{"pan1": "4111", "pan2": "1111"...}``, ``["4111", "1111"...]``.

Neighbours belong together if their names differ in a last digit or letter only, or if they are strings in one array.
They are read as one by leaving out what stands between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from zoneproxy.detect.deep.pieces import Piece

_SPACE = rb"[ \t\r\n]*+"
_TEXT = rb"[0-9A-Za-z@._+\-/= ]"
_STRING = rb'"(?P<text>' + _TEXT + rb'{1,64})"'
_MEMBER = re.compile(
    rb'"(?P<stem>[A-Za-z_.\-]{0,31}[A-Za-z])(?:[_\-]?[0-9]{1,3}|[_\-][A-Za-z]|(?<=[a-z])[A-Z])"'
    + _SPACE
    + b":"
    + _SPACE
    + rb"(?:"
    + _STRING
    + rb"|(?P<digits>[0-9]{1,19})(?![0-9.eE]))"
)
_ITEM = re.compile(rb"(?P<before>[\[,])" + _SPACE + _STRING + rb"(?=[ \t\r\n]*+[,\]])")
_COMMA = re.compile(_SPACE + b"," + _SPACE)
SHAPE = (
    rb'(?:[0-9]|[_\-][A-Za-z]|[a-z][A-Z])"[ \t\r\n]*:[ \t\r\n]*"?[0-9A-Za-z]'
    rb'|[\[,][ \t\r\n]*"' + _TEXT + rb'+"[ \t\r\n]*,[ \t\r\n]*"' + _TEXT + rb'+"[ \t\r\n]*[,\]]'
)


def pieces(text: bytes) -> Iterator[Piece]:
    """What stands between neighbours that may be one value; nothing, where ``text`` is not JSON."""
    if text.lstrip(b" \t\r\n")[:1] in (b"{", b"["):
        yield from _between(text, _MEMBER)
        yield from _between(text, _ITEM)


def _between(text: bytes, pattern: re.Pattern[bytes]) -> Iterator[Piece]:
    before: re.Match[bytes] | None = None
    for match in pattern.finditer(text):
        if before is not None and _are_neighbours(text, before, match):
            yield Piece(_span(before)[1], _span(match)[0], b"")
        before = match


def _are_neighbours(text: bytes, one: re.Match[bytes], other: re.Match[bytes]) -> bool:
    if one.re is _ITEM:
        return other.group("before") == b"," and not text[one.end() : other.start()].strip()
    comma = _COMMA.match(text, one.end())
    same = one.group("stem").lower() == other.group("stem").lower()
    return same and comma is not None and comma.end() == other.start()


def _span(match: re.Match[bytes]) -> tuple[int, int]:
    return match.span("text") if match.group("text") is not None else match.span("digits")
