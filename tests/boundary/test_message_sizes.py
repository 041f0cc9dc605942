from __future__ import annotations

import pytest

from tests.boundary.kit import sizes
from zoneproxy.boundary import message_sizes as module
from zoneproxy.boundary.message_sizes import TTL_SECONDS, MessageSizes


def test_what_was_said_lately_is_believed() -> None:
    known = MessageSizes()
    known.learn(sizes("a", "1048588"), 100.0)
    assert known.of("a", 100.0 + TTL_SECONDS - 1) == 1_048_588
    assert known.of("a", 100.0 + TTL_SECONDS) is None
    assert known.of("b", 100.0) is None
    known.forget(["a"])
    assert known.of("a", 100.0) is None


@pytest.mark.parametrize("limit", [None, "", "-1", "1e6", "many", "9" * 11, "١٢"])
def test_what_cannot_be_a_size_stays_unknown(limit: str | None) -> None:
    known = MessageSizes()
    known.learn(sizes("a", limit), 0.0)
    assert known.of("a", 0.0) is None


def test_refusals_and_other_resources_say_nothing_of_topics() -> None:
    known = MessageSizes()
    known.learn(sizes("a", "1000", error=29), 0.0)
    known.learn(sizes("a", "1000", kind=4), 0.0)
    other = sizes("a", "1000")
    other.results[0].configs[0].name = "segment.bytes"
    known.learn(other, 0.0)
    assert known.of("a", 0.0) is None


def test_what_is_known_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_TOPICS", 2)
    known = MessageSizes()
    for topic in ("a", "b", "a"):
        known.learn(sizes(topic, "1"), 0.0)
    assert (known.of("a", 0.0), known.of("b", 0.0)) == (1, 1)
    known.learn(sizes("c", "1"), 0.0)
    assert (known.of("a", 0.0), known.of("c", 0.0)) == (None, 1)
