"""What redaction has put in the place of values, so that it is not taken for a finding in its turn.

A token under the name `password` looks like a password, the network of an address like an address. What says no more
than redaction itself has said tells nobody anything, wherever it stands. But a few digits of some token are not said by
it: among thousands of tokens, any three or four stand somewhere.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from zoneproxy.transform.change import Change

SURE: Final = 16  # bytes of a token that nobody comes upon by chance
_ANY_TYPE: Final = ""
_APART: Final = b"\0\xff\0"
_SAYS: Final = re.compile(rb"[0-9A-WYZa-wyz]").search  # what masks are made of says nothing


class PutOut:
    """The outputs of changes, by what they are no findings of."""

    def __init__(self) -> None:
        self._outputs: dict[str, set[bytes]] = {}  # by type
        self._together: dict[str, bytes] = {}  # all of a type, made when they are asked for

    def add(self, output: bytes, change: Change, types: Collection[str] = ()) -> None:
        """``change`` made ``output`` of findings of these types."""
        if not output or not (change.opaque or change.looks_alike):
            return
        for type_ in (_ANY_TYPE,) if change.opaque else types:
            self._outputs.setdefault(type_, set()).add(output)
        self._together.clear()

    def explains(self, text: bytes, type_: str) -> bool:
        """Whether a finding of the type that says ``text`` is one that redaction has made."""
        if not text:
            return False
        if any(text in self._outputs.get(each, ()) for each in (_ANY_TYPE, type_)):
            return True
        if self._is_part(text, type_):
            return True
        return (len(text) >= SURE or not _SAYS(text)) and self._is_part(text, _ANY_TYPE)

    def clear(self) -> None:
        """Forget all."""
        self._outputs.clear()
        self._together.clear()

    def __bool__(self) -> bool:
        return bool(self._outputs)

    def _is_part(self, text: bytes, type_: str) -> bool:
        together = self._together.get(type_)
        if together is None:
            together = self._together[type_] = _APART.join(self._outputs.get(type_, ()))
        return text in together
