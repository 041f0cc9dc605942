from __future__ import annotations

import dataclasses

import pytest

from zoneproxy.boundary.crossing import Crossing


def test_a_crossing_is_a_value() -> None:
    one = Crossing("fetch", "t", 0, "a", "b", "alice")
    assert one == dataclasses.replace(one)
    assert hash(one) == hash(dataclasses.replace(one))
    assert not one.observe
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.topic = "u"  # type: ignore[misc]


def test_its_mode_is_for_facts() -> None:
    assert Crossing("fetch", "t", 0).mode == "enforced"
    assert Crossing("fetch", "t", 0, observe=True).mode == "observed"
