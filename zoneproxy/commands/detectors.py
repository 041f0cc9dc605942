"""``zoneproxy detectors``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from zoneproxy.commands.common import Format, FormatOption, json_text, say

if TYPE_CHECKING:
    from zoneproxy.detect.detector import Confidence


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
    def of(type_: str, pack: str) -> Listed:
        """The detector of a type."""
        from zoneproxy.detect.catalogue import DETECTORS

        detector = DETECTORS[type_]
        sure: Confidence = detector.confidence
        needs = sure.valid == 0
        return Listed(
            type_,
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
    format_: FormatOption = Format.TEXT,
) -> None:
    """List what can be looked for: types of data, the packs they come in, and how sure a finding is.

    A policy names types or packs under `types`. The confidence of a finding is the first figure for what only looks
    right, the second if its check digits and rules are right, the third if a field name or a word near it says the
    same too. A type that needs a word is found next to one only.
    """
    from zoneproxy.detect.catalogue import PACKS

    if pack is not None and pack not in PACKS:
        raise typer.BadParameter(f"there is no pack `{pack}`; there are {', '.join(PACKS)}", param_hint="--pack")
    listed = [Listed.of(type_, name) for name, types in PACKS.items() if pack in (None, name) for type_ in types]
    if format_ is Format.JSON:
        raise typer.Exit(say(json_text([entry._asdict() for entry in listed])))
    raise typer.Exit(say("\n".join(table(listed))))


def table(listed: list[Listed]) -> list[str]:
    """The lines of a table."""
    lines = [f"{'TYPE':<20} {'PACK':<10} {'ALONE':>5} {'VALID':>5} {'NAMED':>5}  WORDS"]
    for entry in listed:
        figures = " ".join(f"{figure:>5g}" if figure else "    -" for figure in entry[2:5])
        words = ", ".join(entry.words[:5]) + (", ..." if len(entry.words) > 5 else "")
        lines.append(f"{entry.type:<20} {entry.pack:<10} {figures}  {'needs ' if entry.needs_a_word else ''}{words}")
    return lines
