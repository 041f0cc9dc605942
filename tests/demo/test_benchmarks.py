"""The parts of `make bench` that need no broker."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tools.benchmarks import report
from tools.benchmarks.payload import RECORD_BYTES, ROWS, write_payload
from tools.benchmarks.processes import resident_kib, watching
from tools.benchmarks.report import Row, figure, machine_shape, write
from zoneproxy.detect.catalogue import DETECTORS
from zoneproxy.detect.scanner import Scanner

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


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


def test_the_report_says_what_was_met(tmp_path: Path) -> None:
    rows = [
        Row("CPU", "s/GB", 0.5, 0.4, 0.6, "<= 1", True, 0.25),
        Row("rate", "% of direct", 40, 30, 50, ">= 50", False),
        Row("latency", "us", 50, 40, 60),
    ]
    write(tmp_path / "performance.md", "# Performance\n", rows, machine_shape([("broker", "Apache Kafka")]))
    text = (tmp_path / "performance.md").read_text()
    assert "| broker | Apache Kafka |" in text
    assert "| CPU | 0.5 | 0.4 - 0.6 | s/GB | 0.25 | <= 1 | met |" in text
    assert "MISSED" in text


def test_the_report_keeps_the_figures_of_the_other_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, texts = tmp_path / "performance.md", []
    for build, figures in (("pure Python", 1), ("compiled", 2), ("pure Python", 3), ("compiled", 4)):
        monkeypatch.setattr(report, "build", lambda build=build: build)
        write(file, "# Performance\n", [Row("CPU", "s/GB", figures, figures, figures)], [("build", build)])
        texts.append(file.read_text())
    assert texts[1].index("| build | pure Python |") < texts[1].index("| CPU | 1 |") < texts[1].index("## Compiled")
    assert texts[1].index("## Compiled") < texts[1].index("| build | compiled |") < texts[1].index("| CPU | 2 |")
    assert texts[2] == texts[1].replace("| CPU | 1 | 1 - 1 |", "| CPU | 3 | 3 - 3 |")
    assert texts[3] == texts[2].replace("| CPU | 2 | 2 - 2 |", "| CPU | 4 | 4 - 4 |")


def test_the_report_says_which_build_it_is_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "not_compiled", lambda names: names)
    assert ("build", "pure Python") in machine_shape([])
    monkeypatch.setattr(report, "not_compiled", lambda names: [])
    assert ("build", "compiled") in machine_shape([])
