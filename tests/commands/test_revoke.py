from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.commands.policy_files import policies


def test_what_was_granted_is_taken_back_shown_and_audited(tmp_path: Path, invoke: Any) -> None:
    directory = policies(tmp_path)
    options = ("--until", "4h", "--reason", "INC-1", "--approved-by", "bob", "--policies", directory)
    for holder in (("alice",), ("--group", "on-call")):
        assert invoke("grant", *holder, "reader", *options).exit_code == 0
    result = invoke("revoke", "alice", "reader", "--policies", directory)
    assert result.exit_code == 0
    assert "-  - {principal: alice" in result.stdout
    audit = json.loads(result.stderr)
    assert (audit["action"], audit["principal"], audit["reason"]) == ("revoke", "alice", "INC-1")
    assert "on-call" in (directory / "grants.yaml").read_text()
    assert invoke("revoke", "--group", "on-call", "reader", "--policies", directory).exit_code == 0
    assert (directory / "grants.yaml").read_text() == "grants:\n"


def test_nothing_to_take_back(tmp_path: Path, invoke: Any) -> None:
    result = invoke("revoke", "alice", "reader", "--policies", policies(tmp_path))
    assert result.exit_code == 1
    assert "principal alice has no grant of the role `reader` that is not over" in result.stdout
