"""``zoneproxy diff``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from zoneproxy.commands.common import EXIT_FAILED, EXIT_OK, EXIT_USAGE, Format, FormatOption, reporting, say
from zoneproxy.commands.differences import as_json, as_text
from zoneproxy.commands.times import AtOption, moment

DIFF_EXIT_CODES = "Exit codes: 0 nothing changes; 1 something does; 2 wrong usage, or policies that cannot be used."


def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The directory of the policy files that are in force.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The directory of those that are to follow.")],
    at: AtOption = None,
    form: FormatOption = Format.TEXT,
) -> None:
    """Say every decision that would change if one policy followed another.

    The comparison is exact: it goes over all names of topics, groups and transactional ids, all addresses, groups of
    principals and versions of TLS that the two policies tell apart, and through all beginnings and ends of grants from
    now on. What is not listed does not change. Listed as well is what is done to records otherwise, and zones and
    principals that are new, gone or different.
    """
    from zoneproxy.app.difference import compare

    when = moment(at)

    def tell() -> int:
        found = compare(old, new, when)
        say(as_json(found) if form is Format.JSON else as_text(found))
        return EXIT_FAILED if found else EXIT_OK

    # As diff(1) does: 1 is an answer, so trouble needs a code of its own.
    code = reporting(tell, sys.stderr, failed=EXIT_USAGE)
    raise typer.Exit(code)
