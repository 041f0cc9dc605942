"""``zoneproxy detectors``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from zoneproxy.commands.common import Format, FormatOption, json_text, reporting, say

if TYPE_CHECKING:
    from zoneproxy.detect.detector import Detector


class Listed(NamedTuple):
    """A detector, as it is told. ``words`` speak for a hit, ``against`` against it."""

    type: str
    pack: str
    alone: float
    valid: float
    in_context: float
    needs_a_word: bool
    words: list[str]
    against: list[str]

    @staticmethod
    def of(detector: Detector, pack: str) -> Listed:
        """A detector of a pack."""
        sure = detector.confidence
        needs = sure.valid == 0
        return Listed(
            detector.type,
            pack,
            sure.alone,
            sure.valid,
            sure.valid_in_context,
            needs,
            sorted(detector.words),
            sorted(detector.against),
        )


def detectors(
    pack: Annotated[str | None, typer.Option("--pack", help="Only those of this pack.")] = None,
    policies: Annotated[
        Path | None, typer.Option("--policies", metavar="DIR", help="List the detectors of these policies as well.")
    ] = None,
    format_: FormatOption = Format.TEXT,
) -> None:
    """List what can be looked for: types of data, the packs they come in, and how sure a finding is.

    A policy names types or packs under `types`. The confidence of a finding is the first figure for what only looks
    right, the second if its check digits and rules are right, the third if a field name or a word near it says the
    same too. A type that needs a word is found next to one only.
    """

    def tell() -> int:
        listed = everything(policies)
        packs = list(dict.fromkeys(entry.pack for entry in listed))
        if pack is not None and pack not in packs:
            raise typer.BadParameter(f"there is no pack `{pack}`; there are {', '.join(packs)}", param_hint="--pack")
        listed = [entry for entry in listed if pack in (None, entry.pack)]
        return say(
            json_text([entry._asdict() for entry in listed]) if format_ is Format.JSON else "\n".join(table(listed))
        )

    raise typer.Exit(reporting(tell, sys.stderr))


def everything(policies: Path | None) -> list[Listed]:
    """The catalogue, and what policies define; those without a pack are in none. Raises InvalidConfiguration."""
    from zoneproxy.app.load import policies_in
    from zoneproxy.detect.catalogue import DETECTORS, PACKS
    from zoneproxy.detect.custom import detector_of

    listed = [Listed.of(DETECTORS[type_], name) for name, types in PACKS.items() for type_ in types]
    if policies is not None:
        for custom in policies_in(policies, None).policy.definitions.detectors:
            listed += [Listed.of(detector_of(custom), name) for name in custom.packs or ("-",)]
    return listed


def table(listed: list[Listed]) -> list[str]:
    """The lines of a table."""
    lines = [f"{'TYPE':<20} {'PACK':<10} {'ALONE':>5} {'VALID':>5} {'NAMED':>5}  WORDS"]
    for entry in listed:
        figures = " ".join(f"{figure:>5g}" if figure else "    -" for figure in entry[2:5])
        words = ", ".join(entry.words[:5]) + (", ..." if len(entry.words) > 5 else "")
        lines.append(f"{entry.type:<20} {entry.pack:<10} {figures}  {'needs ' if entry.needs_a_word else ''}{words}")
    return lines
