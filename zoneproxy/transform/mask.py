"""Masks: as many characters as there were, of which some are still the same.

Where a mask would leave all of them readable, it leaves none.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from zoneproxy.policy.transforms import Transform
from zoneproxy.transform.change import WHOLE, Change, Rank
from zoneproxy.transform.characters import CHARACTER, CHARACTER_IN_STRING
from zoneproxy.transform.json_text import BACKSLASH, encode_string

_FORMAT = bytes.maketrans(
    b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", b"x" * 26 + b"X" * 26 + b"#" * 10
)


class Mask(Change):
    """Every character but the first and last few becomes another one."""

    def __init__(self, transform: Transform) -> None:
        super().__init__(transform)
        self._first, self._last = transform.keep_first, transform.keep_last
        self._mask = transform.mask_with.encode()
        self._mask_in_json = encode_string(self._mask)[1:-1]
        self._is_plain = self._mask == self._mask_in_json
        self.strictness = (Rank.MASK, -2 * (self._first + self._last))

    def text(self, text: bytes) -> bytes:
        """See Change."""
        return self._masked(text, self._mask, CHARACTER)

    def in_string(self, inside: bytes) -> bytes:
        """See Change."""
        return self._masked(inside, self._mask_in_json, CHARACTER_IN_STRING)

    def alike(self, plain: bytes) -> bytes | None:
        """See Change."""
        if not self._is_plain:
            return None
        last = len(plain) - self._last
        hidden = last - self._first
        return plain[: self._first] + self._mask * hidden + plain[last:] if hidden > 0 else self._mask * len(plain)

    def for_plain(self) -> Callable[[bytes], bytes]:
        """See Change."""
        mask, first, last = self._mask_in_json, self._first, self._last
        if len(mask) != 1:
            return self.in_string

        def plain(inside: bytes) -> bytes:
            size = len(inside)
            if size <= first + last:
                return mask * size
            return inside[:first] + inside[size - last :].rjust(size - first, mask)

        def plain_end(inside: bytes) -> bytes:
            size = len(inside)
            return inside[size - last :].rjust(size, mask) if size > last else mask * size

        return plain if first else plain_end

    def container(self, token: bytes) -> bytes:
        """See Change."""
        return b'"' + WHOLE.replace(b"*", self._mask_in_json) + b'"'

    def _masked(self, text: bytes, mask: bytes, character: re.Pattern[bytes]) -> bytes:
        if text.isascii() and BACKSLASH not in text:
            count, first, last = len(text), self._first, len(text) - self._last
        else:
            ends = [0, *(match.end() for match in character.finditer(text))]
            count = len(ends) - 1
            first, last = ends[min(self._first, count)], ends[max(count - self._last, 0)]
        hidden = count - self._first - self._last
        if hidden <= 0:
            return mask * count
        return text[:first] + mask * hidden + text[last:]


class FormatMask(Change):
    """Letters become x and X, digits become #, separators stay: one sees what it was without seeing it."""

    def __init__(self, transform: Transform) -> None:
        super().__init__(transform)
        self._first, self._last = transform.keep_first, transform.keep_last
        self.strictness = (Rank.MASK, -2 * (self._first + self._last) - 1)
        self.opaque = not (self._first or self._last)

    def text(self, text: bytes) -> bytes:
        """See Change. What is not ASCII counts as a letter."""
        if text.isascii():
            count, first, last = len(text), self._first, len(text) - self._last
        else:
            ends = [0, *(match.end() for match in CHARACTER.finditer(text))]
            count = len(ends) - 1
            first, last = ends[min(self._first, count)], ends[max(count - self._last, 0)]
        if count <= self._first + self._last:
            return _formatted(text)
        return text[:first] + _formatted(text[first:last]) + text[last:]


def _formatted(text: bytes) -> bytes:
    if text.isascii():
        return text.translate(_FORMAT)
    letters = (match[0] if match[0].isascii() else b"x" for match in CHARACTER.finditer(text))
    return b"".join(letters).translate(_FORMAT)
