"""``zoneproxy diff``: the policy files of two directories, compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoneproxy.app.load import policies_in
from zoneproxy.errors import InvalidConfiguration, Problem
from zoneproxy.policy.difference.difference import Difference, difference

if TYPE_CHECKING:
    from pathlib import Path

    from zoneproxy.policy.snapshot import PolicySnapshot


def compare(old: Path, new: Path, now: float) -> Difference:
    """What changes if the policies of ``new`` follow those of ``old``, from ``now`` on (seconds since the epoch).

    Raises:
        InvalidConfiguration: with every problem of every file, of both directories.
    """
    problems: list[Problem] = []
    snapshots: list[PolicySnapshot] = []
    for directory in (old, new):
        try:
            snapshots.append(policies_in(directory, None))
        except InvalidConfiguration as error:
            problems += error.problems
    if problems:
        raise InvalidConfiguration(problems)
    before, after = snapshots
    return difference(before, after, now)
