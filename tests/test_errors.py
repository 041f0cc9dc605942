"""What errors carry, and how they read."""

from __future__ import annotations

import pytest

from zoneproxy.errors import EncodeError, InvalidConfiguration, Problem, ProtocolError, ZoneproxyError


@pytest.mark.parametrize(
    "error", [ProtocolError("varint"), EncodeError("produce"), InvalidConfiguration([])], ids=lambda e: type(e).__name__
)
def test_one_class_catches_all(error: Exception) -> None:
    assert isinstance(error, ZoneproxyError)


def test_a_protocol_error_is_its_reason() -> None:
    assert ProtocolError("truncated").reason == str(ProtocolError("truncated")) == "truncated"


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem("zones.yaml", 3, 7, "unknown level 'secret'"), "zones.yaml:3:7: unknown level 'secret'"),
        (Problem("zones.yaml", 3, 7, "unknown level", "internal"), "zones.yaml:3:7: unknown level (internal)"),
        (Problem("zones.yaml", 0, 0, "cannot be read"), "zones.yaml: cannot be read"),
    ],
    ids=["placed", "hinted", "nowhere"],
)
def test_a_problem_says_where_what_and_what_would_be_right(problem: Problem, text: str) -> None:
    assert str(problem) == text


def test_an_invalid_configuration_lists_every_problem_in_order() -> None:
    problems = [Problem("a.yaml", 1, 1, "first"), Problem("b.yaml", 2, 1, "second")]
    error = InvalidConfiguration(problems)
    assert error.problems == tuple(problems)
    assert str(error).splitlines() == ["a.yaml:1:1: first", "b.yaml:2:1: second"]
