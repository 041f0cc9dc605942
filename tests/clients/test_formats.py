"""Values are read and written in the format that the policy says they are, before they are stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.clients.drivers import Confluent
from tests.clients.test_guard import POLICY_VIOLATION, outcomes
from tests.formats.samples import CLEAN_IN, HIDDEN_IN

if TYPE_CHECKING:
    from tests.clients.admin import Direct
    from tests.clients.reach import Reach


@pytest.mark.parametrize("name", HIDDEN_IN)
def test_what_a_format_holds_is_covered_before_it_is_stored(name: str, clerk: Reach, direct: Direct) -> None:
    topic = direct.topic(f"guarded.formats.{name}.")
    dirty, covered = HIDDEN_IN[name]

    Confluent.produce(clerk, topic, [(b"k", CLEAN_IN[name]), (b"k", dirty), (b"k", None)], "zstd")

    assert direct.values(topic) == [CLEAN_IN[name], covered, None]
    assert Confluent.consume(clerk, topic, 3) == [(b"k", CLEAN_IN[name]), (b"k", covered), (b"k", None)]


@pytest.mark.parametrize("name", sorted(set(HIDDEN_IN) - {"auto", "csv"}))
def test_what_is_none_of_its_format_is_refused(name: str, clerk: Reach, direct: Direct) -> None:
    topic = direct.topic(f"guarded.formats.{name}.")

    assert outcomes(clerk, topic, [b"\x01 none"]) == [-POLICY_VIOLATION]

    assert direct.stored(topic) == []
