"""How ``zoneproxy scan`` says what it has found, and how far it is."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from zoneproxy.commands.common import json_text

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import TaskID

    from zoneproxy.app.scanning.report import Report

_WIDTH = 60  # of what is being read, in front of the bar


class Bar:
    """A progress bar on standard error, if that is a terminal; nothing otherwise."""

    def __init__(self) -> None:
        columns = TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %")
        console = Console(stderr=True, markup=False, emoji=False)
        hidden = not sys.stderr.isatty()
        self._bar = Progress(*columns, TimeRemainingColumn(), console=console, transient=True, disable=hidden)
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        self._bar.stop()

    def at(self, what: str, done: int, total: int) -> None:
        """Something that is read: so much of it is done."""
        if what not in self._tasks:
            for task in self._tasks.values():
                self._bar.update(task, visible=False)
            self._tasks = {what: self._bar.add_task(printable(what)[-_WIDTH:], total=total or None)}
        self._bar.update(self._tasks[what], completed=done)


def as_json(report: Report) -> str:
    """Everything, for programs."""
    return json_text(
        {
            "findings": [found._asdict() for found in report.listed],
            "types": {name: asdict(of_type) for name, of_type in sorted(report.types.items())},
            "total": report.findings,
            "looked_through": {"units": report.units, "bytes": report.bytes},
            "problems": report.problems,
        }
    )


def as_text(report: Report) -> str:
    """A table, for people."""
    looked = f"{report.bytes:,} bytes of {report.units:,} records, lines or documents"
    if not report.types:
        return f"nothing was found in {looked}"
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title, justify in (("TYPE", "left"), ("FOUND", "right"), ("IN", "right"), ("SURE", "right")):
        table.add_column(title, justify="right" if justify == "right" else "left", no_wrap=True)
    table.add_column("WHERE")
    table.add_column("FOR INSTANCE", overflow="fold")
    for name, each in sorted(report.types.items(), key=lambda item: -item[1].count):
        places = ", ".join(sorted(each.places))
        first = "\n".join(map(printable, each.first))
        table.add_row(name, f"{each.count:,}", f"{each.units:,}", f"{each.highest:g}", places, first)
    # Names of files are no markup, and :100: is no picture.
    console = Console(width=_console_width(), highlight=False, markup=False, emoji=False)
    with console.capture() as captured:
        console.print(table)
    lines = [line.rstrip() for line in captured.get().splitlines()]
    return "\n".join((*lines, "", f"{report.findings:,} findings in {looked}"))


def _console_width() -> int:
    """Wide enough for places where nobody looks at a terminal."""
    return Console().width if sys.stdout.isatty() else 160


def printable(text: str) -> str:
    """A file's name can hold anything."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)
