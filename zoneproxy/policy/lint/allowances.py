"""Comments that say that something is meant as it is: ``# zoneproxy: allow ZP005 because somebody has to``.

Such a comment holds for the line it stands in; on a line of its own, for the next line that holds anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from zoneproxy.config.expected import did_you_mean
from zoneproxy.policy.lint.finding import CODES, LOUD, Finding

_COMMENT = re.compile(r"#\s*zoneproxy:\s*allow\b(?P<codes>[^#]*?)(?:\bbecause\b(?P<reason>.*))?$")
_EXAMPLE = "as in: # zoneproxy: allow ZP005 because somebody has to create topics"


@dataclass(frozen=True, slots=True)
class Allowance:
    """One code that one comment allows."""

    code: str
    file: str
    comment: tuple[int, int]  # line and column of the comment
    line: int  # where it holds


def allowances(file: str, text: str) -> tuple[list[Allowance], list[Finding]]:
    """What the comments of a file allow, and those of them that allow nothing."""
    allowed: list[Allowance] = []
    faulty: list[Finding] = []
    lines = text.splitlines()
    for index, line in enumerate(lines):
        if hit := _COMMENT.search(line):
            place = (index + 1, hit.start() + 1)
            codes = re.findall(r"[^\s,]+", hit["codes"])
            if fault := _fault(codes, hit["reason"]):
                faulty.append(Finding("ZP017", file, *place, *fault))
            else:
                holds = _holds_at(lines, index)
                allowed += [Allowance(code, file, place, holds) for code in codes]
    return allowed, faulty


def _fault(codes: Sequence[str], reason: str | None) -> tuple[str, str] | None:
    unknown = next((code for code in codes if code not in CODES), None)
    if not codes:
        return "this comment allows nothing: it names no code", _EXAMPLE
    if unknown is not None:
        return f"there is no code `{unknown[:20]}`", did_you_mean(unknown, CODES)
    if loud := next((code for code in codes if code in LOUD), None):
        return f"{loud} cannot be allowed", "it is meant to be seen as long as it lasts"
    if not (reason or "").strip():
        return "this comment gives no reason", _EXAMPLE
    return None


def _holds_at(lines: Sequence[str], index: int) -> int:
    if lines[index].lstrip().startswith("#"):
        following = range(index + 1, len(lines))
        index = next((i for i in following if lines[i].strip() and not lines[i].lstrip().startswith("#")), index)
    return index + 1


def apply(findings: Iterable[Finding], allowed: Sequence[Allowance]) -> Iterator[Finding]:
    """The findings that nobody has allowed, and ZP017 for comments that there was no need for."""
    by_place = {(each.code, each.file, each.line): each for each in allowed}
    used: set[Allowance] = set()
    for finding in findings:
        allowance = by_place.get((finding.code, finding.file, finding.line))
        if allowance is None:
            yield finding
        else:
            used.add(allowance)
    for each in allowed:
        if each not in used:
            message = f"there is no {each.code} here to be allowed"
            yield Finding(
                "ZP017", each.file, *each.comment, message, "remove the comment, or move it to what it is about"
            )
