"""How large a record, its key, its value and its headers may be, in bytes as they come."""

from __future__ import annotations

from zoneproxy.boundary.crossing import Crossing
from zoneproxy.boundary.tally import Goes, Tally
from zoneproxy.policy.record_rules import MaximumSize
from zoneproxy.wire.record import Record

SIZE = "size"


class SizeStep:
    """See the module."""

    def __init__(self, control: MaximumSize) -> None:
        self._rule = control.rule
        self._key, self._value = control.key, control.value
        self._headers, self._record = control.headers, control.record

    def __call__(self, record: Record, crossing: Crossing, tally: Tally) -> None:
        """Raises Goes."""
        key, value = len(record.key or b""), len(record.value or b"")
        headers = sum(len(name) + len(text or b"") for name, text in record.headers)
        bounds = (
            (key, self._key), (value, self._value), (headers, self._headers), (key + value + headers, self._record)
        )  # fmt: skip
        if any(bound is not None and size > bound for size, bound in bounds):
            raise Goes(self._rule, SIZE)
