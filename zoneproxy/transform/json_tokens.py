"""JSON (RFC 8259) as a stream of tokens with their places, nothing built and nothing lost.

Strict: what this accepts, every parser reads in the same way, as far as the grammar goes. Comments, NaN, a byte order
mark, trailing data, raw control characters and invalid UTF-8 are refused. Memory is a byte for each open container.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum
from typing import Final

from zoneproxy.transform.json_text import NotJson as NotJson
from zoneproxy.transform.json_text import check_utf_8
from zoneproxy.transform.json_text import decode_string as decode_string

MAX_DEPTH: Final = 512


class Kind(IntEnum):
    """What a token is. A NAME is the string before a colon."""

    STRING = 1
    NUMBER = 2
    LITERAL = 3
    OPEN_OBJECT = 4
    OPEN_ARRAY = 5
    CLOSE = 6
    NAME = 7


Token = tuple[int, int, int]
"""A Kind (as a plain number, which is faster), start, end."""

SPACE: Final = rb"[ \t\n\r]*+"
STRING: Final = rb'"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+"'
NUMBER: Final = rb"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+"
# Groups in the order of Kind; a member's name comes before them.
_KINDS: Final = b"(?:(%s)|(%s)|(true|false|null)|(\\{)|(\\[))%s" % (STRING, NUMBER, SPACE)
_VALUE: Final = re.compile(SPACE + _KINDS).match
_MEMBER: Final = re.compile(b"%s(%s)%s:%s%s" % (SPACE, STRING, SPACE, SPACE, _KINDS)).match
_SPACES: Final = re.compile(SPACE).match

_OPEN_OBJECT, _CLOSE, _NAME_KIND = int(Kind.OPEN_OBJECT), int(Kind.CLOSE), int(Kind.NAME)
_COMMA, _END_OBJECT, _END_ARRAY = b",}]"


def tokens(text: bytes) -> Iterator[Token]:  # noqa: C901 -- the hot loop
    """The tokens of the one JSON value that ``text`` is, commas and colons left out.

    Raises NotJson where the grammar is broken; what came before has been yielded by then.
    """
    data = ended(text)
    closers = bytearray()  # of the open containers
    pos, in_object = 0, False
    while True:
        match = (_MEMBER if in_object else _VALUE)(data, pos)
        if match is None:
            raise NotJson
        group = match.lastindex or 0
        kind = group
        if in_object:
            yield _NAME_KIND, match.start(1), match.end(1)
            kind -= 1
        yield kind, match.start(group), match.end(group)
        pos = match.end()
        if kind >= _OPEN_OBJECT:
            in_object = kind == _OPEN_OBJECT
            closer = _END_OBJECT if in_object else _END_ARRAY
            closers.append(closer)
            if len(closers) > MAX_DEPTH:
                raise NotJson
            if data[pos] != closer:
                continue
        while closers and data[pos] != _COMMA:
            if data[pos] != closers.pop():
                raise NotJson
            yield _CLOSE, pos, pos + 1
            pos = after_spaces(data, pos + 1)
        if not closers:
            break
        pos += 1
        in_object = closers[-1] == _END_OBJECT
    if pos != len(text):
        raise NotJson


def ended(text: bytes) -> bytes:
    """``text`` with a byte behind it that no JSON has, so that looking at the next byte always works."""
    if not text.isascii():
        check_utf_8(text)
    return text + b"\0"


def after_spaces(data: bytes, pos: int) -> int:
    """The position behind white space that may be at ``pos``."""
    match = _SPACES(data, pos)
    assert match
    return match.end()
