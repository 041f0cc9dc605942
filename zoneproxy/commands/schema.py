"""``zoneproxy schema``."""

from __future__ import annotations

import json
from enum import Enum
from typing import Annotated

import typer

from zoneproxy.commands.common import say


class Of(Enum):
    """Which files."""

    CONFIG = "config"
    POLICY = "policy"
    TESTS = "tests"


def schema(
    of: Annotated[Of, typer.Argument(help="Of zoneproxy.yaml, of policies, or of their tests.")] = Of.POLICY,
) -> None:
    """Print the JSON Schema of the files, for editors that check and complete as one writes.

    With the YAML language server, say in the first line of a file where the schema is:

    # yaml-language-server: $schema=policy.schema.json

    It knows each entry by itself. What entries say of each other is what `zoneproxy check` finds.
    """
    raise typer.Exit(say(text_of(of)))


def text_of(of: Of) -> str:
    """The schema as text."""
    from zoneproxy.config.schema import config_schema
    from zoneproxy.policy.cases.schema import cases_schema
    from zoneproxy.policy.schema import policy_schema

    made = {Of.CONFIG: config_schema, Of.POLICY: policy_schema, Of.TESTS: cases_schema}[of]()
    return json.dumps(made, indent=2, ensure_ascii=False)
