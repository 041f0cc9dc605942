from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

EXAMPLE = Path(__file__).parents[2] / "policies"


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """The example, with one topic more to read."""
    new = tmp_path / "new"
    shutil.copytree(EXAMPLE, new)
    access = new / "access.yaml"
    access.write_text(access.read_text().replace("topic: payments.completed}", "topic: [payments.completed, x]}"))
    return new


def test_nothing_changes(invoke: Any) -> None:
    result = invoke("diff", EXAMPLE, EXAMPLE)
    assert result.exit_code == 0
    assert result.stdout == "no decision changes, and nothing is done to records otherwise\n"


def test_something_changes(invoke: Any, changed: Path) -> None:
    result = invoke("diff", EXAMPLE, changed)
    assert result.exit_code == 1
    assert "dashboards, zone analytics\n    + read, describe topic x\n" in result.stdout
    told = json.loads(invoke("diff", EXAMPLE, changed, "--format", "json").stdout)
    assert told["changed"] is True
    (right,) = told["rights"]
    assert right["operations"] == ["read", "describe"]


def test_trouble_is_not_an_answer(invoke: Any, tmp_path: Path) -> None:
    result = invoke("diff", EXAMPLE, tmp_path)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "no policy files in here" in result.stderr
    assert invoke("diff", EXAMPLE).exit_code == 2
    assert invoke("diff", EXAMPLE, EXAMPLE, "--at", "noon").exit_code == 2
