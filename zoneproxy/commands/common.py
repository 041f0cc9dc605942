"""What commands share: exit codes, options, and how the problems of files are told."""

from __future__ import annotations

import dataclasses
import json
import sys
from enum import Enum
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from zoneproxy.errors import InvalidConfiguration
from zoneproxy.wire import varint

if TYPE_CHECKING:
    from collections.abc import Callable

EXIT_OK, EXIT_FAILED, EXIT_USAGE = 0, 1, 2

EXIT_CODES = "Exit codes: 0 all is well; 1 problems were found, or the proxy could not do its work; 2 wrong usage."

DEFAULT_CONFIG = Path("zoneproxy.yaml")
ConfigOption = Annotated[Path, typer.Option("--config", "-c", metavar="FILE", help="The configuration file.")]


class Format(Enum):
    """How an answer is written."""

    TEXT = "text"
    JSON = "json"


FormatOption = Annotated[Format, typer.Option("--format", help="How to write the answer: for people or for programs.")]


def version() -> str:
    """The installed version."""
    try:
        return metadata.version("zoneproxy")
    except metadata.PackageNotFoundError:  # run from a checkout that was never installed
        return "0+unknown"


def build() -> str:
    """Whether the inner loops are extension modules (see setup.py); both do the same."""
    return "pure Python" if (varint.__file__ or "").endswith(".py") else "compiled"


def say(text: str) -> int:
    """Print what a command was asked for; the exit code of a command that has nothing else to do."""
    print(text)  # noqa: T201
    return EXIT_OK


def json_text(value: object) -> str:
    """A value as JSON; our own plain values (dataclasses, enumerations, sets) as well."""

    def plain(inner: object) -> object:
        if dataclasses.is_dataclass(inner) and not isinstance(inner, type):
            return {field.name: getattr(inner, field.name) for field in dataclasses.fields(inner)}
        if isinstance(inner, Enum):
            return inner.value
        if isinstance(inner, set | frozenset):
            return sorted(inner)
        raise TypeError(type(inner).__name__)

    return json.dumps(value, default=plain, indent=2, ensure_ascii=False)


def reporting(work: Callable[[], int], stream: TextIO, failed: int = EXIT_FAILED) -> int:
    """The exit code of the work; if files are wrong ``failed``, and each problem on a line of ``stream``."""
    try:
        return work()
    except InvalidConfiguration as error:
        for problem in error.problems:
            print(problem, file=stream)
        count = len(error.problems)
        print(f"{count} problem{'s' if count != 1 else ''}", file=sys.stderr)  # noqa: T201
        return failed
