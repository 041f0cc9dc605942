from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from tools.accuracy_measure import Span, find, measure, read_records
from zoneproxy.detect.scanner import Scanner

ALL = {"s": ["*"]}


def record(*labels: dict[str, Any], text: str = "") -> dict[str, Any]:
    return {"source": "s", "text": text, "spans": [{"scope": "pattern", **label} for label in labels]}


def label(type_: str, start: int, end: int, **more: Any) -> dict[str, Any]:
    return {"type": type_, "start": start, "end": end, **more}


def test_half_of_a_label_is_enough_to_find_it() -> None:
    result = measure([record(label("A", 0, 10))], lambda _: [Span("A", 5, 20), Span("A", 0, 4)], ALL)
    count = result.types["A"]
    assert (count.labels, count.found, count.findings, count.right, count.covered) == (1, 1, 2, 1, 0)
    assert (count.precision, count.recall, count.cover) == (0.5, 1.0, 0.0)
    assert round(count.f1, 3) == 0.667


def test_covering_asks_for_every_character_of_whatever_type() -> None:
    result = measure([record(label("A", 0, 10))], lambda _: [Span("B", 0, 6), Span("C", 4, 10)], ALL)
    assert result.types["A"].cover == 1.0
    assert result.types["A"].recall == 0.0
    assert result.total().findings == 2
    assert result.total({"A"}).findings == 0


def test_what_is_neither_right_nor_wrong() -> None:
    labels = (label("A", 0, 5, scope="contextual"), label("B", 5, 9, valid=False), label("C", 10, 12, scope="keyed"))
    found = [Span("A", 0, 5), Span("B", 6, 9), Span("D", 0, 9)]
    result = measure([record(*labels)], lambda _: found, {"s": ["A", "B", "C"]}, scopes=("pattern",))
    assert result.total().labels == result.total().findings == 0
    assert result.total().f1 == 1.0


def test_types_can_be_merged() -> None:
    result = measure([record(label("A", 0, 5))], lambda _: [Span("B", 0, 5)], ALL, merged={"A": "X", "B": "X"})
    assert result.types["X"].f1 == 1.0


def test_records_without_labels_are_clean() -> None:
    clean = record(text="a"), record(text="b")
    result = measure(clean, lambda text: [Span("A", 0, 1)] if text == "a" else [], ALL)
    assert (result.clean, result.alarmed) == (2, 1)
    assert result.types["A"].f1 == 0.0


def test_findings_are_told_in_code_points() -> None:
    scanner = Scanner(["EMAIL"])
    assert find(scanner, "\u00e9\u00e9 \u00fc@example.com", 0.5) == [Span("EMAIL", 3, 16)]
    assert find(scanner, "\u00e9\u00e9 \u00fc@example.com", 0.95) == []


def test_records_are_read(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "x.gz", "wt") as out:
        out.write(json.dumps(record()) + "\n")
    assert list(read_records(tmp_path / "x.gz")) == [record()]
