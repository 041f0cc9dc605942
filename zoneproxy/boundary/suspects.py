"""The few records of a batch that stage 1 points at, and a second look at them, before all is parsed for their sake.

Most of what stage 1 takes for a candidate is none: order numbers, hexadecimal ids, or a key's last digit, the length
of a value and its first digits, which look like one long number to a pattern that knows nothing of records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from zoneproxy.boundary.patience import Patience
from zoneproxy.boundary.plan import ControlPlan
from zoneproxy.detect.detector import Finding
from zoneproxy.detect.scanner import may_be_joined
from zoneproxy.detect.stage_one import Stops
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.buffer import Buffer
from zoneproxy.wire.record import Header, Record, iter_records
from zoneproxy.wire.varint import read_number

AT_ONCE: Final = 32
"""Suspects that are looked into one behind the other; fewer if they have so many bytes."""
BYTES_AT_ONCE: Final = 64 * 1024


class Seen:
    """What detectors have found in a part of a record, so that they need not look at the same bytes again."""

    __slots__ = ("findings", "name", "part")

    def __init__(self, part: bytes, name: bytes, findings: list[Finding]) -> None:
        self.part: Final = part
        self.name: Final = name
        self.findings: Final = findings


class Suspect:
    """A record, where in the payload it begins, and how many follow it. None: it cannot be told apart from others.

    Once it was looked into, it is known what was ``seen`` in its parts, and whether the plan has to do with any of it.
    """

    __slots__ = ("is_acted_on", "left", "record", "seen", "start")

    def __init__(self, start: int, record: Record | None, left: int = 0) -> None:
        self.start: Final = start
        self.record: Final = record
        self.left: Final = left
        self.seen: list[Seen] = []
        self.is_acted_on = False


def suspects(payload: Buffer, count: int, plan: ControlPlan, stops: Stops | None = None) -> Iterator[Suspect]:
    """Those of the ``count`` records in ``payload`` that there may be something in, as stage 1 comes upon them.

    Where there is no telling, that is the last: whoever parses all of them will say what is wrong. Raises Later after
    so many ``stops`` of stage 1.
    """
    scanner = plan.scanner
    if scanner is None:
        return
    start, end, left = 0, 0, count
    place = scanner.next_place(payload, 0, stops)
    while place is not None:
        try:
            start, end, passed = _record_around(payload, start, end, place.at)
            left -= passed
            record = next(iter_records(bytes(payload[start:end]), 1)) if left >= 0 else None
        except ProtocolError:
            record = None
        if record is None:
            yield Suspect(start, None)
            return
        if place.joined and not may_be_joined_anywhere(record):
            place = scanner.next_place(payload, place.at + 1, stops)
        else:
            yield Suspect(start, record, left)
            place = scanner.next_place(payload, end, stops)


def few(found: Iterable[Suspect], patience: Patience) -> Iterator[Suspect]:
    """The same suspects. Raises Later where they are too many, or too large."""
    for suspect in found:
        if suspect.record is not None:
            patience.with_suspect(suspect.record.end - suspect.record.start)
        yield suspect


def looked_into(found: Iterable[Suspect], plan: ControlPlan) -> Iterator[Suspect]:
    """The same suspects, with what is in them.

    Some at a time: first stage 1 comes upon them, then detectors look, then whoever asks treats them. Each of these has
    tables of its own, and where they take turns with every record they put each other out of the processor's caches.
    """
    found = iter(found)
    while some := _some(found):
        for suspect in some:
            _look_into(suspect, plan)
        yield from some


def _some(found: Iterator[Suspect]) -> list[Suspect]:
    """The next ones."""
    some: list[Suspect] = []
    size = 0
    for suspect in found:
        some.append(suspect)
        if suspect.record is not None:
            size += suspect.record.end - suspect.record.start
        if len(some) == AT_ONCE or size >= BYTES_AT_ONCE:
            break
    return some


def _look_into(suspect: Suspect, plan: ControlPlan) -> None:
    """As far as the first part that ``plan`` has anything to do with."""
    scanner, decide, record = plan.scanner, plan.decide, suspect.record
    assert scanner
    suspect.is_acted_on = True
    if record is None:
        return
    named = [(b"", record.key), (b"", record.value), *((b"", name) for name, _ in record.headers), *record.headers]
    try:
        for name, part in named:
            if part:
                findings = scanner.scan(part, name)
                suspect.seen.append(Seen(part, name, findings))
                if any(map(decide, findings)):
                    return
    except ProtocolError:  # too much to tell: whoever treats the record will say so, of that record alone
        return
    suspect.is_acted_on = False


def acted_on(found: Iterable[Suspect]) -> Suspect | None:
    """The first of the suspects, looked into, that a plan has anything to do with; those before it are let go."""
    for suspect in found:
        if suspect.is_acted_on:
            return suspect
    return None


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


def last_record(payload: Buffer, pos: int, left: int) -> Record | None:
    """The last of the ``left`` records that stand in ``payload`` from ``pos`` on; the others are not read.

    Raises ProtocolError: ``truncated`` or ``trailing``, if their lengths do not add up; else as ``iter_records`` does.
    """
    start, end, passed = _record_around(payload, pos, pos, len(payload) - 1)
    if passed != left or end != len(payload):
        raise ProtocolError("trailing" if passed > left else "truncated")
    return next(iter_records(bytes(payload[start:end]), 1)) if left else None


def _record_around(payload: Buffer, start: int, end: int, place: int) -> tuple[int, int, int]:
    """Where the record begins and ends that ``place`` is in, and how many records on that is.

    ``start`` and ``end`` are those of the record so far. All records of a batch are passed here for the sake of a few,
    so their lengths are read in place, as by ``iter_records``.
    """
    passed = 0
    try:
        while end <= place:
            start = end
            passed += 1
            size = payload[start]
            if size < 0x80:
                end = start + 1 + (size >> 1)
            elif 0 < (high := payload[start + 1]) < 0x80:
                end = start + 2 + ((size & 0x7F | high << 7) >> 1)
            else:
                size, body = read_number(payload, start)
                end = body + (size >> 1)
    except IndexError:
        raise ProtocolError("truncated") from None
    return start, end, passed
