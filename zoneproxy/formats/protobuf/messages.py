"""What a schema says of messages and their fields."""

from __future__ import annotations

from dataclasses import dataclass, field

from zoneproxy.formats.protobuf.scalars import Scalar
from zoneproxy.formats.tags import NO_TAGS


@dataclass(slots=True, eq=False)
class Message:
    """``messages``: those declared in it, in order; ``is_entry``: it is a name and a value of a map."""

    fields: dict[int, Field] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    is_entry: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """Of a message. ``type`` is None where nobody says what is in there; ``tags`` include those of its message."""

    name: bytes
    type: Scalar | Message | None
    repeated: bool = False
    required: bool = False
    tags: frozenset[str] = NO_TAGS


UNKNOWN = Message()
"""A message that nobody has declared."""
KEY, VALUE = 1, 2  # the fields of an entry of a map
