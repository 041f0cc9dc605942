"""``zoneproxy revoke``."""

from __future__ import annotations

import sys
import time
from typing import Annotated

import typer

from zoneproxy.commands.changes import CheckedConfigOption, DirectoryOption, GroupOption, place, tell
from zoneproxy.commands.common import reporting


def revoke(
    name: Annotated[str, typer.Argument(metavar="PRINCIPAL", help="Who has it.")],
    role: Annotated[str, typer.Argument(metavar="ROLE", help="The role that was granted.")],
    group: GroupOption = False,
    policies: DirectoryOption = None,
    config: CheckedConfigOption = None,
) -> None:
    """Take back a role that was granted for a while.

    Every grant of it that is not over is taken out of the policy files; those that are over stay as a record. It ends
    at the next request of open connections, once the proxy has read the policies again. What has changed is printed,
    and an audit line goes to stderr.

    zoneproxy revoke alice incident-reader
    """
    from zoneproxy.app.granting import revoke as remove

    holder = ("group" if group else "principal", name)
    raise typer.Exit(
        reporting(lambda: tell("revoke", remove(*place(policies, config), holder, role, time.time())), sys.stdout)
    )
