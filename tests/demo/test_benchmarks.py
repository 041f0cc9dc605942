"""The parts of `make bench` that need no broker."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tools.benchmarks.payload import RECORD_BYTES, ROWS, write_payload
from tools.benchmarks.processes import resident_kib, watching
from tools.benchmarks.report import Row, figure, machine_shape, markdown
from zoneproxy.detect.catalogue import DETECTORS
from zoneproxy.detect.scanner import Scanner

if TYPE_CHECKING:
    from pathlib import Path


def test_records_are_json_of_one_size_that_hold_nothing_to_be_found(tmp_path: Path) -> None:
    records = write_payload(tmp_path / "payload").read_bytes().splitlines()
    assert len(set(records)) == ROWS
    assert {len(record) for record in records} == {RECORD_BYTES}
    scanner = Scanner(DETECTORS)
    assert [finding for record in records[:500] for finding in scanner.scan(record) if finding.confidence >= 0.6] == []


def test_what_a_process_used_is_seen() -> None:
    with watching(os.getpid()) as used:
        sum(range(3_000_000))
    assert used.cpu > 0
    assert used.wall > 0
    assert resident_kib(os.getpid()) > 1000
    with watching(None) as nobody:
        pass
    assert nobody.cpu == 0


def test_figures_have_three_digits() -> None:
    assert [figure(value) for value in (0.01234, 1.234, 12.34, 123.4, 12345.6)] == [
        "0.0123",
        "1.23",
        "12.3",
        "123",
        "12346",
    ]


def test_the_report_says_what_was_met() -> None:
    rows = [
        Row("CPU", "s/GB", 0.5, 0.4, 0.6, "<= 1", True, 0.25),
        Row("rate", "% of direct", 40, 30, 50, ">= 50", False),
        Row("latency", "us", 50, 40, 60),
    ]
    text = markdown(rows, machine_shape([("broker", "Apache Kafka")]))
    assert "| broker | Apache Kafka |" in text
    assert "| CPU | 0.5 | 0.4 - 0.6 | s/GB | 0.25 | <= 1 | met |" in text
    assert "MISSED" in text
