"""A second look at the few records of a batch that stage 1 points at, before all of it is parsed for their sake.

Most of what stage 1 takes for a candidate is none: order numbers, hexadecimal ids, or a key's last digit, the length
of a value and its first digits, which look like one long number to a pattern that knows nothing of records.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zoneproxy.boundary.plan import ControlPlan
from zoneproxy.detect.scanner import may_be_joined
from zoneproxy.detect.stage_one import Place
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.buffer import Buffer
from zoneproxy.wire.record import Header, Record, iter_records
from zoneproxy.wire.varint import read_number


def acted_on(payload: Buffer, count: int, places: Sequence[Place] | None, plan: ControlPlan) -> bool:
    """Whether ``plan`` has anything to do with the records of ``payload`` at ``places`` (None: anywhere).

    True as well if those records cannot be told apart: whoever parses all of them will say what is wrong.
    """
    if places is None:
        return True
    try:
        return any(_is_acted_on(record, joined, plan) for record, joined in _records_at(payload, count, places))
    except ProtocolError:
        return True


def _is_acted_on(record: Record, joined: bool, plan: ControlPlan) -> bool:
    scanner, decide = plan.scanner, plan.decide
    assert scanner
    if joined and not may_be_joined_anywhere(record):
        return False
    named = [(b"", record.key), (b"", record.value), *((b"", name) for name, _ in record.headers), *record.headers]
    return any(decide(finding) for name, part in named if part for finding in scanner.scan(part, name))


def may_be_joined_anywhere(record: Record) -> bool:
    """Whether any part of a record may begin with what stage 1 misses."""
    value, key, headers = record.value, record.key, record.headers
    return bool(
        (value and may_be_joined(value))
        or (key and may_be_joined(key))
        or (headers and any(map(may_be_joined_header, headers)))
    )


def may_be_joined_header(header: Header) -> bool:
    """The same of a header."""
    name, value = header
    return bool((name and may_be_joined(name)) or (value and may_be_joined(value)))


def _records_at(payload: Buffer, count: int, places: Sequence[Place]) -> Iterator[tuple[Record, bool]]:
    """The records that hold any of ``places``, and whether all that they hold are of the joined kind.

    Raises ProtocolError if there is no telling.
    """
    start = 0
    left = list(reversed(places))
    try:
        for _ in range(count):
            if not left:
                return
            if (size := payload[start]) < 0x80:  # read in place, as by ``iter_records``
                end = start + 1 + (size >> 1)
            elif 0 < (high := payload[start + 1]) < 0x80:
                end = start + 2 + ((size & 0x7F | high << 7) >> 1)
            else:
                size, body = read_number(payload, start)
                end = body + (size >> 1)
            if left[-1].at < end:
                joined = True
                while left and left[-1].at < end:
                    joined &= left.pop().joined
                for record in iter_records(bytes(payload[start:end]), 1):
                    yield record, joined
            start = end
    except IndexError:
        raise ProtocolError("truncated") from None
    if left:
        raise ProtocolError("trailing")
