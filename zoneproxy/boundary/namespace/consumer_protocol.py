"""Topic names inside the bytes of consumer groups of the classic protocol.

What members of type ``consumer`` say to each other is opaque to a broker most of the time. But it reads subscriptions
to decide about offsets, and both subscriptions and assignments when a group moves to KIP-848. So the names in there
must be the upstream's.

The bytes are read here as Kafka's generated classes read them, structure only: a later version is taken for the last
one that is known, what stands behind the fields is not looked at, and names are bytes that need not be UTF-8. So
whatever Kafka can read is translated, and nothing of it that was not understood goes on. What Kafka cannot read
stays as it is: to a broker it means nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from struct import Struct, error
from typing import Final

Rename = Callable[[bytes], bytes | None]
"""A topic's name for another, or None: it is not to be there."""

LATEST: Final = 3  # of both kinds (KIP-792, KIP-881)
_OWNED_FROM, _GENERATION_FROM, _RACK_FROM = 1, 2, 3

_INT16, _INT32 = Struct(">h"), Struct(">i")
_NULL = -1


class _Unreadable(Exception):
    """Kafka could not read it either."""


class _Cursor:
    """Reads big-endian fields, and refuses what Kafka's ByteBufferAccessor refuses."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def number(self, layout: Struct) -> int:
        value: int = layout.unpack_from(self._data, self._at)[0]
        self._at += layout.size
        return value

    def raw(self, size: int) -> bytes:
        end = self._at + size
        if size < 0 or end > len(self._data):
            raise _Unreadable
        piece = self._data[self._at : end]
        self._at = end
        return piece

    def count(self) -> int:
        count = self.number(_INT32)
        if not 0 <= count <= len(self._data) - self._at:
            raise _Unreadable
        return count

    def nullable(self, layout: Struct) -> bytes:
        """A length and as many bytes, as they stand there; the length says null by being negative."""
        size = self.number(layout)
        return layout.pack(_NULL) if size < 0 else layout.pack(size) + self.raw(size)


def subscription(data: bytes, rename: Rename) -> bytes:
    """What a member tells the leader, with the names replaced; ``data`` itself if it cannot be read."""
    return _translated(data, rename, _subscription)


def assignment(data: bytes, rename: Rename) -> bytes:
    """What the leader tells a member, with the names replaced; ``data`` itself if it cannot be read."""
    return _translated(data, rename, _assignment)


def _translated(data: bytes, rename: Rename, read: Callable[[_Cursor, int, Rename], bytes]) -> bytes:
    cursor = _Cursor(data)
    try:
        version = cursor.number(_INT16)
        if version < 0:
            return data
        version = min(version, LATEST)
        return _INT16.pack(version) + read(cursor, version, rename)
    except (error, _Unreadable):
        return data


def _subscription(cursor: _Cursor, version: int, rename: Rename) -> bytes:
    topics = [_named(cursor, rename) for _ in range(cursor.count())]
    pieces = [_list(topics), cursor.nullable(_INT32)]
    if version >= _OWNED_FROM:
        pieces.append(_partitions(cursor, rename))
    if version >= _GENERATION_FROM:
        pieces.append(cursor.raw(_INT32.size))
    if version >= _RACK_FROM:
        pieces.append(cursor.nullable(_INT16))
    return b"".join(pieces)


def _assignment(cursor: _Cursor, _version: int, rename: Rename) -> bytes:
    return _partitions(cursor, rename) + cursor.nullable(_INT32)


def _partitions(cursor: _Cursor, rename: Rename) -> bytes:
    """Topics, each with the numbers of partitions."""
    topics = []
    for _ in range(cursor.count()):
        name, count = _named(cursor, rename), cursor.count()
        numbers = _INT32.pack(count) + cursor.raw(count * _INT32.size)
        topics.append(None if name is None else name + numbers)
    return _list(topics)


def _named(cursor: _Cursor, rename: Rename) -> bytes | None:
    """A topic's name in other words, with its length."""
    name = rename(cursor.raw(cursor.number(_INT16)))
    return None if name is None else _INT16.pack(len(name)) + name


def _list(elements: list[bytes | None]) -> bytes:
    left = [element for element in elements if element is not None]
    return _INT32.pack(len(left)) + b"".join(left)
