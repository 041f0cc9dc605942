from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

EXAMPLE = Path(__file__).parents[2] / "policies"


def test_cases_that_hold(invoke: Any) -> None:
    result = invoke("test", EXAMPLE)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == "13 passed"
    assert json.loads(invoke("test", EXAMPLE, "--format", "json").stdout)["failed"] == 0
    assert invoke("test", EXAMPLE, "--format", "junit").stdout.startswith("<?xml")


def test_cases_that_do_not(invoke: Any, tmp_path: Path) -> None:
    changed = tmp_path / "policies"
    shutil.copytree(EXAMPLE, changed)
    tests = changed / "tests" / "payments.yaml"
    tests.write_text(tests.read_text().replace("expect: unknown", "expect: deny"))
    result = invoke("test", changed)
    assert result.exit_code == 1
    assert "12 passed, 1 failed" in result.stdout


def test_problems_of_the_files_go_to_stderr(invoke: Any, tmp_path: Path) -> None:
    result = invoke("test", tmp_path)
    assert result.exit_code == 1
    assert "no policy files in here" in result.stderr
