"""``make accuracy``: what the detectors find in the labelled text of tests/corpus, by source and type.

Fails (exit code 1) if anything is below its bar. ``--source NAME`` shows one table only, ``--misses TYPE`` lists
what is missed and what is wrong of a type.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tools.accuracy_measure import Result, Span, find, measure, read_records
from zoneproxy.detect.catalogue import DETECTORS
from zoneproxy.detect.scanner import Scanner
from zoneproxy.policy.documents.controls.section import DEFAULT_CONFIDENCE

CORPUS = Path(__file__).resolve().parent.parent / "tests" / "corpus"
SECRETS = (
    *("AWS_ACCESS_KEY", "AWS_SECRET_KEY", "VENDOR_TOKEN", "JWT", "PRIVATE_KEY", "GENERIC_SECRET", "URL_CREDENTIALS"),
)
PATTERN, KEYED = ("pattern",), ("keyed",)


class Measurement(NamedTuple):
    """One table: which files, which labels count, and types that are taken for one."""

    name: str
    files: tuple[str, ...]
    scopes: tuple[str, ...] = PATTERN + KEYED
    merged: Mapping[str, str] = {}


_EVENTS = tuple(f"events-{name}" for name in ("r0", "r1", "r10", "dense"))
_AS_SECRET = dict.fromkeys(SECRETS, "SECRET")
MEASUREMENTS = (
    Measurement("public text", ("public-presidio-research", "public-pii-anon")),
    Measurement("events", _EVENTS),
    Measurement("secrets: events", _EVENTS, merged=_AS_SECRET),
    Measurement("secrets: generated", ("secrets-generated",), merged=_AS_SECRET),
    Measurement("secrets: configuration files", ("public-secrets",), merged=_AS_SECRET),
)


class Bar(NamedTuple):
    """The least that must be reached: ``type`` may be ALL, PATTERN or KEYED."""

    measurement: str
    type: str
    figure: str
    least: float


BARS = (
    Bar("public text", "ALL", "f1", 0.96),
    Bar("events", "PATTERN", "f1", 0.97),
    Bar("events", "KEYED", "f1", 0.90),
    *(Bar("events", "PAYMENT_CARD", *bar) for bar in (("precision", 0.97), ("recall", 0.99))),
    *(Bar("events", type_, f, 0.98) for type_ in ("EMAIL", "IBAN", "US_SSN") for f in ("precision", "recall")),
    *(Bar("events", "IP_ADDRESS", *bar) for bar in (("precision", 0.95), ("recall", 0.98))),
    *(Bar("events", "PHONE", f, 0.90) for f in ("precision", "recall")),
    *(
        Bar(f"secrets: {of}", "SECRET", f, 0.92)
        for of in ("events", "generated", "configuration files")
        for f in ("precision", "recall")
    ),
)
MOST_FALSE_ALARMS = 0.01  # of the clean records of events
MOST_REMAINDERS = 0.01  # recall less cover


def labelled_types() -> dict[str, list[str]]:
    """By source, the types that it labels completely."""
    manifest: dict[str, dict[str, Any]] = json.loads((CORPUS / "manifest.json").read_text())
    return {source: entry["labelled"] for source, entry in manifest.items()}


def scopes_of_types(files: Iterable[str]) -> dict[str, set[str]]:
    """The scopes in which each type is labelled in some files."""
    scopes: dict[str, set[str]] = {}
    for name in files:
        for record in read_records(CORPUS / f"{name}.jsonl.gz"):
            for label in record["spans"]:
                scopes.setdefault(label["type"], set()).add(label["scope"])
    return scopes


def run(measurement: Measurement, scanner: Scanner, confidence: float) -> Result:
    """Measure."""
    records = (record for name in measurement.files for record in read_records(CORPUS / f"{name}.jsonl.gz"))
    return measure(
        records, lambda text: find(scanner, text, confidence), labelled_types(), measurement.scopes, measurement.merged
    )


def groups_of(measurement: Measurement, result: Result) -> dict[str, Collection[str]]:
    """The groups of types that a table ends with: all that we look for, those of patterns, those of field names."""
    ours = set(DETECTORS) | {"SECRET"}
    scopes = scopes_of_types(measurement.files)
    pattern = {type_ for type_, of in scopes.items() if "pattern" in of}
    return {
        "ALL": set(result.types) & ours,
        "PATTERN": pattern,
        "KEYED": {type_ for type_, of in scopes.items() if of == {"keyed"}},
    }


def show(measurement: Measurement, result: Result) -> None:
    """Print a table."""
    print(f"\n{measurement.name}\n")
    print("| type | labels | findings | P | R | F1 | cover |\n|---|---|---|---|---|---|---|")
    types = set(measurement.merged.values()) or result.types
    rows = [(type_, result.types[type_]) for type_ in sorted(types)]
    if not measurement.merged:
        rows += [(name, result.total(types)) for name, types in groups_of(measurement, result).items()]
    for name, count in rows:
        figures = " | ".join(f"{figure:.3f}" for figure in (count.precision, count.recall, count.f1, count.cover))
        print(f"| {name} | {count.labels} | {count.findings} | {figures} |")
    print(f"\n{result.alarmed} of {result.clean} clean records with a false alarm")


def below(measurement: Measurement, result: Result) -> list[str]:
    """What does not reach its bar."""
    groups = groups_of(measurement, result)
    failed = []
    for bar in BARS:
        if bar.measurement == measurement.name:
            reached = getattr(result.total(groups.get(bar.type, {bar.type})), bar.figure)
            if reached < bar.least:
                failed.append(f"{bar.measurement}: {bar.figure} of {bar.type} is {reached:.3f}, below {bar.least}")
    if measurement.name == "events":
        if result.alarmed > MOST_FALSE_ALARMS * result.clean:
            failed.append(f"events: {result.alarmed} of {result.clean} clean records have a false alarm")
        total = result.total(groups["ALL"])
        if total.cover < total.recall - MOST_REMAINDERS:
            failed.append(f"events: {total.cover:.3f} is covered of {total.recall:.3f} found")
    return failed


def tell_misses(measurement: Measurement, scanner: Scanner, confidence: float, type_: str) -> None:
    """Print what is missed (-) and what is wrong (+) of a type, with what stands before it."""
    wrong: Counter[str] = Counter()
    for name in measurement.files:
        for record in read_records(CORPUS / f"{name}.jsonl.gz"):
            text = record["text"]
            labels = [
                Span(label["type"], label["start"], label["end"])
                for label in record["spans"]
                if label["type"] == type_ and label.get("valid", True)
            ]
            found = [span for span in find(scanner, text, confidence) if span.type == type_]
            for sign, ours, theirs in (("-", labels, found), ("+", found, labels)):
                for span in ours:
                    if not any(span.shared(other) for other in theirs):
                        start = max(0, span.start - 50)
                        wrong[f"{sign} {text[start : span.start]!r} [{text[span.start : span.end]!r}]"] += 1
    for line, count in sorted(wrong.items()):
        print(f"{count:4} {line}")


def main() -> int:
    """Measure, print, compare with the bars."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    arguments.add_argument("--confidence", type=float, default=DEFAULT_CONFIDENCE, help="what counts as a finding")
    arguments.add_argument("--source", help="the beginning of the name of a table")
    arguments.add_argument("--misses", metavar="TYPE", help="list what is missed and what is wrong")
    asked = arguments.parse_args()
    scanner = Scanner(DETECTORS)
    failed: list[str] = []
    for measurement in MEASUREMENTS:
        if asked.source and not measurement.name.startswith(asked.source):
            continue
        if asked.misses:
            tell_misses(measurement, scanner, asked.confidence, asked.misses)
            continue
        result = run(measurement, scanner, asked.confidence)
        show(measurement, result)
        failed += below(measurement, result)
    print("\n" + "\n".join(failed) if failed else "")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
