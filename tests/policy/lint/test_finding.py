from __future__ import annotations

import re

import pytest

from zoneproxy.policy.lint.finding import CODES, Finding, Severity


def test_a_finding_reads_as_place_code_severity_message_hint() -> None:
    finding = Finding("ZP001", "a.yaml", 3, 5, "nobody has the role `r`", "remove it")
    assert str(finding) == "a.yaml:3:5: ZP001 warning: nobody has the role `r` (remove it)"
    assert finding.severity is Severity.WARNING
    assert str(Finding("ZP010", "a.yaml", 0, 0, "m", "h")) == "a.yaml: ZP010 error: m (h)"


@pytest.mark.parametrize("code", CODES)
def test_codes_are_numbered_without_a_gap(code: str) -> None:
    assert re.fullmatch(r"ZP\d{3}", code)
    assert list(CODES).index(code) + 1 == int(code[2:])


def test_a_secret_fails_every_check_and_an_open_host_none() -> None:
    assert Finding("ZP010", "a", 1, 1, "", "").severity is Severity.ERROR
    assert Finding("ZP014", "a", 1, 1, "", "").severity is Severity.NOTE
