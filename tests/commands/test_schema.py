from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from zoneproxy.commands.schema import Of, text_of

COMMITTED = Path(__file__).parents[2] / "docs" / "schema"


@pytest.mark.parametrize("of", list(Of), ids=lambda of: of.value)
def test_it_is_printed(of: Of, invoke: Any) -> None:
    result = invoke("schema", of.value)
    assert result.exit_code == 0
    assert json.loads(result.stdout)["$schema"]


def test_without_a_word_it_is_that_of_policies(invoke: Any) -> None:
    assert json.loads(invoke("schema").stdout)["title"].startswith("zoneproxy policy")


@pytest.mark.parametrize("of", list(Of), ids=lambda of: of.value)
def test_the_one_that_editors_use_is_current(of: Of) -> None:
    """If not: `make schema`."""
    assert (COMMITTED / f"{of.value}.schema.json").read_text() == text_of(of) + "\n"
