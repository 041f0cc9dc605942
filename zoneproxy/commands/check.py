"""``zoneproxy check``."""

from __future__ import annotations

import sys
import time
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zoneproxy.commands.common import (
    DEFAULT_CONFIG,
    EXIT_FAILED,
    EXIT_OK,
    Format,
    FormatOption,
    json_text,
    reporting,
    say,
)
from zoneproxy.commands.times import told
from zoneproxy.errors import InvalidConfiguration
from zoneproxy.policy.lint.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    from zoneproxy.app.check import Report
    from zoneproxy.policy.lint.finding import Finding


def check(
    policies: Annotated[
        Path | None,
        typer.Argument(metavar="[POLICY_DIR]", help="Check only the policy files of this directory."),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option("--config", "-c", metavar="FILE", help=f"The configuration file. [default: {DEFAULT_CONFIG}]"),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings fail the check, too.")] = False,
    notes: Annotated[bool, typer.Option("--notes", help="List notes as well: worth knowing, never wrong.")] = False,
    form: FormatOption = Format.TEXT,
) -> None:
    """Say everything that is wrong with a configuration and its policies, and what looks wrong.

    Each problem is a line of its own, file:line:column: what is wrong (what would be right). Checked are the
    configuration file, every policy file, keys and certificates, and that all of them fit together. Nothing is
    started and nothing is connected to.

    Policies that can be used are then looked over for what is hardly ever meant: roles that nobody has, rules that
    change nothing, flows that nothing uses, secrets in the files. Each finding has a code, ZP001 and so on, and a
    comment in the file can say that it is meant: `# zoneproxy: allow ZP005 because somebody has to`.
    """
    from zoneproxy.app.check import check_all, check_policies

    if policies is not None and config is not None:
        raise typer.BadParameter("give either a POLICY_DIR or --config, not both")
    now = time.time()
    work = partial(check_policies, policies, now) if policies else partial(check_all, config or DEFAULT_CONFIG, now)
    answer = _as_json if form is Format.JSON else partial(_as_text, notes=notes)
    raise typer.Exit(answer(work, fails_at=Severity.WARNING if strict else Severity.ERROR))


def _as_text(work: Callable[[], Report], *, fails_at: Severity, notes: bool) -> int:
    def tell() -> int:
        report = work()
        _banner(report)
        for finding in report.findings:
            if notes or finding.severity > Severity.NOTE:
                say(str(finding))
        failed = _fails(report.findings, fails_at)
        say(f"{report.checked}: {'not ok' if failed else 'ok'}: {_counts(report)}; policy digest {report.digest}")
        say(_tally(report.findings, hidden=not notes))
        return EXIT_FAILED if failed else EXIT_OK

    return reporting(tell, sys.stdout)


def _banner(report: Report) -> None:
    """Nobody is to overlook that somebody has more rights than anybody approved."""
    if not report.broken_glass:
        return
    line = "!" * 80
    say(line)
    for grant in report.broken_glass:
        say(f"!! BREAK GLASS: {grant.holder} has the role `{grant.role}` until {told(grant.until)}: {grant.reason}")
    say(line)


def _as_json(work: Callable[[], Report], *, fails_at: Severity) -> int:
    try:
        report = work()
    except InvalidConfiguration as error:
        say(json_text({"ok": False, "problems": error.problems, "findings": []}))
        return EXIT_FAILED
    failed = _fails(report.findings, fails_at)
    findings = [{"severity": each.severity.name.lower(), **asdict(each)} for each in report.findings]
    glass = [
        {"holder": each.holder, "role": each.role, "until": told(each.until), "reason": each.reason}
        for each in report.broken_glass
    ]
    answer = {"break_glass": glass, "checked": report.checked, "digest": report.digest, "counts": report.counts}
    say(json_text({"ok": not failed, "problems": [], "findings": findings, **answer}))
    return EXIT_FAILED if failed else EXIT_OK


def _fails(findings: tuple[Finding, ...], fails_at: Severity) -> bool:
    return any(finding.severity >= fails_at for finding in findings)


def _counts(report: Report) -> str:
    return ", ".join(f"{count} {name}{'' if count == 1 else 's'}" for name, count in report.counts.items())


def _tally(findings: tuple[Finding, ...], *, hidden: bool) -> str:
    """How many findings there are of each severity, the worst first."""
    parts = []
    for severity in sorted(Severity, reverse=True):
        if count := sum(finding.severity is severity for finding in findings):
            name = severity.name.lower() + ("" if count == 1 else "s")
            parts.append(f"{count} {name}" + (" (--notes lists them)" if hidden and severity is Severity.NOTE else ""))
    return ", ".join(parts) or "nothing to complain about"
