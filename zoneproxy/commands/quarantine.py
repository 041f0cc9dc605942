"""``zoneproxy quarantine``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from zoneproxy.commands.common import EXIT_CODES, EXIT_OK, reporting, say

quarantine = typer.Typer(
    name="quarantine", help="Sealed copies of what was not let through: opened, where the key is.", no_args_is_help=True
)


@quarantine.callback(epilog=EXIT_CODES)
def _quarantine() -> None:
    """Sealed copies of what was not let through: opened, where the key is."""


@quarantine.command("open", epilog=EXIT_CODES)
def open_(
    key: Annotated[Path, typer.Option("--key", metavar="FILE", help="The private X25519 key (PEM) of the quarantine.")],
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="Values of records of a quarantine topic, one or more; default: stdin."),
    ] = None,
) -> None:
    """Print each record of sealed copies as a line of JSON, with why it was kept.

    The proxy cannot do this: it has the public key only. Do it where the data may be seen.
    """
    from zoneproxy.app.quarantine import opened
    from zoneproxy.errors import InvalidConfiguration, Problem

    def tell() -> int:
        try:
            data = sys.stdin.buffer.read() if file is None else file.read_bytes()
        except OSError as error:
            raise InvalidConfiguration([Problem(str(file), 0, 0, f"cannot be read: {error.strerror}")]) from None
        for record in opened(data, "stdin" if file is None else str(file), key):
            say(json.dumps(record, ensure_ascii=False))
        return EXIT_OK

    raise typer.Exit(reporting(tell, sys.stderr))
