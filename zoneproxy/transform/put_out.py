"""What redaction has put in the place of values, so that it is not taken for a finding in its turn.

A token under the name `password` looks like a password, the network of an address like an address. What says no more
than redaction itself has said tells nobody anything, wherever it stands.
"""

from __future__ import annotations

from zoneproxy.transform.change import Change

_ANY_TYPE = None


class PutOut:
    """The outputs of changes, by what they are no findings of."""

    def __init__(self) -> None:
        self._types: dict[bytes, frozenset[str] | None] = {}

    def add(self, output: bytes, change: Change, types: frozenset[str] = frozenset()) -> None:
        """``change`` made ``output`` of findings of these types."""
        if change.opaque:
            self._types[output] = _ANY_TYPE
        elif change.looks_alike:
            known = self._types.get(output, frozenset())
            self._types[output] = _ANY_TYPE if known is None else known | types

    def explains(self, text: bytes, type_: str) -> bool:
        """Whether a finding of the type that says ``text`` is one that redaction has made."""
        return any(
            text in output and (types is None or type_ in types) for output, types in self._types.items() if output
        )

    def clear(self) -> None:
        """Forget all."""
        self._types.clear()

    def __bool__(self) -> bool:
        return bool(self._types)
