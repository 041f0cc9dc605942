"""``zoneproxy test``: the policy files of a directory, and the tests in its folder ``tests``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoneproxy.app.files import read_policies
from zoneproxy.app.load import policies_in
from zoneproxy.errors import InvalidConfiguration, Problem
from zoneproxy.policy.cases.judge import Outcome, judge
from zoneproxy.policy.cases.read import read_cases

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "tests"
"""Where tests are, beside the policy files: the loader of policies looks into no folder."""


def run_cases(directory: Path, now: float) -> tuple[Outcome, ...]:
    """What has become of each case, in the order of the files.

    Args:
        directory: of the policy files; the tests are in its FOLDER.
        now: seconds since the epoch, for cases that do not say ``at``.

    Raises:
        InvalidConfiguration: with every problem of the policies, or of the tests; no tests are a problem, too.
    """
    snapshot = policies_in(directory, None)
    problems: list[Problem] = []
    folder = directory / FOLDER
    sources = read_policies(folder, problems)
    if problems:
        raise InvalidConfiguration(problems)
    cases = read_cases(sources)
    if not cases:
        raise InvalidConfiguration([Problem(str(folder), 0, 0, "there are no cases in here", "cases: [...]")])
    return tuple(judge(snapshot, case, now) for case in cases)
