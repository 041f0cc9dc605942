"""Precision and recall of findings against labels.

A finding is right if it has the type of a label and covers at least half of it; a label is found if there is such a
finding. ``covered`` asks instead whether every character of the label lies inside findings of whatever type: would
redaction leave something over? Neither right nor wrong are labels of names and addresses, labels that break the public
rule of their type, findings on these, and findings of types that a source does not label.
"""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Self

from zoneproxy.detect.scanner import Scanner

ENOUGH = 0.5  # of a label


class Span(NamedTuple):
    """``text[start:end]``, in code points."""

    type: str
    start: int
    end: int

    def shared(self, other: Span) -> int:
        """How many characters both have."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))


@dataclass(slots=True)
class Count:
    """Of one type: labels, labels found, labels covered, findings, findings that are right."""

    labels: int = 0
    found: int = 0
    covered: int = 0
    findings: int = 0
    right: int = 0

    def __iadd__(self, other: Count) -> Self:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self

    @property
    def precision(self) -> float:
        return self.right / self.findings if self.findings else 1.0

    @property
    def recall(self) -> float:
        return self.found / self.labels if self.labels else 1.0

    @property
    def cover(self) -> float:
        return self.covered / self.labels if self.labels else 1.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(slots=True)
class Result:
    """Counts by type, and how many records without any label have a finding."""

    types: defaultdict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    clean: int = 0
    alarmed: int = 0

    def total(self, types: Collection[str] | None = None) -> Count:
        """All counts together, or those of ``types``."""
        total = Count()
        for type_, count in self.types.items():
            if types is None or type_ in types:
                total += count
        return total


def read_records(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a file of the corpus."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def find(scanner: Scanner, text: str, confidence: float) -> list[Span]:
    """What a scanner finds in ``text``, at ``confidence`` and above."""
    data = text.encode()
    spans = []
    for finding in scanner.scan(data):
        if finding.confidence >= confidence:
            start = len(data[: finding.start].decode(errors="ignore"))
            length = len(data[finding.start : finding.end].decode(errors="ignore"))
            spans.append(Span(finding.type, start, start + length))
    return spans


def measure(
    records: Iterable[Mapping[str, Any]],
    find_in: Callable[[str], list[Span]],
    labelled: Mapping[str, Collection[str]],
    scopes: Collection[str] = ("pattern", "keyed"),
    merged: Mapping[str, str] | None = None,
) -> Result:
    """Count.

    Args:
        records: of the corpus.
        find_in: text → findings.
        labelled: by source, the types that it labels completely; ``*`` is all.
        scopes: of labels that count; all others are neither right nor wrong.
        merged: types that are taken for another one.
    """
    result = Result()
    merged = merged or {}
    for record in records:
        known = {merged.get(type_, type_) for type_ in labelled[record["source"]]}
        counts: list[Span] = []
        ignored: list[Span] = []
        for label in record["spans"]:
            counting = label["scope"] in scopes and label.get("valid", True)
            type_ = merged.get(label["type"], label["type"])
            (counts if counting else ignored).append(Span(type_, label["start"], label["end"]))
        found = [span._replace(type=merged.get(span.type, span.type)) for span in find_in(record["text"])]
        alarm = _count(result, counts, ignored, found, known)
        if not record["spans"]:
            result.clean += 1
            result.alarmed += alarm
    return result


def _count(result: Result, labels: list[Span], ignored: list[Span], found: list[Span], known: Collection[str]) -> bool:
    reported = [span for span in found if "*" in known or span.type in known]
    for label in labels:
        count = result.types[label.type]
        count.labels += 1
        count.found += any(_hits(span, label) for span in reported)
        count.covered += _is_covered(label, found)
    alarm = False
    for span in reported:
        right = any(_hits(span, label) for label in labels)
        if right or not any(span.type == label.type and span.shared(label) for label in ignored):
            count = result.types[span.type]
            count.findings += 1
            count.right += right
            alarm = True
    return alarm


def _hits(span: Span, label: Span) -> bool:
    return span.type == label.type and span.shared(label) >= ENOUGH * (label.end - label.start)


def _is_covered(label: Span, found: list[Span]) -> bool:
    at = label.start
    for span in sorted(found, key=lambda span: span.start):
        if span.start > at:
            break
        at = max(at, span.end)
    return at >= label.end
