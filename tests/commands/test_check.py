from __future__ import annotations

import json
from typing import Any

import pytest

from zoneproxy.app import check
from zoneproxy.app.check import Report
from zoneproxy.policy.lint.finding import Finding
from zoneproxy.policy.model import Grant

WARNING = Finding("ZP001", "a.yaml", 3, 5, "nobody has the role `r`", "remove it")
NOTE = Finding("ZP014", "a.yaml", 4, 5, "from any address", "name the addresses")
ERROR = Finding("ZP010", "a.yaml", 5, 5, "this looks like a password", "take it out")


def finding(*findings: Finding) -> Any:
    return lambda path, now: Report(f"checked {path}", "d1", {"zone": 2, "role": 1}, findings)


def test_what_was_found_good_is_said_in_two_lines(monkeypatch: pytest.MonkeyPatch, invoke: Any) -> None:
    monkeypatch.setattr(check, "check_all", finding())
    monkeypatch.setattr(check, "check_policies", finding(NOTE))
    good = "ok: 2 zones, 1 role; policy digest d1\n"
    assert invoke("check").stdout == f"checked zoneproxy.yaml: {good}nothing to complain about\n"
    assert invoke("check", "--config", "other.yaml").stdout.startswith(f"checked other.yaml: {good}")
    assert invoke("check", "policies").stdout == f"checked policies: {good}1 note (--notes lists them)\n"
    assert invoke("check").exit_code == 0


def test_findings_are_listed_and_counted(monkeypatch: pytest.MonkeyPatch, invoke: Any) -> None:
    monkeypatch.setattr(check, "check_policies", finding(WARNING, WARNING, NOTE))
    result = invoke("check", "policies", "--notes")
    assert result.stdout.splitlines() == [
        str(WARNING),
        str(WARNING),
        str(NOTE),
        "checked policies: ok: 2 zones, 1 role; policy digest d1",
        "2 warnings, 1 note",
    ]
    assert result.exit_code == 0
    assert str(NOTE) not in invoke("check", "policies").stdout


@pytest.mark.parametrize(
    ("findings", "options", "code"),
    [
        ([NOTE], ["--strict"], 0),
        ([WARNING], [], 0),
        ([WARNING], ["--strict"], 1),
        ([ERROR], [], 1),
        ([ERROR, NOTE], ["--strict"], 1),
    ],
)
@pytest.mark.parametrize("form", ["text", "json"])
def test_what_fails_a_check(
    monkeypatch: pytest.MonkeyPatch, invoke: Any, form: str, findings: list[Finding], options: list[str], code: int
) -> None:
    monkeypatch.setattr(check, "check_policies", finding(*findings))
    result = invoke("check", "policies", "--format", form, *options)
    assert result.exit_code == code
    assert form == "json" or ("not ok" in result.stdout) == bool(code)
    assert form == "text" or json.loads(result.stdout)["ok"] == (code == 0)


def test_json_for_programs(monkeypatch: pytest.MonkeyPatch, invoke: Any, refuse: Any) -> None:
    monkeypatch.setattr(check, "check_policies", finding(WARNING))
    told = json.loads(invoke("check", "policies", "--format", "json").stdout)
    (found,) = told["findings"]
    assert found == {
        "severity": "warning",
        "code": "ZP001",
        "file": "a.yaml",
        "line": 3,
        "column": 5,
        "message": "nobody has the role `r`",
        "hint": "remove it",
    }
    assert told["counts"] == {"zone": 2, "role": 1}
    monkeypatch.setattr(check, "check_policies", refuse)
    result = invoke("check", "policies", "--format", "json")
    assert result.exit_code == 1
    assert [problem["line"] for problem in json.loads(result.stdout)["problems"]] == [3, 0]


def test_problems_are_listed_one_a_line(monkeypatch: pytest.MonkeyPatch, invoke: Any, refuse: Any) -> None:
    monkeypatch.setattr(check, "check_all", refuse)
    result = invoke("check")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == ["a.yaml:3:7: unknown key `lvel` (did you mean `level`?)", "b.yaml: is empty"]
    assert result.stderr == "2 problems\n"


def test_a_directory_and_a_configuration_are_one_too_many(invoke: Any) -> None:
    assert invoke("check", "policies", "-c", "zoneproxy.yaml").exit_code == 2


def test_broken_glass_has_a_banner(monkeypatch: pytest.MonkeyPatch, invoke: Any) -> None:
    grant = Grant("unrestricted", 0.0, 3600.0, "fire", principal="alice", break_glass=True)
    monkeypatch.setattr(check, "check_policies", lambda path, now: Report("p", "d1", {}, (), (grant,)))
    first, said, last, *_ = invoke("check", "policies").stdout.splitlines()
    assert first == last == "!" * 80
    assert said == "!! BREAK GLASS: alice has the role `unrestricted` until 1970-01-01T01:00:00Z: fire"
    (told,) = json.loads(invoke("check", "policies", "--format", "json").stdout)["break_glass"]
    assert told == {"holder": "alice", "role": "unrestricted", "until": "1970-01-01T01:00:00Z", "reason": "fire"}
