"""What is looked at at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Part(NamedTuple):
    """Some bytes. ``place`` is value, key, header_name or header_value; ``name`` what they are called, if anything."""

    place: str
    text: bytes
    name: bytes = b""


class Unit(NamedTuple):
    """A record, a line or a document. ``where`` says where it is, and where within it an offset is.

    ``done`` counts the bytes of the source that have been read, this unit's included.
    """

    where: Callable[[Part, int], str]
    parts: list[Part]
    done: int
