"""A value as those see it who read it in its format: leaves that say something, each at a path.

A reader is a function ``(value, limits) -> Document``. Whatever the bytes are, it raises Malformed and nothing else,
and takes time and memory in proportion to them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, Protocol

from zoneproxy.errors import ZoneproxyError

Path = tuple[bytes | int, ...]
"""Names (UTF-8) and indexes from the root."""


MAX_NAME = 120  # bytes


class Kind(Enum):
    """What a leaf is in its format."""

    TEXT = "text"
    NAME = "name"
    """A name that comes from the data, like a key of a map; its path is that of what it names."""
    NUMBER = "number"
    BYTES = "bytes"
    OTHER = "other"
    """A truth value, or nothing at all."""


class Leaf(NamedTuple):
    """One thing that a value says.

    ``text`` is how it is read: UTF-8 without escapes, numbers in plain decimal (where that is not absurdly long), BYTES
    as they are. ``tags`` are those of a schema, written as there, in upper case.
    """

    path: Path
    text: bytes
    kind: Kind
    tags: frozenset[str] = frozenset()

    @property
    def name(self) -> bytes:
        """The innermost names on its path, joined by dots, as far as anybody would read them.

        Indexes say nothing, and a name does not name itself.
        """
        names: list[bytes] = []
        room = MAX_NAME
        for step in reversed(self.path[:-1] if self.kind is Kind.NAME else self.path):
            if isinstance(step, bytes):
                names.append(step[-room:])
                room -= len(names[-1]) + 1
                if room <= 0:
                    break
        return b".".join(reversed(names))


class Document(Protocol):
    """A value that was read."""

    @property
    def leaves(self) -> Sequence[Leaf]:
        """In the order in which they stand in the value. Names that come from data are leaves as well."""
        ...

    def rewritten(self, changed: Mapping[int, bytes | None]) -> bytes:
        """The value with the leaf of each index saying something else.

        None removes it, and what held it in its place; where a schema asks for it, it is nulled or emptied instead.
        To remove a NAME is to remove what it names, with everything in there. All that is not changed is byte-identical
        or, where lengths must change, equal field by field.

        Raises CannotChange: the format leaves no room for that.
        """
        ...


class Malformed(ZoneproxyError):
    """The value is not what its format allows, or over a limit. ``reason`` is a fixed word, fit for a metric label."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CannotChange(ZoneproxyError):
    """A leaf cannot say what it should say now: a name, or a number that has to stay one."""


OVER_LIMITS = frozenset({"deep", "leaves", "large", "duplicate", "number"})
"""Reasons that do not say that a value is of another format."""


@dataclass(frozen=True, slots=True)
class FormatLimits:
    """How much of a value is read: what has more is Malformed (``deep``, ``leaves``, ``large``).

    ``depth`` counts containers in one another, as ``json_tokens.MAX_DEPTH`` does. Leaves cost some 300 bytes of memory
    each; there may be as many containers. ``size`` is in bytes, of the value and also of all that its leaves say. With
    ``unique_names`` an object or map that has a name twice is Malformed (``duplicate``): of two readers, one may see
    the first and the other the last.
    """

    depth: int = 512
    leaves: int = 200_000
    size: int = 32 << 20
    unique_names: bool = False


DEFAULT_LIMITS = FormatLimits()
