"""``zoneproxy scan``."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zoneproxy.commands.common import DEFAULT_CONFIG, EXIT_FAILED, EXIT_OK, Format, FormatOption, reporting, say
from zoneproxy.config.expected import did_you_mean

if TYPE_CHECKING:
    from zoneproxy.app.scanning.report import Report
    from zoneproxy.app.scanning.search import Scans

SCAN_EXIT_CODES = "Exit codes: 0 nothing was found; 1 something was, or could not be read; 2 wrong usage."


def scan(
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE|FOLDER]...", help="What to look through; `-` is standard input."),
    ] = None,
    topic: Annotated[
        str | None, typer.Option("--topic", metavar="NAME", help="A topic, by the name it has on the upstream.")
    ] = None,
    upstream: Annotated[
        str | None, typer.Option("--upstream", metavar="NAME", help="Where it is: an upstream of the configuration.")
    ] = None,
    config: Annotated[
        Path, typer.Option("--config", "-c", metavar="FILE", help="The configuration that names the upstream.")
    ] = DEFAULT_CONFIG,
    policies: Annotated[
        Path | None,
        typer.Option("--policies", metavar="DIR", help="Take the detectors and allow-lists of these policies as well."),
    ] = None,
    types: Annotated[str, typer.Option("--types", metavar="TYPE,...", help="Look for these types or packs only.")] = "",
    confidence: Annotated[
        float, typer.Option("--confidence", min=0.0, max=1.0, help="Tell findings of at least this confidence.")
    ] = 0.5,
    deep: Annotated[bool, typer.Option("--deep", help="See through encodings and compression; slower.")] = False,
    examples: Annotated[int, typer.Option("--examples", min=0, help="How many places of each type are told.")] = 3,
    form: FormatOption = Format.TEXT,
) -> None:
    """Look through data at rest: files and folders, log segments of Kafka (*.log), or a topic.

    What is found is told by type and place (file:line:column, or topic-partition@offset), never by value; with
    `--format json` each finding by itself. The exit code is 1 if anything is found, so that a pipeline can stop there.

    zoneproxy scan exports/ --types pci,secrets

    zoneproxy scan --topic payments.orders --upstream payments-kafka -c zoneproxy.yaml
    """
    from zoneproxy.app.scanning.report import Report

    if bool(paths) == (topic is not None):
        raise typer.BadParameter("give either files and folders, or --topic")
    if (topic is None) != (upstream is None):
        raise typer.BadParameter("--topic and --upstream go together")
    report = Report(examples, listed=form is Format.JSON)

    def work() -> int:
        scanner = _scanner(types, policies, deep)
        if topic is not None and upstream is not None:
            _topic(topic, upstream, config, scanner, confidence, report)
        else:
            _files(paths or [], scanner, confidence, report)
        return _tell(report, form)

    raise typer.Exit(reporting(work, sys.stderr))


def _scanner(types: str, policies: Path | None, deep: bool) -> Scans:
    from zoneproxy.app.scanning.run import UnknownType, scanner_for

    try:
        return scanner_for([name.strip() for name in types.split(",") if name.strip()], policies, deep)
    except UnknownType as error:
        message = f"there is no type or pack `{error.name}` ({did_you_mean(error.name, error.known)})"
        raise typer.BadParameter(message, param_hint="--types") from None


def _files(paths: list[str], scanner: Scans, confidence: float, report: Report) -> None:
    from zoneproxy.app.scanning.run import scan_files
    from zoneproxy.commands.scanned import Bar

    with Bar() as bar:
        scan_files(paths, scanner, confidence, report, bar.at)


def _topic(topic: str, upstream: str, config: Path, scanner: Scans, confidence: float, report: Report) -> None:
    from zoneproxy.app.load import load_all
    from zoneproxy.app.scanning.run import scan_topic
    from zoneproxy.commands.scanned import Bar

    loaded = load_all(config).config
    if upstream not in loaded.upstreams:
        message = f"there is no upstream `{upstream}` ({did_you_mean(upstream, loaded.upstreams)})"
        raise typer.BadParameter(message, param_hint="--upstream")
    with Bar() as bar:
        asyncio.run(scan_topic(topic, upstream, loaded, scanner, confidence, report, bar.at))


def _tell(report: Report, form: Format) -> int:
    from zoneproxy.commands.scanned import as_json, as_text, printable

    say(as_json(report) if form is Format.JSON else as_text(report))
    for problem in report.problems:
        print(printable(problem), file=sys.stderr)  # noqa: T201
    return EXIT_FAILED if report.types or report.problems else EXIT_OK
