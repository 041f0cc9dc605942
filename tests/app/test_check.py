from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from zoneproxy.app.check import check_all, check_policies
from zoneproxy.errors import InvalidConfiguration

if TYPE_CHECKING:
    from tests.app.conftest import Installation

NOW = 1_800_000_000.0
ENTRIES = {"zone": 1, "principal": 1, "role": 1, "flow": 1}


def test_what_is_there_is_counted(installation: Installation) -> None:
    report = check_all(installation.config, NOW)
    assert report.checked == str(installation.config)
    assert report.counts == {"listener": 1, "upstream": 1, **ENTRIES}
    assert len(report.digest) == 64


def test_policies_can_be_checked_alone(installation: Installation) -> None:
    report = check_policies(installation.policy.parent, NOW)
    assert report.checked == str(installation.policy.parent)
    assert report.counts == ENTRIES
    assert report.digest == check_all(installation.config, NOW).digest


def test_both_ways_the_linter_looks_over_the_files(installation: Installation) -> None:
    text = installation.policy.read_text()
    assert "roles:\n" in text
    installation.edit(installation.policy, "roles:\n", "roles:\n  of-nobody: [{allow: [read], topic: t}]\n")
    for report in (check_all(installation.config, NOW), check_policies(installation.policy.parent, NOW)):
        (found,) = [finding for finding in report.findings if finding.code == "ZP001"]
        assert found.file == str(installation.policy)
        assert "of-nobody" in installation.policy.read_text().splitlines()[found.line - 1]


def test_both_raise_what_is_wrong(installation: Installation) -> None:
    installation.edit(installation.policy, "level: restricted", "level: none")
    for wrong in (
        lambda: check_all(installation.config, NOW),
        lambda: check_policies(installation.policy.parent, NOW),
    ):
        with pytest.raises(InvalidConfiguration):
            wrong()


def test_groups_and_grants_are_counted_where_there_are_any(installation: Installation) -> None:
    glass = "from: 2027-01-15T00:00:00Z, until: 2027-01-15T12:00:00Z, reason: fire, break_glass: true"
    more = f"groups:\n  g: {{}}\ngrants:\n  - {{principal: alice, role: user, {glass}}}\n"
    installation.policy.write_text(installation.policy.read_text() + more)
    report = check_policies(installation.policy.parent, NOW)
    assert report.counts == {**ENTRIES, "group": 1, "grant": 1}
    assert [grant.holder for grant in report.broken_glass] == ["alice"]
    assert check_policies(installation.policy.parent, NOW + 86_400).broken_glass == ()
