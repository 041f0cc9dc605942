"""docs/authorization.md says what is so: every API that is open, and every difference with its reason."""

from __future__ import annotations

import re
from pathlib import Path

from tests.equivalence.differences import DIFFERENCES
from zoneproxy.boundary import apis
from zoneproxy.wire.messages.registry import APIS, REQUESTS

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "authorization.md").read_text()
ROW = re.compile(r"^\| ([\d, -]+) \| ([\w, ]+) \| ([\d, -]+) \|", re.MULTILINE)


def rows() -> dict[int, tuple[str, str]]:
    """Name and versions by API key, from the table."""
    found: dict[int, tuple[str, str]] = {}
    for keys, names, versions in ROW.findall(DOCUMENT):
        all_keys, all_names, spans = numbers(keys), names.split(", "), versions.split(", ")
        spans = spans * len(all_keys) if len(spans) == 1 else spans
        found |= {key: (name, span) for key, name, span in zip(all_keys, all_names, spans, strict=True)}
    return found


def numbers(text: str) -> list[int]:
    if "-" in text:
        first, last = text.split("-")
        return list(range(int(first), int(last) + 1))
    return [int(number) for number in text.split(", ")]


def test_every_open_api_is_in_the_table_with_its_versions() -> None:
    expected = {}
    for api in apis.OPEN:
        low, high = APIS[api].min_version, APIS[api].max_stable_version
        high = min(high, apis.HIGHEST_FOR_CLIENTS.get(api, high))
        name = REQUESTS[api].__name__.removesuffix("Request")
        expected[int(api)] = (name, f"{low}-{high}" if low != high else str(low))

    assert rows() == expected


def test_every_difference_is_told_with_its_reason() -> None:
    section = DOCUMENT.split("## What differs from Kafka")[1]
    told = re.findall(r"^- \*\*(.+?)\.\*\* (.+?)(?=\n(?:- \*\*|\n))", section, re.MULTILINE | re.DOTALL)

    assert {title: " ".join(reason.split()) for title, reason in told} == {
        difference.title: difference.reason for difference in DIFFERENCES
    }
