"""Every text of a message: strings, and bytes that Kafka does not look into."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from zoneproxy.wire.messages.struct import Struct

_NO_TEXTS = frozenset({"unknown_tags", "topic_id"})  # tags do not go on; ids are the upstream's


def texts_of(struct: Struct) -> Iterator[tuple[str, bytes]]:
    """All texts that are not empty, each with the name of the field that it stands in."""
    for name in type(struct).__slots__:
        if name not in _NO_TEXTS:
            yield from _texts_in(name, getattr(struct, name))


def _texts_in(name: str, value: Any) -> Iterator[tuple[str, bytes]]:
    if isinstance(value, str):
        if value:
            yield name, value.encode()
    elif isinstance(value, (bytes, bytearray, memoryview)):
        yield from ((name, reading) for reading in readings(bytes(value)))
    elif isinstance(value, list):
        for element in value:
            yield from _texts_in(name, element)
    elif isinstance(value, Struct):
        yield from texts_of(value)


# The length of a text of 48 to 57, 65 to 90 or 97 to 122 bytes looks like the first character of a number or a word.
_LENGTH = re.compile(rb"(?<=[\x00-\x1f])[0-9A-Za-z](?=[0-9A-Za-z])")


def readings(data: bytes) -> Iterator[bytes]:
    """``data``, and what it is without characters that may be lengths; nothing if it is empty."""
    if data:
        yield data
        apart = _LENGTH.sub(b"\0", data)
        if apart != data:
            yield apart
