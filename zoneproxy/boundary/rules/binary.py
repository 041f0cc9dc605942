"""Parts of records that nobody can look into: neither text nor of a format that is known of them."""

from __future__ import annotations

from collections.abc import Iterator

from zoneproxy.boundary.crossing import Crossing
from zoneproxy.boundary.documents import told_of_schema
from zoneproxy.boundary.reading import Readings
from zoneproxy.boundary.tally import BINARY, Goes, Tally
from zoneproxy.formats.book import UnknownSchema
from zoneproxy.formats.document import Malformed
from zoneproxy.formats.framing import KEY_HEADER, VALUE_HEADER
from zoneproxy.formats.sniff import is_text
from zoneproxy.policy.controls import Action
from zoneproxy.policy.value_rules import Binary
from zoneproxy.wire.record import Record

UNKNOWN_BINARY = "UNKNOWN_BINARY"
"""The type of what is found there."""


_TELLS_OF = {KEY_HEADER: "key", VALUE_HEADER: "value"}


class BinaryStep:
    """A ``Binary`` control at work. What is not of its format is for others to refuse."""

    def __init__(self, control: Binary, readings: Readings) -> None:
        self._control = control
        self._readings = readings

    def __call__(self, record: Record, crossing: Crossing, tally: Tally) -> None:
        control = self._control
        for place, part in self._parts(record):
            if (
                control.action is not Action.ALLOW
                and part
                and not is_text(part)
                and not self._is_known(place, part, record)
            ):
                tally.found(control.rule, UNKNOWN_BINARY, place, control.action.name.lower(), 1.0)
                if control.action >= Action.BLOCK:
                    raise Goes(control.rule, BINARY)

    def _parts(self, record: Record) -> Iterator[tuple[str, bytes | None]]:
        if "value" in self._control.parts:
            yield "value", record.value
        if "key" in self._control.parts:
            yield "key", record.key
        if "headers" in self._control.parts:
            yield from (("header_value", value) for name, value in record.headers if not self._tells_schema(name))

    def _tells_schema(self, name: bytes) -> bool:
        """Whether others read the header: where it is of no use, the record goes."""
        place = _TELLS_OF.get(name)
        return place is not None and any(reading.registered for reading in self._readings.of(place))

    def _is_known(self, place: str, part: bytes, record: Record) -> bool:
        """Whether it is of a format, or will be refused for not being of it."""
        for reading in self._readings.of(place):
            try:
                if reading.is_declared and not reading.on_error.lets_go_on:
                    return True
                if reading.document(part, told_of_schema(reading, place, record.headers)) is not None:
                    return True
            except UnknownSchema:
                return True  # it will be asked for
            except Malformed:
                if not reading.on_error.lets_go_on:
                    return True
        return False
