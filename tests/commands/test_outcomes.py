from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree

from tests.policy.cases.written import case
from zoneproxy.commands.outcomes import as_json, as_junit, as_text
from zoneproxy.policy.cases.judge import Outcome
from zoneproxy.policy.model import Origin

CASE = case("operation: read, topic: t, expect: deny")
GOOD = Outcome(replace(CASE, name="a < b"), ())
BAD = Outcome(replace(CASE, name='says "no"', origin=Origin("d.yaml", 7, 5)), ("expected deny", "  because & so"))


def test_a_line_for_each_case() -> None:
    assert as_text([GOOD, BAD]).splitlines() == [
        "c.yaml",
        "  ok    a < b",
        "d.yaml",
        '  FAIL  says "no"  [d.yaml:7]',
        "          expected deny",
        "            because & so",
        "1 passed, 1 failed",
    ]
    assert as_text([GOOD]).splitlines()[-1] == "1 passed"


def test_json() -> None:
    told = json.loads(as_json([GOOD, BAD]))
    assert (told["passed"], told["failed"]) == (1, 1)
    assert told["cases"][1] == {
        "name": 'says "no"',
        "file": "d.yaml",
        "line": 7,
        "passed": False,
        "faults": ["expected deny", "  because & so"],
    }


def test_junit() -> None:
    root = ElementTree.fromstring(as_junit([GOOD, BAD]))
    good, bad = root.findall("testsuite")
    assert (good.get("name"), good.get("tests"), good.get("failures")) == ("c.yaml", "1", "0")
    assert good[0].get("name") == "a < b"
    assert list(good[0]) == []
    assert bad.get("failures") == "1"
    assert bad[0][0].get("message") == "expected deny\n  because & so"
