"""Schemas."""

from __future__ import annotations

from zoneproxy.formats.schema import InvalidSchema


def test_a_schema_that_cannot_be_used_says_why_in_a_word() -> None:
    assert InvalidSchema("json").reason == "json"
