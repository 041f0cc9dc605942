from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from zoneproxy.app.check import check_all, check_policies
from zoneproxy.errors import InvalidConfiguration

if TYPE_CHECKING:
    from tests.app.conftest import Installation


def test_what_was_found_good_is_said_in_one_line(installation: Installation) -> None:
    line = check_all(installation.config)
    assert line.startswith(
        f"{installation.config}: ok: 1 listener, 1 upstream, 1 zone, 1 principal, 1 role, 1 flow; policy digest "
    )


def test_policies_can_be_checked_alone(installation: Installation) -> None:
    directory = installation.policy.parent
    assert check_policies(directory).startswith(f"{directory}: ok: 1 zone, 1 principal, 1 role, 1 flow; policy digest")


def test_both_raise_what_is_wrong(installation: Installation) -> None:
    installation.edit(installation.policy, "level: restricted", "level: none")
    for wrong in (lambda: check_all(installation.config), lambda: check_policies(installation.policy.parent)):
        with pytest.raises(InvalidConfiguration):
            wrong()
