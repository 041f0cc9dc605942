"""The commands: ``zoneproxy run`` and ``zoneproxy check``."""

from __future__ import annotations

import sys
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from zoneproxy.errors import InvalidConfiguration

if TYPE_CHECKING:
    from collections.abc import Callable

EXIT_OK, EXIT_FAILED, EXIT_USAGE = 0, 1, 2

EXIT_CODES = "Exit codes: 0 all is well; 1 problems were found, or the proxy could not do its work; 2 wrong usage."

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

DEFAULT_CONFIG = Path("zoneproxy.yaml")
ConfigOption = Annotated[Path, typer.Option("--config", "-c", metavar="FILE", help="The configuration file.")]


def version() -> str:
    """The installed version."""
    try:
        return metadata.version("zoneproxy")
    except metadata.PackageNotFoundError:  # run from a checkout that was never installed
        return "0+unknown"


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"zoneproxy {version()}")  # noqa: T201 - the answer to the command
        raise typer.Exit(EXIT_OK)


@commands.callback()
def zoneproxy(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Take the options that stand before a command."""


@commands.command(epilog=EXIT_CODES)
def run(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Run the proxy until SIGTERM or SIGINT.

    It stops accepting then, lets requests in flight finish, and ends. SIGHUP reads the policies again: a policy with
    any problem is refused, each problem is logged, and the policy before stays in force. Certificates are read again
    by themselves when their files change. Logs go to stderr.
    """
    from zoneproxy.app.run import run as run_proxy

    raise typer.Exit(_reporting(lambda: run_proxy(config, version()), sys.stderr))


@commands.command(epilog=EXIT_CODES)
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
    raise typer.Exit(_reporting(lambda: _say(work()), sys.stdout))


def _say(text: str) -> int:
    print(text)  # noqa: T201
    return EXIT_OK


def _reporting(work: Callable[[], int], stream: TextIO) -> int:
    """The exit code of the work; if files are wrong, each problem on a line of ``stream``."""
    try:
        return work()
    except InvalidConfiguration as error:
        for problem in error.problems:
            print(problem, file=stream)
        count = len(error.problems)
        print(f"{count} problem{'s' if count != 1 else ''}", file=sys.stderr)  # noqa: T201
        return EXIT_FAILED


def main() -> None:
    """Entry point of the ``zoneproxy`` command."""
    commands()
