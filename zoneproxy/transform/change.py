"""What all changes of a value have in common.

Two things hold for every one of them. Null says nothing and stays null (but for ``removes``); and nothing that is not
null becomes null unless the change is to do that. What a change does not understand is hidden whole, never left as it
is: a date that is none, an address with something behind it, an object where a number should be.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from enum import IntEnum

from zoneproxy.policy.transforms import Transform
from zoneproxy.transform.json_text import decode_string, encode_string, is_number

WHOLE = b"****"
"""Stands for what is hidden whole; it does not even tell the length."""

_QUOTE, _N, _OPEN_OBJECT, _OPEN_ARRAY = b'"n{['


class Rank(IntEnum):
    """How little a change leaves of a value: where several apply to one, the greatest wins.

    Parts of the value are left up to MASK, whether two values are equal up to TOKENISE (and HASH also tells it across
    zones and types), that there is one up to NULL.
    """

    TRUNCATE = 0
    GENERALISE = 1
    SHIFT_DATE = 2
    MASK_ADDRESS = 3
    MASK = 4
    HASH = 5
    TOKENISE = 6
    REPLACE = 7
    NULL = 8
    REMOVE = 9


class Change(ABC):
    """A ``Transform`` at work. Of two that apply to one value the one with the greater ``strictness`` is to win.

    Of two with the same strictness the first wins, in the order of the controls.
    """

    strictness: tuple[int, int]
    removes = False
    """The value goes, and what held it in its place, like the name and the comma of an object's member."""
    nulls = False
    """The value becomes null, and so does one that only something within it was to be changed of."""
    opaque = False
    """What it puts out tells nothing of the value, but for whether two are equal."""
    looks_alike = False
    """What it puts out may look like another value of the same type, as is meant."""
    keeps_numbers = False
    """A number of JSON becomes another number, where the change understands it."""

    def __init__(self, transform: Transform) -> None:
        self.kind = transform.kind.value

    @abstractmethod
    def text(self, text: bytes) -> bytes:
        """What takes the place of ``text``, which is not JSON or was taken out of it; UTF-8 if ``text`` is."""

    def in_string(self, inside: bytes) -> bytes:
        """What takes the place of ``inside``, whole characters between the quotes of a JSON string."""
        return encode_string(self.text(decode_string(b'"' + inside + b'"')))[1:-1]

    def alike(self, plain: bytes) -> bytes | None:
        """What takes the place of ``plain``, which is ASCII without escapes and quotes, inside a string and elsewhere.

        None: that is not the same.
        """
        changed = self.text(plain)
        return changed if self.in_string(plain) == changed else None

    def value(self, token: bytes) -> bytes:
        """The JSON value that takes the place of a JSON value."""
        first = token[0]
        if first == _QUOTE:
            return b'"' + self.in_string(token[1:-1]) + b'"'
        if first == _N:
            return token
        if first in (_OPEN_OBJECT, _OPEN_ARRAY):
            return self.container(token)
        return self.scalar(token)

    def for_plain(self) -> Callable[[bytes], bytes] | None:
        """As ``in_string``, for ASCII without escapes, and fast. None: the value does not become a string."""
        return self.in_string

    def scalar(self, token: bytes) -> bytes:
        """The JSON value that takes the place of a number or a truth value."""
        changed = self.text(token)
        return changed if self.keeps_numbers and is_number(changed) else encode_string(changed)

    def container(self, token: bytes) -> bytes:
        """The JSON value that takes the place of an object or array."""
        return encode_string(WHOLE)
