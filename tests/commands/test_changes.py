from __future__ import annotations

import getpass
import os
from pathlib import Path

import pytest
import typer

from zoneproxy.app import load
from zoneproxy.app.granting import Change, Done
from zoneproxy.commands import changes
from zoneproxy.commands.changes import place, tell


class Loaded:
    class config:
        policies = "/etc/policies"


def test_where_the_policies_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "load_all", lambda path: Loaded)
    assert place(None, None) == (Path("policies"), None)
    assert place(Path("x"), None) == (Path("x"), None)
    assert place(None, Path("c.yaml")) == (Path("/etc/policies"), Loaded.config)
    with pytest.raises(typer.BadParameter):
        place(Path("x"), Path("c.yaml"))


def test_what_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    change = Change(Path("g.yaml"), "a\nb\n", "a\nb\nc\n", ({"principal": "alice"}, {"principal": "bob"}))
    assert tell("grant", Done((change,), "d1")) == 0
    out, err = capsys.readouterr()
    assert "+c" in out.splitlines()
    assert "policy digest d1" in out
    assert err.count('"event": "audit"') == 2


def test_who_is_at_the_keyboard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUDO_USER", "alice")
    assert changes._user() == "alice"
    monkeypatch.delenv("SUDO_USER")
    monkeypatch.setattr(getpass, "getuser", lambda: "bob")
    assert changes._user() == "bob"

    def nameless() -> str:
        raise KeyError(os.getuid())

    monkeypatch.setattr(getpass, "getuser", nameless)
    assert changes._user() == f"uid {os.getuid()}"
