from __future__ import annotations

from typing import Any

import pytest

from tests.policy.documents.refusals import refusal
from zoneproxy.policy.documents.controls.headers import HeadersDocument
from zoneproxy.policy.documents.controls.section import Surroundings
from zoneproxy.policy.patterns import ANY, Pattern, PatternKind
from zoneproxy.policy.record_rules import HeaderNames

A, B = Pattern(PatternKind.LITERAL, "a"), Pattern(PatternKind.PREFIX, "b-")


@pytest.mark.parametrize(
    ("data", "control"),
    [
        ({"require": ["a", {"prefix": "b-"}]}, HeaderNames("r", (A, B), (), removes=False)),
        ({"forbid": "a"}, HeaderNames("r", (), (A,), removes=False)),
        ({"require": "a", "forbid": ["*"], "action": "remove"}, HeaderNames("r", (A,), (ANY,), removes=True)),
        (
            {"forbid": [{"prefix": "zoneproxy-lineage"}], "action": "remove"},
            HeaderNames("r", (), (Pattern(PatternKind.PREFIX, "zoneproxy-lineage"),), removes=True),
        ),
    ],
)
def test_headers(data: dict[str, Any], control: HeaderNames) -> None:
    assert HeadersDocument.model_validate(data).as_control(Surroundings("r")) == control


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "needs `require` or `forbid`"),
        ({"require": []}, "at least 1 item"),
        ({"require": "a", "action": "remove"}, "`action: remove` is about forbidden headers"),
        ({"require": ["zoneproxy-lineage"]}, "a header of the proxy's own"),
        ({"require": [{"prefix": "zoneproxy-lineage-"}]}, "a header of the proxy's own"),
        ({"forbid": "a", "action": "alert"}, "Input should be"),
        ({"forbid": {"suffix": "a"}}, ""),
    ],
)
def test_what_makes_no_sense(data: dict[str, Any], message: str) -> None:
    assert message in refusal(HeadersDocument, data)
