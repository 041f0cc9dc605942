"""``zoneproxy test``."""

from __future__ import annotations

import sys
import time
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from zoneproxy.commands.common import EXIT_FAILED, EXIT_OK, reporting, say
from zoneproxy.commands.outcomes import as_json, as_junit, as_text


class Report(Enum):
    """How the outcome is written."""

    TEXT = "text"
    JSON = "json"
    JUNIT = "junit"


_WRITERS = {Report.TEXT: as_text, Report.JSON: as_json, Report.JUNIT: as_junit}


def policy_tests(
    directory: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="The directory of the policy files. [default: policies]")
    ] = Path("policies"),
    form: Annotated[
        Report, typer.Option("--format", help="For people, for programs, or for a CI server.")
    ] = Report.TEXT,
) -> None:
    """Ask the policies what they are meant to say.

    The cases are in `DIR/tests/*.yaml`, beside the policies: who, where, which operation on what, and whether it is
    to be allowed; also by which role or flow, and what is to be done to records. Each is decided by the code that
    decides on requests. `zoneproxy explain` takes the same questions one by one.
    """
    from zoneproxy.app.cases import run_cases

    def tell() -> int:
        outcomes = run_cases(directory, time.time())
        say(_WRITERS[form](outcomes))
        return EXIT_OK if all(outcome.passed for outcome in outcomes) else EXIT_FAILED

    raise typer.Exit(reporting(tell, sys.stderr))
