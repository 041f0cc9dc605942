from __future__ import annotations

import sys
from typing import Any

import pytest
from typer.testing import CliRunner

from zoneproxy import cli
from zoneproxy.commands.common import build, version

NAMES = [each.name or each.callback.__name__ for each in cli.commands.registered_commands if each.callback]


def invoke(*arguments: str) -> Any:
    return CliRunner().invoke(cli.commands, list(arguments))


@pytest.mark.parametrize("arguments", [(), ("unknown",), ("run", "-c"), ("run", "extra"), ("check", "a", "-c", "b")])
def test_wrong_usage_is_exit_code_2(arguments: tuple[str, ...]) -> None:
    assert invoke(*arguments).exit_code == 2


@pytest.mark.parametrize("arguments", [("--help",), ("check", "-h"), *((name, "--help") for name in NAMES)])
def test_help_names_the_exit_codes(arguments: tuple[str, ...]) -> None:
    result = invoke(*arguments)
    assert result.exit_code == 0
    assert "Exit codes" in result.stdout


def test_the_version_is_told() -> None:
    result = invoke("--version")
    assert result.exit_code == 0
    assert result.stdout == f"zoneproxy {version()} ({build()})\n"


def test_main_is_the_entry_point(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["zoneproxy", "--version"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("zoneproxy ")
