"""``zoneproxy explain``: the policy files, and a question to them at a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoneproxy.app.load import policies_in
from zoneproxy.policy.explain.explain import Explanation, explain

if TYPE_CHECKING:
    from pathlib import Path

    from zoneproxy.policy.explain.question import Question


def explain_in(directory: Path, question: Question, at: float) -> Explanation:
    """What the policies of a directory answer ``at`` that time (seconds since the epoch).

    Raises:
        InvalidConfiguration: with every problem of every file.
    """
    return explain(policies_in(directory, None).at(at), question)
