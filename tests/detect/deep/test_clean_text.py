"""Looking deeply must not see things: clean events, nearly all of which hold look-alikes, raise no alarm."""

from __future__ import annotations

from itertools import islice

import pytest

from tools.accuracy import CORPUS
from tools.accuracy_measure import read_records
from zoneproxy.detect.catalogue import DETECTORS
from zoneproxy.detect.deep.scanner import DeepScanner
from zoneproxy.policy.documents.controls.section import DEFAULT_CONFIDENCE

MOST = 0.01  # of the records


def alarms(name: str, count: int | None) -> tuple[int, int]:
    scanner = DeepScanner.of(frozenset(DETECTORS))
    clean = alarmed = 0
    for record in islice(read_records(CORPUS / f"{name}.jsonl.gz"), count):
        if not record["spans"]:
            clean += 1
            found = scanner.scan(record["text"].encode())
            alarmed += any(finding.confidence >= DEFAULT_CONFIDENCE for finding in found)
    return clean, alarmed


def test_clean_events_raise_no_alarm() -> None:
    clean, alarmed = alarms("events-r0", 300)
    assert clean == 300
    assert alarmed <= MOST * clean


@pytest.mark.long
@pytest.mark.parametrize("name", ["events-r0", "events-r1", "events-r10", "events-dense"])
def test_all_clean_events_raise_no_alarm(name: str) -> None:
    clean, alarmed = alarms(name, None)
    assert alarmed <= MOST * clean
