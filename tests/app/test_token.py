from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from zoneproxy.app.token import check_token, read_token

if TYPE_CHECKING:
    from pathlib import Path

GOOD = "0123456789abcdef" * 2


def test_a_token_is_one_line(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{GOOD}\n")
    assert read_token(file) == GOOD
    assert check_token(file) == []


@pytest.mark.parametrize("text", ["", GOOD[:-1], f"{GOOD}\n{GOOD}", f"{GOOD} x", GOOD * 17, "\u00e9" * 40])
def test_what_is_no_token_is_not_shown(tmp_path: Path, text: str) -> None:
    file = tmp_path / "token"
    file.write_text(text)
    assert read_token(file) is None
    (problem,) = check_token(file)
    assert "is no token" in str(problem)
    assert GOOD[:-1] not in str(problem)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert read_token(tmp_path / "token") is None
    assert "cannot be read" in str(check_token(tmp_path / "token")[0])
