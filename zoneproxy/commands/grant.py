"""``zoneproxy grant``."""

from __future__ import annotations

import sys
import time
from typing import Annotated

import typer

from zoneproxy.commands.changes import CheckedConfigOption, DirectoryOption, GroupOption, place, tell
from zoneproxy.commands.common import reporting
from zoneproxy.commands.durations import instant


def grant(
    name: Annotated[str, typer.Argument(metavar="PRINCIPAL", help="Who is to have it.")],
    role: Annotated[str, typer.Argument(metavar="ROLE", help="The role, one of the policy or `unrestricted`.")],
    until: Annotated[
        str, typer.Option("--until", metavar="WHEN", help="Its end: 2026-12-01T08:00:00Z, or 90m, 4h, 2d from now.")
    ],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why: a ticket, an incident.")],
    approved_by: Annotated[
        str | None, typer.Option("--approved-by", metavar="NAME", help="Who said yes: somebody else.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--from", metavar="WHEN", help="Its beginning, written like the end. [default: now]")
    ] = None,
    group: GroupOption = False,
    break_glass: Annotated[
        bool, typer.Option("--break-glass", help="An emergency: no approval needed, 24 hours at most, and loud.")
    ] = False,
    file: Annotated[
        str | None,
        typer.Option("--file", metavar="NAME", help="The policy file for it. [default: the one with grants]"),
    ] = None,
    policies: DirectoryOption = None,
    config: CheckedConfigOption = None,
) -> None:
    """Give somebody a role for a while.

    The grant is written into a policy file, below the others; comments and layout stay. All policies are checked with
    it first: if anything is wrong nothing is changed. What has changed is printed, and an audit line goes to stderr.

    zoneproxy grant alice incident-reader --until 4h --reason INC-4711 --approved-by bob
    """
    from zoneproxy.app.granting import grant as add

    now = time.time()
    entry: dict[str, str | bool] = {"group" if group else "principal": name, "role": role}
    if since is not None or break_glass:
        entry["from"] = instant(since or "0m", now, "--from")
    end = instant(until, now, "--until")
    if end <= instant("0m", now, ""):  # both in UTC, so they sort as they come
        raise typer.BadParameter(f"{end} is over already", param_hint="--until")
    entry |= {"until": end, "reason": reason}
    if approved_by is not None:
        entry["approved_by"] = approved_by
    if break_glass:
        entry["break_glass"] = True
    raise typer.Exit(reporting(lambda: tell("grant", add(*place(policies, config), entry, file)), sys.stdout))
