from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from zoneproxy.app import replacing
from zoneproxy.app.replacing import LOCK, locked, replace, stamp
from zoneproxy.errors import InvalidConfiguration

if TYPE_CHECKING:
    from pathlib import Path


def only(*names: str) -> set[str]:
    return {LOCK, *names}


def names(directory: Path) -> set[str]:
    return {path.name for path in directory.iterdir()} | {LOCK}


def test_one_at_a_time(tmp_path: Path) -> None:
    with (
        locked(tmp_path),
        pytest.raises(InvalidConfiguration, match="somebody else is changing"),
        locked(tmp_path, patience=0.1),
    ):
        raise AssertionError("two at once")
    with locked(tmp_path, patience=0):
        pass


def test_a_directory_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InvalidConfiguration, match="cannot be locked"), locked(tmp_path / "nowhere"):
        pass


def test_a_file_is_replaced_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("old")
    path.chmod(0o640)
    replace(path, "new\r\n", stamp(path))
    assert path.read_bytes() == b"new\r\n"
    assert path.stat().st_mode & 0o777 == 0o640
    assert names(tmp_path) == only("a.yaml")


def test_a_new_file(tmp_path: Path) -> None:
    assert stamp(tmp_path / "a.yaml") is None
    replace(tmp_path / "a.yaml", "new", None)
    assert (tmp_path / "a.yaml").read_text() == "new"
    assert (tmp_path / "a.yaml").stat().st_mode & 0o777 == 0o644


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    real, link = tmp_path / "real" / "a.yaml", tmp_path / "a.yaml"
    real.write_text("old")
    link.symlink_to(real)
    replace(link, "new", stamp(link))
    assert link.is_symlink()
    assert real.read_text() == "new"


def test_what_somebody_has_changed_meanwhile_is_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("old")
    seen = stamp(path)
    path.write_text("changed in an editor")
    with pytest.raises(InvalidConfiguration, match="changed by somebody else"):
        replace(path, "new", seen)
    with pytest.raises(InvalidConfiguration, match="changed by somebody else"):
        replace(path, "new", None)
    assert path.read_text() == "changed in an editor"
    assert names(tmp_path) == only("a.yaml")


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InvalidConfiguration, match="cannot be written: No space left"):
        replacing.replace(path, "new", stamp(path))
    assert path.read_text() == "old"
    assert names(tmp_path) == only("a.yaml")
