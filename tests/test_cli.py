from __future__ import annotations

import sys
from typing import Any

import pytest
from typer.testing import CliRunner

from zoneproxy import cli
from zoneproxy.app import check, run
from zoneproxy.errors import InvalidConfiguration, Problem

PROBLEMS = [Problem("a.yaml", 3, 7, "unknown key `lvel`", "did you mean `level`?"), Problem("b.yaml", 0, 0, "is empty")]


def invoke(*arguments: str) -> Any:
    return CliRunner().invoke(cli.commands, list(arguments))


def refuse(*_: object) -> int:
    raise InvalidConfiguration(PROBLEMS)


def test_run_hands_over_the_configuration_and_gives_back_its_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setattr(run, "run", lambda path, version: seen.append((str(path), version)) or 1)
    assert invoke("run", "-c", "other.yaml").exit_code == 1
    assert invoke("run").exit_code == 1
    assert seen == [("other.yaml", cli.version()), ("zoneproxy.yaml", cli.version())]


def test_run_lists_problems_on_stderr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "run", refuse)
    result = invoke("run")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.splitlines() == [*map(str, PROBLEMS), "2 problems"]


def test_check_prints_what_it_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "check_all", lambda path: f"{path}: ok")
    monkeypatch.setattr(check, "check_policies", lambda path: f"policies in {path}: ok")
    assert invoke("check").stdout == "zoneproxy.yaml: ok\n"
    assert invoke("check", "--config", "other.yaml").stdout == "other.yaml: ok\n"
    assert invoke("check", "policies").stdout == "policies in policies: ok\n"
    assert invoke("check").exit_code == 0


def test_check_lists_problems_one_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "check_all", refuse)
    result = invoke("check")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "a.yaml:3:7: unknown key `lvel` (did you mean `level`?)",
        "b.yaml: is empty",
    ]
    assert result.stderr == "2 problems\n"


def test_one_problem_is_counted_in_the_singular(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse_one(_: object) -> int:
        raise InvalidConfiguration(PROBLEMS[:1])

    monkeypatch.setattr(check, "check_all", refuse_one)
    assert invoke("check").stderr == "1 problem\n"


@pytest.mark.parametrize("arguments", [(), ("unknown",), ("run", "-c"), ("run", "extra"), ("check", "a", "-c", "b")])
def test_wrong_usage_is_exit_code_2(arguments: tuple[str, ...]) -> None:
    assert invoke(*arguments).exit_code == 2


@pytest.mark.parametrize("arguments", [("--help",), ("run", "--help"), ("check", "-h")])
def test_help_names_the_exit_codes(arguments: tuple[str, ...]) -> None:
    result = invoke(*arguments)
    assert result.exit_code == 0
    assert "Exit codes" in result.stdout


def test_the_version_is_told() -> None:
    result = invoke("--version")
    assert result.exit_code == 0
    assert result.stdout == f"zoneproxy {cli.version()}\n"


def test_a_checkout_that_was_never_installed_has_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: str) -> str:
        raise cli.metadata.PackageNotFoundError

    monkeypatch.setattr(cli.metadata, "version", missing)
    assert cli.version() == "0+unknown"


def test_main_is_the_entry_point(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["zoneproxy", "--version"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("zoneproxy ")
