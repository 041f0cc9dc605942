"""A value of Protobuf as a document.

What is removed is no longer there, so readers see its default; a required field is zero or empty. The name of an entry
of a map goes with the entry, and cannot become another one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zoneproxy.formats.document import CannotChange, FormatLimits, Leaf
from zoneproxy.formats.lengths import Change, spliced
from zoneproxy.formats.protobuf.messages import UNKNOWN, Message
from zoneproxy.formats.protobuf.walk import Place, Walk
from zoneproxy.formats.tags import NO_TAGS
from zoneproxy.transform.splice import Edit


class ProtobufDocument:
    """See the module."""

    def __init__(self, data: bytes, start: int, message: Message, limits: FormatLimits) -> None:
        """``data`` from ``start`` on is a ``message``; what comes before stays. Raises Malformed."""
        self._walk = Walk(data, limits)
        self._walk.message(message, start, len(data), (), NO_TAGS, 1)

    @property
    def leaves(self) -> Sequence[Leaf]:
        """See Document."""
        return self._walk.leaves

    def rewritten(self, changed: Mapping[int, bytes | None]) -> bytes:
        """See Document."""
        walk = self._walk
        changes = [_change(walk.places[index], text) for index, text in changed.items()]
        return spliced(walk.data, walk.lengths, changes)


def read_protobuf(value: bytes, limits: FormatLimits) -> ProtobufDocument:
    """See Document. Without a schema fields are called by their numbers, and what is in them is guessed."""
    return ProtobufDocument(value, 0, UNKNOWN, limits)


def _change(place: Place, text: bytes | None) -> Change:
    if text is None and not place.required:
        return Change(Edit(place.start, place.end, b""), place.inside, removal=True)
    if place.scalar is None:
        raise CannotChange
    return Change(Edit(place.begin, place.end, place.scalar.written(text)), place.inside)
