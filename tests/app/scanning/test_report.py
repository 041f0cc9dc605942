from __future__ import annotations

import pytest

from zoneproxy.app.scanning import report as module
from zoneproxy.app.scanning.report import Report
from zoneproxy.app.scanning.search import Found


def one(type_: str = "EMAIL", where: str = "f:1:1", place: str = "value", confidence: float = 0.9) -> Found:
    return Found(type_, confidence, where, place, 0, 1)


def test_findings_are_counted_by_type() -> None:
    report = Report(examples=2)
    report.add([], 10)
    report.add([one(), one(where="f:1:9", confidence=1.0), one("IBAN", place="key")], 20)
    report.add([one(where="f:2:1", place="key")], 30)
    assert (report.units, report.bytes, report.findings, report.listed) == (3, 60, 4, [])
    email = report.types["EMAIL"]
    assert (email.count, email.units, email.highest) == (3, 2, 1.0)
    assert email.places == {"value": 2, "key": 1}
    assert email.first == ["f:1:1", "f:1:9"]


def test_so_many_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_LISTED", 3)
    report = Report(listed=True)
    for _ in range(3):
        report.add([one(), one()], 1)
    assert len(report.listed) == 3
    assert report.findings == 6
