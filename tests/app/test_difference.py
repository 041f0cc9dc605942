from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from zoneproxy.app.difference import compare
from zoneproxy.errors import InvalidConfiguration

EXAMPLE = Path(__file__).parents[2] / "policies"


def test_directories_are_compared(tmp_path: Path) -> None:
    new = tmp_path / "new"
    shutil.copytree(EXAMPLE, new)
    assert not compare(EXAMPLE, new, 0.0)
    access = new / "access.yaml"
    access.write_text(access.read_text().replace("topic: payments.completed}", "topic: payments.other}"))
    assert {change.principal for change in compare(EXAMPLE, new, 0.0).changes} == {"dashboards", "on-call"}


def test_the_problems_of_both_are_told(tmp_path: Path) -> None:
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "p.yaml").write_text("zone: {}\n")
    with pytest.raises(InvalidConfiguration) as caught:
        compare(tmp_path / "old", tmp_path / "new", 0.0)
    assert [Path(problem.file).parent.name for problem in caught.value.problems] == ["old", "new"]
