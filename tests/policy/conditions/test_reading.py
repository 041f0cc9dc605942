from __future__ import annotations

import pytest

from zoneproxy.policy.conditions.reading import MAX_DEPTH, MAX_PARTS, Reading
from zoneproxy.policy.conditions.words import NotACondition


def test_going_through_words() -> None:
    reading = Reading("key in")
    assert not reading.take("in")
    assert reading.take("key")
    reading.require("in")
    with pytest.raises(NotACondition, match="expected `x`, found the end"):
        reading.require("x")
    assert str(Reading("key").expected("more").what) == "expected more, found `key`"


def test_bounds() -> None:
    reading = Reading("")
    for _ in range(MAX_DEPTH):
        reading.deeper()
    reading.higher()
    reading.deeper()
    with pytest.raises(NotACondition, match="nested too deep"):
        reading.deeper()
    for _ in range(MAX_PARTS):
        reading.count()
    with pytest.raises(NotACondition, match="too long"):
        reading.count()
