from __future__ import annotations

import pytest

from zoneproxy.policy.lint.allowances import Allowance, allowances, apply
from zoneproxy.policy.lint.finding import Finding

TEXT = """\
# zoneproxy: allow ZP001, ZP002 because they come
# into use next month

roles:                    # zoneproxy: allow ZP003 because it is meant so
  r: []
# zoneproxy: allow ZP004 because nothing follows
"""


def test_a_comment_holds_for_its_line_or_the_next_one_with_content() -> None:
    allowed, faulty = allowances("p.yaml", TEXT)
    assert faulty == []
    assert allowed == [
        Allowance("ZP001", "p.yaml", (1, 1), 4),
        Allowance("ZP002", "p.yaml", (1, 1), 4),
        Allowance("ZP003", "p.yaml", (4, 27), 4),
        Allowance("ZP004", "p.yaml", (6, 1), 6),
    ]


@pytest.mark.parametrize(
    ("comment", "told", "hint"),
    [
        ("# zoneproxy: allow ZP001", "no reason", "as in"),
        ("# zoneproxy: allow ZP001 because ", "no reason", "as in"),
        ("# zoneproxy: allow because I say so", "names no code", "as in"),
        ("# zoneproxy: allow ZP01 because of it", "no code `ZP01`", "did you mean"),
        ("# zoneproxy: allow ZP018 because I like it quiet", "ZP018 cannot be allowed", "meant to be seen"),
    ],
)
def test_a_comment_that_allows_nothing(comment: str, told: str, hint: str) -> None:
    allowed, (finding,) = allowances("p.yaml", f"a: 1  {comment}\n")
    assert allowed == []
    assert (finding.code, finding.line, finding.column) == ("ZP017", 1, 7)
    assert told in finding.message
    assert hint in finding.hint


def test_other_comments_are_only_comments() -> None:
    assert allowances("p.yaml", "# we allow ZP001 because of this\n# zoneproxy is great\n") == ([], [])


def test_what_is_allowed_is_left_out_and_what_was_not_needed_is_told() -> None:
    meant = Finding("ZP001", "p.yaml", 4, 3, "m", "h")
    other = Finding("ZP001", "p.yaml", 9, 3, "m", "h")
    allowed = [Allowance("ZP001", "p.yaml", (3, 1), 4), Allowance("ZP002", "p.yaml", (3, 1), 4)]
    kept = list(apply([meant, other], allowed))
    assert kept[0] is other
    assert [(each.code, each.line, each.message) for each in kept[1:]] == [
        ("ZP017", 3, "there is no ZP002 here to be allowed")
    ]
