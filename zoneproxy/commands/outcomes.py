"""How the outcome of policy tests is written: for people, for programs, for CI servers (JUnit's XML)."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from zoneproxy.commands.common import json_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from zoneproxy.policy.cases.judge import Outcome


def as_text(outcomes: Sequence[Outcome]) -> str:
    """A line for each case, what is wrong below, the tally at the end."""
    return "\n".join(_lines(outcomes))


def _lines(outcomes: Sequence[Outcome]) -> Iterator[str]:
    for file, several in groupby(outcomes, lambda each: each.case.origin.file):
        yield file
        for outcome in several:
            where = "" if outcome.passed else f"  [{outcome.case.origin}]"
            yield f"  {'ok  ' if outcome.passed else 'FAIL'}  {outcome.case.name}{where}"
            yield from (f"          {fault}" for fault in outcome.faults)
    failed = sum(not outcome.passed for outcome in outcomes)
    yield f"{len(outcomes) - failed} passed" + (f", {failed} failed" if failed else "")


def as_json(outcomes: Sequence[Outcome]) -> str:
    """The same as JSON."""
    cases = [
        {
            "name": outcome.case.name,
            "file": outcome.case.origin.file,
            "line": outcome.case.origin.line,
            "passed": outcome.passed,
            "faults": outcome.faults,
        }
        for outcome in outcomes
    ]
    failed = sum(not outcome.passed for outcome in outcomes)
    return json_text({"passed": len(outcomes) - failed, "failed": failed, "cases": cases})


def as_junit(outcomes: Sequence[Outcome]) -> str:
    """The same as JUnit's XML, a suite for each file."""
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>", *_suites(outcomes), "</testsuites>"])


def _suites(outcomes: Sequence[Outcome]) -> Iterator[str]:
    for file, several in groupby(outcomes, lambda each: each.case.origin.file):
        cases = list(several)
        failed = sum(not outcome.passed for outcome in cases)
        yield f'  <testsuite name={quoteattr(file)} tests="{len(cases)}" failures="{failed}">'
        for outcome in cases:
            case = f"    <testcase name={quoteattr(outcome.case.name)} classname={quoteattr(file)}"
            if outcome.passed:
                yield f"{case}/>"
            else:
                message = quoteattr("\n".join(outcome.faults), {"\n": "&#10;"})
                yield f"{case}><failure message={message}/></testcase>"
        yield "  </testsuite>"
