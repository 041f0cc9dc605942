from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.detect.samples import CARD, EMAIL
from zoneproxy.app.scanning import run


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    file = tmp_path / "notes.txt"
    file.write_text(f"first\ncard {CARD}\nmail {EMAIL}\n")
    return file


def test_findings_are_told_by_type_and_place_and_fail_the_command(invoke: Any, notes: Path) -> None:
    result = invoke("scan", str(notes))
    assert result.exit_code == 1
    assert f"{notes}:2:6" in result.stdout
    assert "2 findings in" in result.stdout
    assert CARD not in result.output
    assert EMAIL not in result.output


def test_only_some_types_and_only_what_is_sure(invoke: Any, notes: Path) -> None:
    assert "EMAIL" not in invoke("scan", str(notes), "--types", "pci").stdout
    assert "PAYMENT_CARD" not in invoke("scan", str(notes), "--types", "pci, EMAIL", "--confidence", "0.97").stdout


def test_nothing_is_found(invoke: Any, tmp_path: Path) -> None:
    (tmp_path / "clean").write_text("nothing")
    result = invoke("scan", str(tmp_path))
    assert (result.exit_code, result.stdout) == (0, "nothing was found in 7 bytes of 1 records, lines or documents\n")


def test_json_has_every_finding(invoke: Any, notes: Path) -> None:
    result = invoke("scan", str(notes), "--types", "pci,EMAIL", "--format", "json")
    told = json.loads(result.stdout)
    assert [(each["type"], each["where"], each["place"]) for each in told["findings"]] == [
        ("PAYMENT_CARD", f"{notes}:2:6", "value"),
        ("EMAIL", f"{notes}:3:6", "value"),
    ]
    assert told["total"] == 2
    assert told["types"]["EMAIL"]["count"] == 1
    assert CARD not in result.output


def test_standard_input(invoke: Any) -> None:
    assert "standard input:1:3" in invoke("scan", "-", given=f"a {CARD}").stdout


def test_what_cannot_be_read_fails_the_command(invoke: Any, tmp_path: Path) -> None:
    result = invoke("scan", str(tmp_path / "missing"))
    assert result.exit_code == 1
    assert "No such file" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "either files"),
        (["f", "--topic", "t", "--upstream", "u"], "either files"),
        (["--topic", "t"], "go together"),
        (["f", "--types", "EMIAL"], "did you mean `EMAIL`"),
    ],
)
def test_wrong_usage(invoke: Any, arguments: list[str], complaint: str) -> None:
    result = invoke("scan", *arguments)
    assert result.exit_code == 2
    assert complaint in " ".join(result.output.replace("│", " ").split())


def test_a_topic_of_an_upstream(invoke: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Loaded:
        class config:
            upstreams = ("kafka",)

    seen: list[Any] = []

    async def scan_topic(topic: str, upstream: str, config: Any, *_: Any) -> None:
        seen.append((topic, upstream, config))

    monkeypatch.setattr("zoneproxy.app.load.load_all", lambda _: Loaded)
    monkeypatch.setattr(run, "scan_topic", scan_topic)
    assert invoke("scan", "--topic", "t", "--upstream", "kafka").exit_code == 0
    assert seen == [("t", "kafka", Loaded.config)]
    wrong = invoke("scan", "--topic", "t", "--upstream", "kafak")
    assert wrong.exit_code == 2
    assert "did you mean `kafka`" in " ".join(wrong.output.replace("│", " ").split())
