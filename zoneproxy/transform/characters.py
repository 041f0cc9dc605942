"""Characters in UTF-8 and in the inside of JSON strings, counted without decoding either."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from zoneproxy.transform.json_text import BACKSLASH

_ANY_CHARACTER: Final = rb"[\x00-\x7f]|[\xc2-\xf4][\x80-\xbf]{1,3}|[\x80-\xff]"

CHARACTER: Final = re.compile(_ANY_CHARACTER, re.DOTALL)
"""One character; a byte that is none counts as one."""
CHARACTER_IN_STRING: Final = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|" + _ANY_CHARACTER, re.DOTALL
)
"""One character between the quotes of a JSON string, or its escape."""


def first_characters(text: bytes, count: int) -> bytes:
    """The first ``count`` characters of ``text``."""
    if text.isascii():
        return text[:count]
    for number, match in enumerate(CHARACTER.finditer(text)):
        if number == count:
            return text[: match.start()]
    return text


def character_starts(inside: bytes, of_interest: Collection[int]) -> set[int]:
    """Those of the offsets ``of_interest`` at which a character of a JSON string's inside, or its escape, starts."""
    if inside.isascii() and BACKSLASH not in inside:
        return set(of_interest)
    starts = (match.start() for match in CHARACTER_IN_STRING.finditer(inside))
    return {start for start in starts if start in of_interest}
