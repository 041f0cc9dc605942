"""What came out, as a table for people and as Markdown for docs/performance.md."""

from __future__ import annotations

import os
import platform
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from tools.compiled import modules
from tools.compiled_proof import not_compiled


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: what, over what range in all rounds, and the bar it is held against."""

    what: str
    unit: str
    median: float
    low: float
    high: float
    bar: str = ""
    met: bool | None = None  # None: there is no bar
    scaled: float | None = None  # the median on a machine where the bare relay costs what the bars assume

    @property
    def cells(self) -> tuple[str, ...]:
        """As text."""
        verdict = {None: "", True: "met", False: "MISSED"}[self.met]
        return (
            self.what,
            figure(self.median),
            f"{figure(self.low)} - {figure(self.high)}",
            self.unit,
            "" if self.scaled is None else figure(self.scaled),
            self.bar,
            verdict,
        )


HEAD = ("what", "median", "low - high", "unit", "scaled", "bar", "")


def figure(value: float) -> str:
    """Three significant digits, never in scientific notation."""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def console() -> Console:
    """Where tables are shown: as wide as the terminal, or as they are if they go to a file."""
    return Console(soft_wrap=True, width=None if sys.stdout.isatty() else _WIDE)


_WIDE = 160


def terminal_table(rows: list[Row]) -> Table:
    """For rich."""
    table = Table(show_edge=False)
    for name in HEAD:
        table.add_column(name, justify="right" if name in ("median", "low - high", "scaled") else "left", no_wrap=True)
    for row in rows:
        table.add_row(*row.cells, style="red" if row.met is False else None)
    return table


INTRODUCTION = """\
# Performance

What zoneproxy costs, against a direct connection to the same broker and a bare relay in the same run: `make bench`.
Written by `make bench ARGS="--markdown docs/performance.md"`, with `COMPILED=1` for the compiled build.

CPU time of the proxy process is the figure to compare: it does not move when client or broker take the other cores.
Throughput and latency do, so they are given as a share of, or on top of, the direct run of the same round. GB and MB
are 10^9 and 10^6 bytes of record values, uncompressed. Plaintext on both sides; TLS comes on top. Median, lowest and
highest over the rounds.

How much CPU time the same work takes differs between machines by a factor of three, most of it the kernel's. So each
run also measures a relay of 60 lines of Python that forwards bytes and understands nothing: the floor for a proxy of
this kind. The bars were set on a machine where that floor is 0.41 s/GB on produce, 0.53 s/GB on consume and 26 us for
a small request; *scaled* is the median at that machine's speed, and is what a bar of CPU time is held against.

Looking through records is no kernel's work: it is bound by RE2, which on virtual cores does half as much while the
neighbour is busy. So beside each case with detectors one plain pattern is measured, all cores busy (704 MB/s on the
machine of the bars), and what a case costs on top of *authorisation only* is scaled by that.
"""


BUILDS = ("pure Python", "compiled")


def build() -> str:
    """Which of BUILDS this process would run."""
    return BUILDS[not not_compiled(modules())]


def write(file: Path, introduction: str, rows: list[Row], machine: list[tuple[str, str]]) -> None:
    """The machine and the figures into the document, in the section of the build that ran; the other one stays."""
    made = build()
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    sections = {name: _section(before, name) for name in BUILDS} | {made: _tables(rows, machine)}
    written = [f"\n{_heading(name)}\n{text}" for name, text in sections.items() if text]
    file.write_text(introduction + "".join(written), encoding="utf-8")


def _heading(name: str) -> str:
    return f"## {name[0].upper()}{name[1:]}\n"


def _section(document: str, name: str) -> str:
    """What stands under the heading of a build."""
    _, _, behind = document.partition(f"\n{_heading(name)}\n")
    return behind.split("\n## ")[0]


def _tables(rows: list[Row], machine: list[tuple[str, str]]) -> str:
    lines = ["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in machine), ""]
    lines += ["| " + " | ".join(HEAD) + " |", "|---|---:|---:|---|---:|---|---|"]
    lines += ["| " + " | ".join(row.cells) + " |" for row in rows]
    return "\n".join(lines) + "\n"


DETECTION = """\
# Performance of detection

How fast records are looked through and redacted on one core, with all detectors: `make bench-detect`, which measures
the compiled build (`docs/configuration.md` says how to install that); with `COMPILED=0` it measures pure Python. The
bars are for the compiled build. `ARGS="--markdown docs/performance-detection.md"` writes the figures here.

Records are JSON of 525 bytes in batches of 500, in which every record has ids, times and numbers, one of fourteen a
reference of sixteen digits, and one of fifty a decimal of full length; none of these is to be found. *End to end* is a
batch in, a decision, a batch out: nothing is parsed where stage 1 finds nothing; where there is something to be found,
it is masked. MB are 10^6 bytes of record values, uncompressed. Median, lowest and highest over the rounds.

The first two rows are fixed work that says how fast the machine is; their *scaled* figures are those of the machine
that the bars were set on. All other scaled figures are medians at that machine's speed, and are what a bar is held
against.
"""


def machine_shape(more: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What the figures were taken on."""
    memory = psutil.virtual_memory().total / 1024**3
    return [
        ("processor", f"{_processor()}, {os.cpu_count()} virtual cores, shared by client, proxy and broker"),
        ("memory", f"{memory:.0f} GiB"),
        ("system", f"{platform.system()} {platform.release()}"),
        ("Python", f"{platform.python_implementation()} {platform.python_version()}"),
        ("build", build()),
        *more,
    ]


def _processor() -> str:
    with Path("/proc/cpuinfo").open() as lines:
        found = re.search(r"^model name\s*:\s*(.+)$", lines.read(), re.MULTILINE)
    return found[1].strip() if found else platform.machine()
