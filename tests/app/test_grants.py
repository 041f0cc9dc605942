from __future__ import annotations

import io
import json
from dataclasses import replace
from math import inf
from typing import Any

from zoneproxy.app.grants import REMIND_SECONDS, GrantTeller, instant
from zoneproxy.policy.model import Grant, Origin
from zoneproxy.telemetry.log import make_logger
from zoneproxy.telemetry.metrics import Metrics

QUIET = Grant("reader", -inf, 2000.0, "INC-1", principal="alice", approved_by="bob", origin=Origin("a", 1, 1))
LOUD = Grant("unrestricted", 1000.0, 2000.0, "fire", group="on-call", break_glass=True)


class Rig:
    def __init__(self) -> None:
        self._out = io.StringIO()
        self._metrics = Metrics("1")
        self.teller = GrantTeller(self._metrics, make_logger("info", "json", self._out))

    def lines(self) -> list[dict[str, Any]]:
        """What was logged since the last call."""
        lines = [json.loads(line) for line in self._out.getvalue().splitlines()]
        self._out.seek(0)
        self._out.truncate()
        return lines

    def in_force(self, kind: str) -> float | None:
        return self._metrics.registry.get_sample_value("zoneproxy_grants_in_force", {"kind": kind})


def test_moments_as_people_write_them() -> None:
    assert instant(0.0) == "1970-01-01T00:00:00Z"
    assert instant(inf) is instant(-inf) is None


def test_before_anything_there_are_none() -> None:
    rig = Rig()
    assert (rig.in_force("ordinary"), rig.in_force("break_glass")) == (0, 0)


def test_a_grant_begins_and_expires() -> None:
    rig = Rig()
    rig.teller.tell([QUIET], 1500.0)
    (begun,) = rig.lines()
    said = {"holder": "alice", "role": "reader", "since": None, "until": "1970-01-01T00:33:20Z", "reason": "INC-1"}
    assert begun["event"] == "grant in force"
    assert begun["level"] == "info"
    assert said.items() <= begun.items()
    assert begun["approved_by"] == "bob"
    assert rig.in_force("ordinary") == 1
    rig.teller.tell([QUIET], 1999.0)
    assert rig.lines() == []
    rig.teller.tell([], 2000.0)
    (over,) = rig.lines()
    assert (over["event"], over["why"]) == ("grant over", "expired")
    assert rig.in_force("ordinary") == 0


def test_a_grant_that_is_taken_back() -> None:
    rig = Rig()
    rig.teller.tell([QUIET], 1500.0)
    rig.teller.tell([], 1501.0)
    assert rig.lines()[-1]["why"] == "revoked"


def test_a_grant_whose_line_has_moved_is_the_same() -> None:
    rig = Rig()
    rig.teller.tell([QUIET], 1500.0)
    rig.lines()
    rig.teller.tell([replace(QUIET, origin=Origin("a", 7, 1))], 1501.0)
    assert rig.lines() == []


def test_broken_glass_is_told_again_and_again() -> None:
    rig = Rig()
    rig.teller.tell([QUIET, LOUD], 1000.0)
    assert [(line["event"], line["level"]) for line in rig.lines()] == [
        ("grant in force", "info"),
        ("break-glass grant in force", "warning"),
    ]
    assert (rig.in_force("ordinary"), rig.in_force("break_glass")) == (1, 1)
    rig.teller.tell([QUIET, LOUD], 999.0 + REMIND_SECONDS)
    assert rig.lines() == []
    rig.teller.tell([QUIET, LOUD], 1000.0 + REMIND_SECONDS)
    (again,) = rig.lines()
    assert (again["event"], again["level"], again["holder"]) == (
        "break-glass grant still in force",
        "warning",
        "group on-call",
    )
