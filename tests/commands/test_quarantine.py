from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from tests.boundary.batch_kit import batch
from tests.keys.test_sealing import KEY, private
from zoneproxy import cli
from zoneproxy.keys.sealing import Seal

COPY = Seal(KEY.public_key()).close({"side": "fetch"}, batch(["grün"]))


def run(tmp_path: Path, *arguments: object, given: bytes | None = None) -> Any:
    (tmp_path / "key").write_bytes(private(KEY))
    command = ["quarantine", "open", "--key", str(tmp_path / "key"), *map(str, arguments)]
    return CliRunner().invoke(cli.commands, command, input=given)


def test_a_file_or_what_comes_in(tmp_path: Path) -> None:
    file = tmp_path / "dump"
    file.write_bytes(COPY)
    for done in (run(tmp_path, file), run(tmp_path, given=COPY)):
        assert done.exit_code == 0
        assert json.loads(done.stdout)["value"] == "grün"


def test_what_cannot_be_opened_is_said(tmp_path: Path) -> None:
    other = run(tmp_path, given=b"something else")
    assert other.exit_code == 1
    assert "no sealed copy" in other.stderr
    missing = run(tmp_path, tmp_path / "missing")
    assert missing.exit_code == 1
    assert "cannot be read" in missing.stderr


def test_the_group_says_what_it_is_for() -> None:
    done = CliRunner().invoke(cli.commands, ["quarantine", "--help"])
    assert done.exit_code == 0
    assert "open" in done.stdout
