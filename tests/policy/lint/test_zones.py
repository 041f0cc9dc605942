from __future__ import annotations

import pytest

from tests.policy.lint.written import ZONES, found, lines
from zoneproxy.policy.lint import zones


def owned(owner: str) -> str:
    return f"zones:\n  z: {{level: internal, owner: {owner!r}, upstream: u}}\n"


@pytest.mark.parametrize("owner", ["TODO", "tbd", "N/A", "??", "nobody", "x", "change-me", "your team"])
def test_owners_that_are_nobody(owner: str) -> None:
    assert lines(zones.unowned, "", owned(owner)) == [2]


@pytest.mark.parametrize("owner", ["payments-security@example.com", "Data Platform", "team@example.com", "Todor"])
def test_owners_that_are_somebody(owner: str) -> None:
    assert lines(zones.unowned, "", owned(owner)) == []


def test_a_zone_that_nobody_can_reach() -> None:
    text = "principals: [{name: alice, zone: high}]\n"
    assert [message for _, message in found(zones.uninhabited, text)] == [
        "nobody belongs to zone `low` and no flow leads there"
    ]
    assert lines(zones.uninhabited, text + "flows: [{name: f, from: high, to: low, topics: t}]\n") == []


def test_more_zones_than_principals() -> None:
    many = "zones:\n" + "".join(
        f"  z{n}: {{level: internal, owner: someone at acme, upstream: u{n}}}\n" for n in range(4)
    )
    people = [f"  - {{name: p{n}, zone: z{n}}}\n" for n in range(4)]
    assert found(zones.too_many, "principals:\n" + "".join(people[:3]), many) == [
        (5, "there are 4 zones for 3 principals")
    ]
    assert lines(zones.too_many, "principals:\n" + "".join(people), many) == []
    assert lines(zones.too_many, "", ZONES) == []  # a few zones may come before those who use them


@pytest.mark.parametrize(
    ("encryption", "told"),
    [('{min_tls: "1.3"}', None), ('{min_tls: "1.2"}', "TLS 1.2"), ("{transport: plaintext}", "without encryption")],
)
def test_weak_encryption_at_the_highest_level(encryption: str, told: str | None) -> None:
    entry = "level: {level}, owner: o@example.com, encryption: {encryption}"
    both = "zones:\n" + "".join(
        f"  {level}: {{{entry.format(level=level, encryption=encryption)}, upstream: {level}-kafka}}\n"
        for level in ("internal", "restricted")
    )
    messages = [message for _, message in found(zones.weak_encryption, "", both)]
    assert len(messages) == (told is not None)
    assert told is None or told in messages[0]
