"""docs/operating-policies.md shows what the commands really print."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from zoneproxy import cli
from zoneproxy.policy.cases.read import read_cases
from zoneproxy.policy.lint.finding import CODES

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "operating-policies.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", DOCUMENT.read_text(), re.DOTALL | re.MULTILINE)


@pytest.fixture
def _policies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The directories that the examples name, in the current one."""
    for name in ("policies", "policies-new"):
        shutil.copytree(ROOT / "policies", tmp_path / name)
    (edits,) = blocks("diff")
    for part in re.split(r"^--- ", edits, flags=re.MULTILINE)[1:]:
        name, _, hunks = part.partition("\n")
        file = tmp_path / "policies-new" / name
        text = file.read_text()
        for hunk in hunks.split("@@\n"):
            lines = hunk.splitlines(keepends=True)
            before, after = ("".join(line[1:] for line in lines if line[0] in sign) for sign in (" -", " +"))
            assert text.count(before) == 1, before
            text = text.replace(before, after)
        file.write_text(text)
    monkeypatch.chdir(tmp_path)


def printed(command: str) -> str:
    """What a command line prints."""
    _, *arguments = shlex.split(command)
    return CliRunner().invoke(cli.commands, arguments).stdout


def lasting(text: str) -> str:
    """Without digests and lines, which change with every field that policies learn and every comment in the example."""
    return re.sub(r"(?<=\.yaml):\d+(:\d+)?", ":<line>", re.sub("[0-9a-f]{64}|<digest>", "<digest>", text)).strip()


@pytest.mark.usefixtures("_policies")
@pytest.mark.parametrize("block", blocks("console"), ids=lambda block: block.partition("\n")[0])
def test_what_is_shown_is_what_is_printed(block: str) -> None:
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        assert lasting(shown) == lasting(printed(command))


def test_all_codes_are_listed() -> None:
    listed = re.findall(r"^\| `(ZP\d+)` \| (\w+) \| (.+) \|$", DOCUMENT.read_text(), re.MULTILINE)
    assert listed == [(code, about.severity.name.lower(), about.title) for code, about in CODES.items()]


def test_the_example_of_a_case_is_one() -> None:
    (example,) = [block for block in blocks("yaml") if block.startswith("cases:")]
    (case,) = read_cases([("case", example)])
    assert case.by == ("completed-payments-reader",)
