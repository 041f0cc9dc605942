from __future__ import annotations

import io
import json
import sys

import pytest

from zoneproxy.app.scanning.report import Report
from zoneproxy.app.scanning.search import Found
from zoneproxy.commands.scanned import Bar, as_json, as_text, printable


def report(*where: str) -> Report:
    made = Report(listed=True)
    for each in where:
        made.add([Found("EMAIL", 0.9, each, "value", 0, 1)], 10)
    return made


def test_the_most_frequent_type_comes_first() -> None:
    made = report("f:100:1", "[red]g[/red]:2:1")
    made.add([Found("IBAN", 1.0, "k", "key", 0, 1)], 5)
    lines = as_text(made).splitlines()
    assert lines[0].split()[:5] == ["TYPE", "FOUND", "IN", "SURE", "WHERE"]
    assert lines[1].split() == ["EMAIL", "2", "2", "0.9", "value", "f:100:1"]
    assert lines[2].split() == ["[red]g[/red]:2:1"]
    assert lines[3].split() == ["IBAN", "1", "1", "1", "key", "k"]
    assert lines[-1] == "3 findings in 25 bytes of 3 records, lines or documents"


def test_programs_get_everything() -> None:
    told = json.loads(as_json(report("f:1:1")))
    assert told["looked_through"] == {"units": 1, "bytes": 10}
    assert told["findings"][0]["confidence"] == 0.9
    assert told["problems"] == []


def test_names_of_files_do_no_harm_to_terminals() -> None:
    assert printable("a\x1b[2Jb\nc") == "a?[2Jb?c"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("stream", [Terminal, io.StringIO])
def test_a_bar_shows_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch, stream: type[io.StringIO]) -> None:
    shown = stream()
    monkeypatch.setattr(sys, "stderr", shown)
    monkeypatch.setenv("TERM", "xterm")
    with Bar() as bar:
        bar.at("first", 1, 2)
        bar.at("first", 2, 2)
        bar.at("second", 0, 0)
    assert ("second" in shown.getvalue()) is (stream is Terminal)
