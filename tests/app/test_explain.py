from __future__ import annotations

from pathlib import Path

import pytest

from zoneproxy.app.explain import explain_in
from zoneproxy.errors import InvalidConfiguration
from zoneproxy.policy.explain.question import Question
from zoneproxy.policy.model import Operation, ResourceType

EXAMPLE = Path(__file__).parents[2] / "policies"


def test_the_files_of_a_directory_are_asked() -> None:
    question = Question("dashboards", "payments", Operation.READ, ResourceType.TOPIC, "payments.completed")
    explanation = explain_in(EXAMPLE, question, 0.0)
    assert explanation.allowed
    assert explanation.reasons[0].origin is not None
    assert explanation.reasons[0].origin.file == str(EXAMPLE / "access.yaml")


def test_files_that_are_wrong_answer_nothing(tmp_path: Path) -> None:
    question = Question("dashboards", "payments", Operation.READ, ResourceType.TOPIC, "payments.completed")
    with pytest.raises(InvalidConfiguration):
        explain_in(tmp_path, question, 0.0)
