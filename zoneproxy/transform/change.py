"""What becomes of one value: masked, hashed or removed.

A mask keeps the number of characters; where it would leave all of them readable, it leaves none. A hash is keyed:
without the key nobody can try all card numbers. Equal values have equal hashes under one key, whatever field they came
in and however they were escaped.
"""

from __future__ import annotations

import hmac
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping

from zoneproxy.policy.controls import Transform, TransformKind
from zoneproxy.transform.json_tokens import decode_string

HASH_LENGTH = 32  # hexadecimal digits: 128 bits
_DOMAIN = b"zoneproxy hash 1\0"
_WHOLE = b"****"  # stands for an object or array, whatever is in it


class Change(ABC):
    """A ``Transform`` at work. Of two that apply to one value the one with the greater ``strictness`` is to win."""

    def __init__(self, transform: Transform) -> None:
        self.kind = transform.kind.value

    strictness: tuple[int, int]

    @abstractmethod
    def text(self, text: bytes) -> bytes:
        """What takes the place of ``text`` that is not JSON."""

    @abstractmethod
    def in_string(self, inside: bytes) -> bytes:
        """What takes the place of ``inside``, whole characters between the quotes of a JSON string."""

    @abstractmethod
    def container(self, text: bytes) -> bytes:
        """The inside of the string that takes the place of a JSON object or array."""

    @property
    def removes(self) -> bool:
        """The value goes, and what held it in its place, like the name and the comma of an object's member."""
        return False


class Mask(Change):
    """Every character but the first and last few becomes another one."""

    def __init__(self, transform: Transform) -> None:
        super().__init__(transform)
        self._first, self._last = transform.keep_first, transform.keep_last
        self._mask = transform.mask_with.encode()
        self._mask_in_json = json.dumps(transform.mask_with, ensure_ascii=False)[1:-1].encode()
        self.strictness = (0, -self._first - self._last)

    def text(self, text: bytes) -> bytes:
        return self._masked(text, self._mask, _CHARACTER)

    def in_string(self, inside: bytes) -> bytes:
        return self._masked(inside, self._mask_in_json, _CHARACTER_IN_STRING)

    def container(self, text: bytes) -> bytes:
        return _WHOLE.replace(b"*", self._mask_in_json)

    def _masked(self, text: bytes, mask: bytes, character: re.Pattern[bytes]) -> bytes:
        if text.isascii() and b"\\" not in text:
            count, first, last = len(text), self._first, len(text) - self._last
        else:
            ends = [0, *(match.end() for match in character.finditer(text))]
            count = len(ends) - 1
            first, last = ends[min(self._first, count)], ends[max(count - self._last, 0)]
        hidden = count - self._first - self._last
        if hidden <= 0:
            return mask * count
        return text[:first] + mask * hidden + text[last:]


_ANY_CHARACTER = rb"[\x00-\x7f]|[\xc2-\xf4][\x80-\xbf]{1,3}|[\x80-\xff]"
_CHARACTER = re.compile(_ANY_CHARACTER, re.DOTALL)
_CHARACTER_IN_STRING = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|" + _ANY_CHARACTER, re.DOTALL
)


def character_starts(inside: bytes, of_interest: Collection[int]) -> set[int]:
    """Those of the offsets ``of_interest`` at which a character of a JSON string's inside, or its escape, starts."""
    if inside.isascii() and b"\\" not in inside:
        return set(of_interest)
    starts = (match.start() for match in _CHARACTER_IN_STRING.finditer(inside))
    return {start for start in starts if start in of_interest}


class Hash(Change):
    """HMAC-SHA-256 (FIPS 198-1) under a key, cut to 128 bits, hexadecimal."""

    strictness = (1, 0)

    def __init__(self, transform: Transform, keys: Mapping[str, bytes]) -> None:
        """Raises KeyError: the key is not among ``keys``."""
        super().__init__(transform)
        name = transform.key or ""
        self._key = keys[name]
        self._prefix = _DOMAIN + name.encode() + b"\0"

    def text(self, text: bytes) -> bytes:
        return hmac.digest(self._key, self._prefix + text, "sha256").hex()[:HASH_LENGTH].encode()

    def in_string(self, inside: bytes) -> bytes:
        return self.text(decode_string(b'"' + inside + b'"'))

    def container(self, text: bytes) -> bytes:
        return self.text(text)


class Remove(Change):
    """Nothing is left."""

    strictness = (2, 0)

    def text(self, text: bytes) -> bytes:
        return b""

    def in_string(self, inside: bytes) -> bytes:
        return b""

    def container(self, text: bytes) -> bytes:
        return b""

    @property
    def removes(self) -> bool:
        return True


def make_change(transform: Transform, keys: Mapping[str, bytes]) -> Change:
    """``transform`` with its key, if it needs one. Raises KeyError: the key is not among ``keys``."""
    if transform.kind is TransformKind.MASK:
        return Mask(transform)
    if transform.kind is TransformKind.HASH:
        return Hash(transform, keys)
    return Remove(transform)
