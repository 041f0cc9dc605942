"""Data at rest for tests."""

from __future__ import annotations

from tests.detect.samples import CARD, EMAIL
from zoneproxy.app.scanning.search import Found, search
from zoneproxy.app.scanning.units import Unit
from zoneproxy.detect.scanner import Scanner
from zoneproxy.wire.batch import BatchHeader, build_batch
from zoneproxy.wire.record import Record, write_records

SCANNER = Scanner.of(frozenset({"PAYMENT_CARD", "EMAIL"}))
CARD_LINE = f"card {CARD}\n".encode()
MAIL_LINE = f"mail {EMAIL}\n".encode()


def found(unit: Unit) -> list[Found]:
    return list(search(unit, SCANNER, 0.5))


def batch(*records: Record, base: int = 0, attributes: int = 0) -> bytes:
    count = len(records)
    header = BatchHeader(base, 0, 0, 2, 0, attributes, count - 1, 0, 0, -1, -1, -1, count)
    return build_batch(header, write_records(records), count)


def record(value: bytes | None, key: bytes | None = None, *headers: tuple[bytes, bytes | None], at: int = 0) -> Record:
    return Record(0, 0, at, key, value, headers)
