"""``zoneproxy check``."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from zoneproxy.commands.common import DEFAULT_CONFIG, reporting, say


def check(
    policies: Annotated[
        Path | None,
        typer.Argument(metavar="[POLICY_DIR]", help="Check only the policy files of this directory."),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option("--config", "-c", metavar="FILE", help=f"The configuration file. [default: {DEFAULT_CONFIG}]"),
    ] = None,
) -> None:
    """Say everything that is wrong with a configuration and its policies.

    Each problem is a line of its own, file:line:column: what is wrong (what would be right). Checked are the
    configuration file, every policy file, keys and certificates, and that all of them fit together. Nothing is
    started and nothing is connected to.
    """
    from zoneproxy.app.check import check_all, check_policies

    if policies is not None and config is not None:
        raise typer.BadParameter("give either a POLICY_DIR or --config, not both")
    work = partial(check_policies, policies) if policies else partial(check_all, config or DEFAULT_CONFIG)
    raise typer.Exit(reporting(lambda: say(work()), sys.stdout))
