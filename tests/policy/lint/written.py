"""Policies for the linter, written as people write them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from zoneproxy.policy.lint.finding import Finding
from zoneproxy.policy.lint.survey import Survey
from zoneproxy.policy.load import load_policy
from zoneproxy.policy.snapshot import Policy

NOW = 1_800_000_000.0

ZONES = """\
zones:
  low: {level: internal, owner: low@example.com, upstream: low-kafka}
  high: {level: restricted, owner: high@example.com, upstream: high-kafka}
"""


def policy(text: str, zones: str = ZONES) -> Policy:
    """The policy of one file ``p.yaml``, with two zones."""
    return load_policy([("zones.yaml", zones), ("p.yaml", text)]).policy


def survey(text: str, zones: str = ZONES) -> Survey:
    return Survey(policy(text, zones), NOW)


def found(rule: Callable[[Survey], Iterable[Finding]], text: str, zones: str = ZONES) -> list[tuple[int, str]]:
    """(line, message) of what one rule finds."""
    return [(finding.line, finding.message) for finding in rule(survey(text, zones))]


def lines(rule: Callable[[Survey], Iterable[Finding]], text: str, zones: str = ZONES) -> list[int]:
    """The lines in which one rule finds something."""
    return [line for line, _ in found(rule, text, zones)]
