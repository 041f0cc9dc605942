"""The ``zoneproxy`` command: every command there is, each from its module in ``commands``."""

from __future__ import annotations

from typing import Annotated

import typer

from zoneproxy.commands.check import check
from zoneproxy.commands.common import EXIT_CODES, build, say, version
from zoneproxy.commands.credentials import credentials
from zoneproxy.commands.detectors import detectors
from zoneproxy.commands.diff import DIFF_EXIT_CODES, diff
from zoneproxy.commands.explain import explain
from zoneproxy.commands.grant import grant
from zoneproxy.commands.quarantine import quarantine
from zoneproxy.commands.revoke import revoke
from zoneproxy.commands.run import run
from zoneproxy.commands.scan import SCAN_EXIT_CODES, scan
from zoneproxy.commands.schema import schema
from zoneproxy.commands.test import policy_tests

commands = typer.Typer(
    name="zoneproxy",
    help="A boundary between Kafka trust zones: it authorises, inspects and redacts what crosses.\n\n"
    "Clients set bootstrap.servers to zoneproxy and change nothing else.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,  # a traceback with local variables could show payloads
    context_settings={"help_option_names": ["-h", "--help"]},
)

for command in (run, check, explain, detectors, grant, revoke, schema):
    commands.command(epilog=EXIT_CODES)(command)
commands.add_typer(credentials)
commands.add_typer(quarantine)
commands.command("test", epilog=EXIT_CODES)(policy_tests)
commands.command(epilog=DIFF_EXIT_CODES)(diff)
commands.command(epilog=SCAN_EXIT_CODES)(scan)


def _print_version(wanted: bool) -> None:
    if wanted:
        raise typer.Exit(say(f"zoneproxy {version()} ({build()})"))


@commands.callback()
def zoneproxy(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Take the options that stand before a command."""


def main() -> None:
    """Entry point of the ``zoneproxy`` command."""
    commands()
