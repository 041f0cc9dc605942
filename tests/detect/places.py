"""What stage 1 points at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from zoneproxy.detect.scanner import Scanner, may_be_joined
from zoneproxy.detect.stage_one import Place
from zoneproxy.wire.record import Record, iter_records, write_records


class Points(Protocol):
    """Stage 1, or a scanner in front of it."""

    def next_place(self, payload: bytes, pos: int) -> Place | None: ...


def places(scanner: Points, payload: bytes) -> Iterator[Place]:
    """All places in ``payload``."""
    place = scanner.next_place(payload, 0)
    while place is not None:
        yield place
        place = scanner.next_place(payload, place.at + 1)


def parts_of(record: Record) -> list[tuple[bytes, bytes]]:
    """Name and content of everything in a record that is scanned."""
    of_headers = [part for name, value in record.headers for part in ((b"", name), (name, value or b""))]
    return [(b"", record.key or b""), (b"", record.value or b""), *of_headers]


def check_points_at_findings(scanner: Scanner, records: Sequence[Record]) -> None:
    """Stage 1 points at every record that ``scan`` finds something in: by candidates, and by places."""
    payload = write_records(records)
    dirty = {r.offset_delta for r in records if any(scanner.scan(part, name) for name, part in parts_of(r))}
    pointed_at = set()
    all_places = [place.at for place in places(scanner, payload)]
    for record in iter_records(payload, len(records)) if all_places else ():
        candidate = scanner.next_candidate(payload, record.start)
        if (candidate is not None and candidate < record.end) or any(
            part and may_be_joined(part) for _, part in parts_of(record)
        ):
            pointed_at.add(record.offset_delta)
    assert dirty <= pointed_at
    assert dirty <= {
        record.offset_delta
        for record in iter_records(payload, len(records))
        if any(record.start <= at < record.end for at in all_places)
    }
