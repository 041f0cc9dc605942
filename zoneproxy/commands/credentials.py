"""``zoneproxy credentials``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from zoneproxy.commands.common import DEFAULT_CONFIG, EXIT_CODES, EXIT_OK, ConfigOption, reporting, say

DEFAULT_ITERATIONS = 10_000  # as identity.sasl.credentials has it, which is not imported before it is needed

credentials = typer.Typer(
    name="credentials", help="Passwords of clients: who has one, set, taken away.", no_args_is_help=True
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The user.")]
FileOption = Annotated[
    Path | None,
    typer.Option("--file", "-f", metavar="FILE", help="The credentials file, instead of the configuration's."),
]


@credentials.command("set", epilog=EXIT_CODES)
def set_(
    name: Name,
    config: ConfigOption = DEFAULT_CONFIG,
    file: FileOption = None,
    iterations: Annotated[
        int, typer.Option(min=4096, max=1_000_000, help="Of PBKDF2: the work of each guess, and of each client.")
    ] = DEFAULT_ITERATIONS,
) -> None:
    """Give a user a password, which is asked for twice and never shown; from a pipe, its first line is taken.

    What is written are salted verifiers for SCRAM-SHA-256 and SCRAM-SHA-512, which PLAIN is checked against as well. A
    running proxy takes them over within seconds; sessions that are open stay.
    """
    from zoneproxy.app.credentials import set_password

    raise typer.Exit(reporting(lambda: say(set_password(_file(config, file), name, _password, iterations)), sys.stderr))


@credentials.command(epilog=EXIT_CODES)
def remove(name: Name, config: ConfigOption = DEFAULT_CONFIG, file: FileOption = None) -> None:
    """Take a user's password away. Sessions that are open stay, until they have to authenticate again."""
    from zoneproxy.app.credentials import remove as remove_user

    raise typer.Exit(reporting(lambda: say(remove_user(_file(config, file), name)), sys.stderr))


@credentials.command("list", epilog=EXIT_CODES)
def list_(config: ConfigOption = DEFAULT_CONFIG, file: FileOption = None) -> None:
    """List who has a password."""
    from zoneproxy.app.credentials import users

    def tell() -> int:
        for user, mechanisms in users(_file(config, file)).items():
            say(f"{user}: {', '.join(mechanisms)}")
        return EXIT_OK

    raise typer.Exit(reporting(tell, sys.stderr))


def _file(config: Path, file: Path | None) -> Path:
    from zoneproxy.app.credentials import credentials_file

    return file or credentials_file(config)


def _password() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")
