"""Files or a topic looked through, from the first unit to the last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoneproxy.app.load import policies_in
from zoneproxy.app.scanning.files import files_in, size_of, units_in
from zoneproxy.app.scanning.search import search
from zoneproxy.app.scanning.topics import units_of_topic
from zoneproxy.detect.catalogue import NAMES, PACKS
from zoneproxy.detect.deep.scanner import DeepScanner
from zoneproxy.detect.scanner import Scanner
from zoneproxy.errors import ProtocolError
from zoneproxy.net.asking import UpstreamError
from zoneproxy.policy.definitions import NO_DEFINITIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from zoneproxy.app.scanning.report import Report
    from zoneproxy.app.scanning.search import Scans
    from zoneproxy.app.scanning.units import Unit
    from zoneproxy.config.model import Config


class UnknownType(Exception):
    """There is no such type or pack; ``known`` are those that there are."""

    def __init__(self, name: str, known: frozenset[str]) -> None:
        super().__init__(name)
        self.name = name
        self.known = known


def scanner_for(types: Sequence[str], policies: Path | None, deep: bool) -> Scans:
    """What looks for ``types`` and packs, all if there are none, with what the policies of a folder define.

    Raises UnknownType; InvalidConfiguration for policies that cannot be used.
    """
    definitions = NO_DEFINITIONS if policies is None else policies_in(policies, None).policy.definitions
    own = (name for each in definitions.detectors for name in (each.name, *each.packs))
    known = NAMES.union(own)
    for name in types:
        if name not in known:
            raise UnknownType(name, known)
    wanted = definitions.types_in(types or sorted(known), PACKS.items())
    about = definitions.about(wanted, PACKS.items())
    return DeepScanner.of(frozenset(wanted), about) if deep else Scanner.of(frozenset(wanted), about)


def scan_files(
    paths: Sequence[str], scanner: Scans, confidence: float, report: Report, told: Callable[[str, int, int], None]
) -> None:
    """Look through files; ``told`` hears of each: its name, the bytes that are done, and how many there are."""
    for path in _files(paths, report):
        try:
            total = size_of(path)
            for unit in units_in(path):
                _take(unit, scanner, confidence, report)
                told(path, unit.done, total)
        except (OSError, EOFError) as error:
            report.problems.append(f"{path}: {getattr(error, 'strerror', None) or 'cannot be unpacked'}")
        except ProtocolError as error:
            report.problems.append(f"{path}: no log segment that can be opened ({error.reason})")


def _files(paths: Sequence[str], report: Report) -> list[str]:
    try:
        return files_in(paths)
    except OSError as error:
        report.problems.append(f"{error.filename}: {error.strerror}")
        return []


async def scan_topic(
    topic: str,
    upstream: str,
    config: Config,
    scanner: Scans,
    confidence: float,
    report: Report,
    told: Callable[[str, int, int], None],
) -> None:
    """Look through a topic. Raises InvalidConfiguration."""
    try:
        async for unit in units_of_topic(topic, upstream, config, told):
            _take(unit, scanner, confidence, report)
    except (UpstreamError, ProtocolError) as error:
        report.problems.append(f"{topic}: {error.reason}")
    except TimeoutError:
        report.problems.append(f"{topic}: timeout")


def _take(unit: Unit, scanner: Scans, confidence: float, report: Report) -> None:
    report.add(list(search(unit, scanner, confidence)), sum(len(part.text) for part in unit.parts))
