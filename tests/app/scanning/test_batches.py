from __future__ import annotations

import pytest

from tests.app.scanning.kit import batch, found, record
from tests.detect.samples import CARD, SSN
from zoneproxy.app.scanning.batches import units_of
from zoneproxy.app.scanning.search import search
from zoneproxy.detect.scanner import Scanner
from zoneproxy.errors import ProtocolError


@pytest.mark.parametrize("codec", range(5))
def test_every_part_of_every_record_is_looked_at(codec: int) -> None:
    card = CARD.encode()
    records = [
        record(b"clean"),
        record(card, card, (card, card), (b"null", None), at=1),
        record(None, at=2),
    ]
    units = list(units_of(batch(*records, base=40, attributes=codec), "orders-0", done=7))
    assert [[part.place for part in unit.parts] for unit in units] == [
        ["value"],
        ["value", "key", "header_name", "header_value", "header_name"],
        [],
    ]
    assert [(one.where, one.place) for one in found(units[1])] == [
        ("orders-0@41", place) for place in ("value", "key", "header_name", "header_value")
    ]
    assert units[-1].done > 7


def test_a_header_is_called_by_its_name() -> None:
    (unit,) = units_of(batch(record(None, None, (b"ssn", SSN.replace("-", "").encode()))), "t-0")
    (one,) = search(unit, Scanner.of(frozenset({"US_SSN"})), 0.6)
    assert one.place == "header_value"


def test_transaction_markers_and_what_is_cut_off_are_no_records() -> None:
    marker, whole = batch(record(b"\0\0", b"\0\0\0\1"), attributes=0x30), batch(record(b"x"))
    assert [unit.parts[0].text for unit in units_of(marker + whole + whole[:-1], "t-0")] == [b"x"]


def test_what_is_no_batch_is_said_to_be_none() -> None:
    with pytest.raises(ProtocolError):
        list(units_of(b"\x07" * 100, "t-0"))
