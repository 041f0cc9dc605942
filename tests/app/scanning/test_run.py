from __future__ import annotations

import asyncio
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from tests.app.scanning.kit import CARD_LINE, SCANNER, batch, record
from tests.detect.samples import CARD
from zoneproxy.app.scanning import run as module
from zoneproxy.app.scanning.report import Report
from zoneproxy.app.scanning.run import UnknownType, scan_files, scan_topic, scanner_for
from zoneproxy.app.scanning.units import Part, Unit
from zoneproxy.errors import ProtocolError
from zoneproxy.net.asking import UpstreamError

POLICY = """
zones:
  a: {level: internal, owner: o, upstream: u}
detectors:
  - {name: BADGE, pattern: "EMP-[0-9]{6}", packs: [staff]}
allow_lists:
  - {name: test cards, types: [pci], values: ["CARD"], reason: published}
""".replace("CARD", CARD)


def files(*paths: Path) -> tuple[Report, list[tuple[str, int, int]]]:
    report, told = Report(), []
    scan_files([str(path) for path in paths], SCANNER, 0.5, report, lambda *how_far: told.append(how_far))
    return report, told


def test_files_are_looked_through_and_how_far_is_told(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(CARD_LINE)
    (tmp_path / "b").write_bytes(b"nothing")
    report, told = files(tmp_path)
    assert (report.findings, report.units, report.problems) == (1, 2, [])
    assert told == [(str(tmp_path / "a"), len(CARD_LINE), len(CARD_LINE)), (str(tmp_path / "b"), 7, 7)]


def test_what_cannot_be_read_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "00.log").write_bytes(batch(record(b"x"))[:-1] + b"\x01" + b"\x00" * 11 + b"\x00" * 4 + b"\x09" * 60)
    (tmp_path / "cut.gz").write_bytes(b"\x1f\x8b\x08\x00")
    (tmp_path / "good").write_bytes(CARD_LINE)
    report, _ = files(tmp_path)
    assert report.findings == 1
    assert [problem.partition(": ")[0] for problem in report.problems] == [
        str(tmp_path / "00.log"),
        str(tmp_path / "cut.gz"),
    ]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    report, _ = files(tmp_path / "missing")
    assert report.problems == [f"{tmp_path / 'missing'}: No such file or directory"]


def test_all_types_or_some_or_packs() -> None:
    text = f"card {CARD} for jane@sample.org".encode()
    assert {finding.type for finding in scanner_for([], None, False).scan(text)} >= {"PAYMENT_CARD", "EMAIL"}
    assert {finding.type for finding in scanner_for(["pci"], None, False).scan(text)} == {"PAYMENT_CARD"}
    with pytest.raises(UnknownType) as caught:
        scanner_for(["EMAILS"], None, False)
    assert caught.value.name == "EMAILS"
    assert "EMAIL" in caught.value.known


def test_deep_sees_more() -> None:
    encoded = b64encode(f"card {CARD}".encode())
    assert scanner_for(["PAYMENT_CARD"], None, False).scan(encoded) == []
    assert [finding.type for finding in scanner_for(["PAYMENT_CARD"], None, True).scan(encoded)] == ["PAYMENT_CARD"]


def test_what_a_policy_defines_counts(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(POLICY)
    text = f"card {CARD} of EMP-123456".encode()
    assert [finding.type for finding in scanner_for(["pci", "staff"], tmp_path, False).scan(text)] == ["BADGE"]
    assert [finding.type for finding in scanner_for(["BADGE"], tmp_path, False).scan(text)] == ["BADGE"]


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (None, []),
        (UpstreamError("no_topic"), ["t: no_topic"]),
        (ProtocolError("crc"), ["t: crc"]),
        (TimeoutError(), ["t: timeout"]),
    ],
)
def test_a_topic_is_looked_through(
    monkeypatch: pytest.MonkeyPatch, error: Exception | None, problem: list[str]
) -> None:
    async def units(*_: Any) -> Any:
        yield Unit(lambda *_: "t-0@7", [Part("value", CARD_LINE)], 1)
        if error:
            raise error

    monkeypatch.setattr(module, "units_of_topic", units)
    report = Report()
    asyncio.run(scan_topic("t", "u", None, SCANNER, 0.5, report, lambda *_: None))  # type: ignore[arg-type]
    assert report.findings == 1
    assert report.problems == problem
