"""docs/detection.md lists the catalogue as it is."""

from __future__ import annotations

from pathlib import Path

from zoneproxy.detect.catalogue import DETECTORS, PACKS

DOCUMENT = Path(__file__).parents[2] / "docs" / "detection.md"


def _figure(figure: float) -> str:
    return f"{figure:g}" if figure else ""


def test_the_catalogue_is_as_documented() -> None:
    rows = [line for line in DOCUMENT.read_text().splitlines() if line.startswith("| ") and line.count("|") == 6]
    told = [tuple(cell.strip() for cell in row.strip("|").split("|")) for row in rows]
    of = {type_: DETECTORS[type_].confidence for type_ in DETECTORS}
    for pack, types in PACKS.items():
        for type_ in types:
            sure = of[type_]
            assert (type_, pack, _figure(sure.alone), _figure(sure.valid), _figure(sure.valid_in_context)) in told
