"""docs/detection.md says of every row what is tested here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.evasion import test_paths, test_records, test_schemas
from tests.evasion.tricks import MISSED, TRICKS, Outcome

TEXT = (Path(__file__).parents[2] / "docs" / "detection.md").read_text()


def rows() -> dict[int, tuple[str, str]]:
    """By number, what is said of fast and of deep."""
    told = {}
    for first, last, fast, deep in re.findall(
        r"^\| (\d+)(?:-(\d+))? \| [^|]+ \| (\w+) \| (\w+) \|", TEXT, re.MULTILINE
    ):
        for row in range(int(first), int(last or first) + 1):
            told[row] = (fast, deep)
    return told


def word(outcomes: list[Outcome]) -> str:
    missed = [outcome is MISSED for outcome in outcomes]
    return "no" if all(missed) else "partly" if any(missed) else "yes"


def test_all_rows_are_there() -> None:
    assert sorted(rows()) == list(range(1, 58))


@pytest.mark.parametrize("row", sorted({trick.row for trick in TRICKS}))
def test_disguises_come_to_what_is_said(row: int) -> None:
    of = [trick for trick in TRICKS if trick.row == row]
    assert rows()[row] == (word([trick.fast for trick in of]), word([trick.deep for trick in of]))


def test_all_other_rows_have_tests() -> None:
    """But for 57, which holds for all of them."""
    tested = {trick.row for trick in TRICKS} | {57}
    for module in (test_paths, test_records, test_schemas):
        for name in vars(module):
            if match := re.match(r"test_rows?_(\d+)(?:_(to|and)_(\d+))?", name):
                first, joint, last = int(match[1]), match[2], int(match[3] or match[1])
                tested |= set(range(first, last + 1)) if joint == "to" else {first, last}
    assert tested == set(range(1, 58))
