from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from zoneproxy import cli
from zoneproxy.commands import credentials as module
from zoneproxy.identity.sasl.credentials import DEFAULT_ITERATIONS

SECRET = "-".join(("alice", "secret"))


def run(*arguments: object, given: str = "") -> Any:
    return CliRunner().invoke(cli.commands, ["credentials", *map(str, arguments)], input=given)


def test_a_password_from_a_pipe_is_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "users.yaml"
    done = run("set", "alice", "--file", file, "--iterations", 4096, given=SECRET + "\n")
    assert done.exit_code == 0
    assert "`alice` has a password" in done.output
    assert SECRET not in done.output + file.read_text()
    assert run("list", "--file", file).output == "alice: SCRAM-SHA-256, SCRAM-SHA-512\n"
    assert "`alice` is gone" in run("remove", "alice", "-f", file).output
    assert run("remove", "alice", "-f", file).exit_code == 1


def test_on_a_terminal_it_is_asked_for_twice_without_an_echo(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}

    def prompt(text: str, **options: Any) -> str:
        asked.update(options)
        return SECRET

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr(module.typer, "prompt", prompt)
    assert module._password() == SECRET
    assert asked == {"hide_input": True, "confirmation_prompt": True, "err": True}


def test_the_file_is_the_configurations(tmp_path: Path) -> None:
    done = run("list", "--config", tmp_path / "zoneproxy.yaml")
    assert done.exit_code == 1
    assert "cannot be read" in done.output


def test_the_default_is_the_one_of_the_verifiers() -> None:
    assert module.DEFAULT_ITERATIONS == DEFAULT_ITERATIONS
