"""A value of Avro as a document.

What is removed becomes null if the schema allows that, else zero, empty, or false. An enum can neither be removed nor
become something that the schema does not have. The name of an entry of a map goes with the entry, and cannot become
another one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zoneproxy.formats.avro.composite import Type
from zoneproxy.formats.avro.entries import is_within, removed
from zoneproxy.formats.avro.walk import Place, Walk
from zoneproxy.formats.document import FormatLimits, Leaf, Malformed
from zoneproxy.formats.lengths import Change, spliced
from zoneproxy.formats.tags import NO_TAGS
from zoneproxy.transform.splice import Edit


class AvroDocument:
    """See the module."""

    def __init__(self, data: bytes, start: int, type_: Type, limits: FormatLimits) -> None:
        """``data`` from ``start`` on is of ``type_``; what comes before stays. Raises Malformed."""
        self._walk = Walk(data, limits)
        if type_.read(self._walk, start, (), NO_TAGS, None) != len(data):
            raise Malformed("trailing")

    @property
    def leaves(self) -> Sequence[Leaf]:
        """See Document."""
        return self._walk.leaves

    def rewritten(self, changed: Mapping[int, bytes | None]) -> bytes:
        """See Document."""
        walk = self._walk
        names = [index for index, text in changed.items() if text is None and index in walk.entries]
        changes, spans = removed(walk, names)
        for index, text in changed.items():
            place = walk.places[index]
            if not (text is None and index in walk.entries) and not is_within(_span(place), spans):
                changes.append(_change(place, text))
        return spliced(walk.data, walk.lengths, changes)


def _span(place: Place) -> Edit:
    return Edit(place.start, place.end, b"")


def _change(place: Place, text: bytes | None) -> Change:
    if text is None and place.null is not None:
        return Change(Edit(place.null.start, place.end, place.null.text), place.inside)
    return Change(Edit(place.start, place.end, place.writer.written(text)), place.inside)
