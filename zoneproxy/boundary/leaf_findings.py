"""Findings in the leaves of a document, and what controls say of them.

All leaves are looked through as one text with the names of what is in it; those that this does not show exactly, by
themselves as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from zoneproxy.boundary.plan import ControlPlan, Decision
from zoneproxy.detect.detector import Finding
from zoneproxy.formats.document import Document
from zoneproxy.formats.rendering import Rendering, Span


class Decided(NamedTuple):
    """A finding that a control acts on, and the leaves that it is in."""

    decision: Decision
    finding: Finding
    spans: tuple[Span, ...]


def decided_in(document: Document, name: bytes, plan: ControlPlan) -> list[Decided]:
    """What ``plan``, which has a scanner, acts on; ``name`` is what the whole is called, if anything."""
    decided = []
    for finding, spans in _found_in(document, name, plan):
        decision = plan.decide(finding)
        if decision is not None:
            decided.append(Decided(decision, finding, spans))
    return decided


def _found_in(document: Document, name: bytes, plan: ControlPlan) -> Iterator[tuple[Finding, tuple[Span, ...]]]:
    scanner = plan.scanner
    assert scanner
    rendering = Rendering(document.leaves)
    known: set[tuple[str, Span]] = set()
    for finding in scanner.scan(rendering.text, name):
        spans = tuple(rendering.spans(finding.start, finding.end))
        if spans:
            known.update((finding.type, span) for span in spans)
            yield finding, spans
    for index in rendering.apart:
        leaf = document.leaves[index]
        for finding in scanner.scan(leaf.text, leaf.name or name):
            span = Span(index, finding.start, finding.end)
            if (finding.type, span) not in known:
                yield finding, (span,)
