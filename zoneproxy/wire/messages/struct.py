"""What all message classes have in common."""

from __future__ import annotations

from typing import ClassVar

from zoneproxy.wire.buffer import Tags

_HIDDEN = frozenset({"value"})  # names of string fields that hold configuration values, secrets among them


class Struct:
    """A plain container of the fields named in its ``__slots__``.

    Two structs are equal if they are of one class and all their fields are. Structs are mutable and so not hashable.
    """

    __slots__: ClassVar[tuple[str, ...]] = ()

    unknown_tags: Tags

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in type(self).__slots__)

    __hash__ = None  # type: ignore[assignment]  # mypy types object.__hash__ as a function

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={_shown(name, getattr(self, name))}" for name in type(self).__slots__)
        return f"{type(self).__name__}({fields})"


def _shown(name: str, value: object) -> str:
    """``value`` for people, without a byte of payload."""
    if isinstance(value, bytes | bytearray | memoryview):
        return f"<{len(value)} bytes>"
    if isinstance(value, str) and name in _HIDDEN:
        return f"<{len(value)} characters>"
    if name == "unknown_tags" and isinstance(value, tuple):
        return f"<{len(value)} tags>"
    if isinstance(value, list):
        return "[" + ", ".join(_shown(name, element) for element in value) + "]"
    return repr(value)
