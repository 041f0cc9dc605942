from __future__ import annotations

import runpy
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


def test_it_runs_as_a_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["zoneproxy", "check", "-c", str(tmp_path / "none.yaml")])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("zoneproxy", run_name="__main__")
    assert ended.value.code == 1
    assert "cannot be read" in capsys.readouterr().out
