from __future__ import annotations

from typing import Any

import pytest
from typer.testing import CliRunner

from zoneproxy import cli
from zoneproxy.errors import InvalidConfiguration, Problem

PROBLEMS = [Problem("a.yaml", 3, 7, "unknown key `lvel`", "did you mean `level`?"), Problem("b.yaml", 0, 0, "is empty")]


@pytest.fixture
def invoke() -> Any:
    """Run ``zoneproxy`` with these arguments."""
    return lambda *arguments, given=None: CliRunner().invoke(
        cli.commands, [str(argument) for argument in arguments], input=given
    )


@pytest.fixture
def refuse() -> Any:
    """Work that finds two problems."""

    def work(*_: object) -> int:
        raise InvalidConfiguration(PROBLEMS)

    return work
