from __future__ import annotations

from typing import Any

import pytest

from zoneproxy.app import run
from zoneproxy.commands.common import version


def test_the_configuration_is_handed_over_and_the_exit_code_given_back(
    monkeypatch: pytest.MonkeyPatch, invoke: Any
) -> None:
    seen = []
    monkeypatch.setattr(run, "run", lambda path, version: seen.append((str(path), version)) or 1)
    assert invoke("run", "-c", "other.yaml").exit_code == 1
    assert invoke("run").exit_code == 1
    assert seen == [("other.yaml", version()), ("zoneproxy.yaml", version())]


def test_problems_are_listed_on_stderr(monkeypatch: pytest.MonkeyPatch, invoke: Any, refuse: Any) -> None:
    monkeypatch.setattr(run, "run", refuse)
    result = invoke("run")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        "a.yaml:3:7: unknown key `lvel` (did you mean `level`?)",
        "b.yaml: is empty",
        "2 problems",
    ]
