from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from zoneproxy.app.cases import run_cases
from zoneproxy.errors import InvalidConfiguration

EXAMPLE = Path(__file__).parents[2] / "policies"


def test_the_example_policies_say_what_they_are_meant_to() -> None:
    outcomes = run_cases(EXAMPLE, 1_800_000_000.0)
    assert len(outcomes) >= 9
    assert [outcome for outcome in outcomes if not outcome.passed] == []


def test_a_policy_that_says_more_is_found_out(tmp_path: Path) -> None:
    changed = tmp_path / "policies"
    shutil.copytree(EXAMPLE, changed)
    access = changed / "access.yaml"
    access.write_text(access.read_text().replace("topic: {prefix: payments.internal.}", "topic: payments.internal"))
    failed = [outcome.case.name for outcome in run_cases(changed, 1_800_000_000.0) if not outcome.passed]
    assert failed == ["nobody but the operator touches internal topics"]


@pytest.mark.parametrize(("text", "told"), [(None, "cannot be read"), ("", "no cases in here"), ("x: 1", "cases")])
def test_no_tests_are_a_problem(tmp_path: Path, text: str | None, told: str) -> None:
    changed = tmp_path / "policies"
    shutil.copytree(EXAMPLE, changed)
    shutil.rmtree(changed / "tests")
    if text is not None:
        (changed / "tests").mkdir()
        (changed / "tests" / "t.yaml").write_text(text)
    with pytest.raises(InvalidConfiguration) as caught:
        run_cases(changed, 0.0)
    assert told in str(caught.value)
