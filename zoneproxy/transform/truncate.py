"""The beginning of a value."""

from __future__ import annotations

from zoneproxy.policy.transforms import Transform
from zoneproxy.transform.change import Change, Rank
from zoneproxy.transform.characters import first_characters


class Truncate(Change):
    """The first characters; what is shorter stays as it is."""

    def __init__(self, transform: Transform) -> None:
        super().__init__(transform)
        self._length = transform.length
        self.strictness = (Rank.TRUNCATE, -self._length)

    def text(self, text: bytes) -> bytes:
        """See Change."""
        return first_characters(text, self._length)
