from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.commands.policy_files import policies

WHY = ("--reason", "INC-1", "--approved-by", "bob")


def test_a_grant_is_written_shown_and_audited(tmp_path: Path, invoke: Any) -> None:
    directory = policies(tmp_path)
    result = invoke("grant", "alice", "reader", "--until", "2040-01-01T00:00:00Z", *WHY, "--policies", directory)
    assert result.exit_code == 0
    line = "  - {principal: alice, role: reader, until: 2040-01-01T00:00:00Z, reason: INC-1, approved_by: bob}"
    assert (directory / "grants.yaml").read_text() == f"grants:\n{line}\n"
    assert f"+{line}" in result.stdout
    assert "policy digest " in result.stdout
    audit = json.loads(result.stderr)
    assert (audit["event"], audit["action"], audit["principal"]) == ("audit", "grant", "alice")
    assert (audit["reason"], audit["approved_by"], audit["file"]) == ("INC-1", "bob", str(directory / "grants.yaml"))
    assert audit["user"]


def test_a_grant_for_a_group_with_a_beginning(tmp_path: Path, invoke: Any) -> None:
    directory = policies(tmp_path)
    times = ("--from", "2039-01-01T00:00:00Z", "--until", "2040-01-01T00:00:00Z")
    assert invoke("grant", "--group", "on-call", "reader", *times, *WHY, "--policies", directory).exit_code == 0
    written = (directory / "grants.yaml").read_text()
    assert written.startswith("grants:\n  - group: on-call\n    role: reader\n    from: 2039-01-01T00:00:00Z\n")


def test_breaking_the_glass_begins_now_and_needs_nobody(tmp_path: Path, invoke: Any) -> None:
    directory = policies(tmp_path)
    options = ("--until", "4h", "--reason", "fire", "--break-glass", "--file", "fire.yaml", "--policies", directory)
    assert invoke("grant", "alice", "unrestricted", *options).exit_code == 0
    text = (directory / "fire.yaml").read_text()
    assert "break_glass: true" in text
    assert "from: 20" in text


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (("--until", "2d", *WHY), 1, "did you mean `reader`"),
        (("--until", "soon", *WHY), 2, "is no moment"),
        (("--until", "0m", *WHY), 2, "is over already"),
        (("--until", "2d", "--reason", "r"), 1, "nobody has approved it"),
        (("--until", "2d", "--reason", "r", "--break-glass"), 1, "24 hours"),
        (("--until", "2d", *WHY, "--config", "c.yaml"), 2, "not both"),
    ],
)
def test_what_is_wrong_changes_nothing(
    tmp_path: Path, invoke: Any, options: tuple[str, ...], code: int, message: str
) -> None:
    directory = policies(tmp_path)
    role = "readr" if "did you mean" in message else "reader"
    result = invoke("grant", "alice", role, *options, "--policies", directory)
    assert result.exit_code == code
    assert message in " ".join((result.stdout + result.stderr).replace("\u2502", "").split())
    assert [path.name for path in directory.iterdir() if path.suffix == ".yaml"] == ["policy.yaml"]
