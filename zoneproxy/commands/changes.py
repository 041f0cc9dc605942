"""What ``grant`` and ``revoke`` have in common: where the policies are, what is told, and the trail."""

from __future__ import annotations

import difflib
import getpass
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zoneproxy.commands.common import say

if TYPE_CHECKING:
    from zoneproxy.app.granting import Done
    from zoneproxy.config.model import Config

DirectoryOption = Annotated[
    Path | None,
    typer.Option("--policies", metavar="DIR", help="The directory of the policy files. [default: policies]"),
]
CheckedConfigOption = Annotated[
    Path | None,
    typer.Option("--config", "-c", metavar="FILE", help="Take the directory from here, and check the two together."),
]
GroupOption = Annotated[bool, typer.Option("--group", help="The name is that of a group.")]


def place(policies: Path | None, config: Path | None) -> tuple[Path, Config | None]:
    """The directory of the policies, and the configuration if one was named. Raises InvalidConfiguration."""
    from zoneproxy.app.load import load_all

    if policies is not None and config is not None:
        raise typer.BadParameter("give either --policies or --config, not both")
    if config is None:
        return policies or Path("policies"), None
    loaded = load_all(config).config
    return Path(loaded.policies), loaded


def tell(action: str, done: Done) -> int:
    """Print what has changed, and leave an audit line on stderr for each grant; the exit code."""
    from zoneproxy.telemetry.log import make_logger

    for change in done.changes:
        lines = difflib.unified_diff(
            change.before.splitlines(), change.after.splitlines(), str(change.file), str(change.file), "", "", 1, ""
        )
        say("\n".join(lines))
    say(f"policy digest {done.digest}; a running proxy takes it over by itself within seconds")
    log = make_logger("info", "json", sys.stderr)
    for change in done.changes:
        for grant in change.grants:
            who = {"user": _user(), "file": str(change.file), "digest": done.digest}
            log.info("audit", action=action, **who, **grant)
    return 0


def _user() -> str:
    """Who is at the keyboard: behind sudo, the one who called it."""
    try:
        return os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):  # a user id without a name, as in containers
        return f"uid {os.getuid()}"
