from __future__ import annotations

from typing import Any

import pytest

from zoneproxy.app import check


def test_what_was_found_is_printed(monkeypatch: pytest.MonkeyPatch, invoke: Any) -> None:
    monkeypatch.setattr(check, "check_all", lambda path: f"{path}: ok")
    monkeypatch.setattr(check, "check_policies", lambda path: f"policies in {path}: ok")
    assert invoke("check").stdout == "zoneproxy.yaml: ok\n"
    assert invoke("check", "--config", "other.yaml").stdout == "other.yaml: ok\n"
    assert invoke("check", "policies").stdout == "policies in policies: ok\n"
    assert invoke("check").exit_code == 0


def test_problems_are_listed_one_a_line(monkeypatch: pytest.MonkeyPatch, invoke: Any, refuse: Any) -> None:
    monkeypatch.setattr(check, "check_all", refuse)
    result = invoke("check")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == ["a.yaml:3:7: unknown key `lvel` (did you mean `level`?)", "b.yaml: is empty"]
    assert result.stderr == "2 problems\n"


def test_a_directory_and_a_configuration_are_one_too_many(invoke: Any) -> None:
    assert invoke("check", "policies", "-c", "zoneproxy.yaml").exit_code == 2
