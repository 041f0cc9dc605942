from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

EXAMPLE = Path(__file__).parents[2] / "policies"
ABOUT = ("explain", "--policies", EXAMPLE, "-p", "dashboards", "-z", "payments", "-o", "read")


def test_the_answer_is_printed(invoke: Any) -> None:
    result = invoke(*ABOUT, "-t", "payments.completed")
    assert result.exit_code == 0
    assert result.stdout.startswith("ALLOWED  User:dashboards read topic payments.completed in zone payments")
    denied = invoke(*ABOUT, "-t", "payments.other")
    assert denied.exit_code == 0
    assert denied.stdout.startswith("DENIED  ")


def test_json(invoke: Any) -> None:
    told = json.loads(invoke(*ABOUT, "-t", "payments.completed", "--format", "json").stdout)
    assert told["allowed"] is True
    assert told["home"] == "analytics"


@pytest.mark.parametrize("resource", [("-g", "dashboards-1"), ("--transactional-id", "t"), ("--cluster",)])
def test_other_resources(invoke: Any, resource: tuple[str, ...]) -> None:
    operation = "describe"
    result = invoke(*ABOUT[:-1], operation, *resource, "--host", "10.0.0.1", "--tls", "none", "--member-of", "g")
    assert result.exit_code == 0
    assert ("ALLOWED" in result.stdout) == (resource[0] == "-g")


@pytest.mark.parametrize(
    "wrong", [(), ("-t", "t", "--cluster"), ("-t", "t", "--at", "soon"), ("-t", "t", "--tls", "1.1")]
)
def test_wrong_usage(invoke: Any, wrong: tuple[str, ...]) -> None:
    assert invoke(*ABOUT, *wrong).exit_code == 2


def test_problems_of_the_files_go_to_stderr(invoke: Any, tmp_path: Path) -> None:
    result = invoke(*ABOUT, "-t", "t", "--policies", tmp_path)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "no policy files in here" in result.stderr
