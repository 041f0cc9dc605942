from __future__ import annotations

import io
import json

import pytest

from zoneproxy.commands import common
from zoneproxy.errors import InvalidConfiguration, Problem


def refusing(count: int) -> int:
    raise InvalidConfiguration([Problem("a.yaml", line, 1, "is wrong", "do better") for line in range(1, count + 1)])


def test_the_exit_code_of_the_work_is_given_back() -> None:
    out = io.StringIO()
    assert common.reporting(lambda: 7, out) == 7
    assert out.getvalue() == ""


def test_problems_are_listed_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    out = io.StringIO()
    assert common.reporting(lambda: refusing(2), out) == common.EXIT_FAILED
    assert out.getvalue().splitlines() == ["a.yaml:1:1: is wrong (do better)", "a.yaml:2:1: is wrong (do better)"]
    assert capsys.readouterr().err == "2 problems\n"


def test_one_problem_is_counted_in_the_singular(capsys: pytest.CaptureFixture[str]) -> None:
    assert common.reporting(lambda: refusing(1), io.StringIO()) == common.EXIT_FAILED
    assert capsys.readouterr().err == "1 problem\n"


def test_what_was_asked_for_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert common.say("an answer") == common.EXIT_OK
    assert capsys.readouterr().out == "an answer\n"


@pytest.mark.parametrize(("file", "build"), [("varint.py", "pure Python"), ("varint.cpython-311.so", "compiled")])
def test_which_build_it_is_is_told(file: str, build: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(common.varint, "__file__", f"/somewhere/{file}")
    assert common.build() == build


def test_a_checkout_that_was_never_installed_has_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: str) -> str:
        raise common.metadata.PackageNotFoundError

    assert common.version() != "0+unknown"
    monkeypatch.setattr(common.metadata, "version", missing)
    assert common.version() == "0+unknown"


def test_our_own_values_as_json() -> None:
    problem = Problem("a.yaml", 1, 2, "é", "")
    told = json.loads(common.json_text({"problem": problem, "of": frozenset({"b", "a"}), "as": common.Format.JSON}))
    assert told == {
        "problem": {"file": "a.yaml", "line": 1, "column": 2, "message": "é", "hint": ""},
        "of": ["a", "b"],
        "as": "json",
    }
    with pytest.raises(TypeError):
        common.json_text(object())
