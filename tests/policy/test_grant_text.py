from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.config.located import read_yaml
from zoneproxy.errors import InvalidConfiguration, Problem
from zoneproxy.policy.grant_text import add_grant, remove_grants

GRANT = {
    "principal": "alice",
    "role": "reader",
    "until": "2026-12-01T00:00:00Z",
    "reason": "INC-1",
    "approved_by": "bob",
}
LINE = "- {principal: alice, role: reader, until: 2026-12-01T00:00:00Z, reason: INC-1, approved_by: bob}"

FILE = """\
# who may do what for a while
grants:   # newest last
  # the incident of November
  - {principal: a, role: r}   # see INC-1
  - principal: b   # on call
    role: r
    reason: |
      it is
      on fire

  # the end

# and now for something else
roles: {}   # none
"""


def data_of(text: str) -> object:
    problems: list[Problem] = []
    located = read_yaml(text, "f", problems)
    assert problems == []
    return located.data


# --- adding --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f"grants:\n  {LINE}\n"),
        ("# nothing yet\n", f"# nothing yet\n\ngrants:\n  {LINE}\n"),
        ("roles: {}", f"roles: {{}}\n\ngrants:\n  {LINE}\n"),
        ("grants:\n", f"grants:\n  {LINE}\n"),
        ("grants:", f"grants:\n  {LINE}\n"),
        ("grants: []\n", f"grants:\n  {LINE}\n"),
        ("grants: []   # none\nroles: {}\n", f"grants:   # none\n  {LINE}\nroles: {{}}\n"),
        ("grants:   # none\nroles: {}\n", f"grants:   # none\n  {LINE}\nroles: {{}}\n"),
        ("grants:\n- {a: b}\nroles: {}\n", f"grants:\n- {{a: b}}\n{LINE}\nroles: {{}}\n"),
        ("grants:\n    - {a: b}", f"grants:\n    - {{a: b}}\n    {LINE}\n"),
        ("grants:\r\n- {a: b}\r\nroles: {}\r\n", f"grants:\r\n- {{a: b}}\r\n{LINE}\r\nroles: {{}}\r\n"),
    ],
)
def test_a_grant_goes_below_the_last_one(before: str, after: str) -> None:
    assert add_grant(before, GRANT, "f") == after
    assert GRANT in data_of(after)["grants"]  # type: ignore[index]


def test_comments_and_layout_stay() -> None:
    after = add_grant(FILE, GRANT, "f")
    assert after == FILE.replace("      on fire\n", f"      on fire\n  {LINE}\n")


def test_what_does_not_fit_in_a_line_has_several() -> None:
    long = {**GRANT, "reason": "because " * 12, "break_glass": True}
    after = add_grant("", long, "f")
    assert after.startswith("grants:\n  - principal: alice\n    role: reader\n")
    assert data_of(after) == {"grants": [long]}


@pytest.mark.parametrize("text", ["grants: [{a: b}]\n", "{grants: []}\n", "grants: text\n", "- a\n"])
def test_other_forms_are_refused(text: str) -> None:
    with pytest.raises(InvalidConfiguration) as caught:
        add_grant(text, GRANT, "grants.yaml")
    assert "grants.yaml:1:" in str(caught.value.problems[0])


@given(
    st.dictionaries(
        st.sampled_from(["principal", "role", "reason"]),
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
        min_size=1,
    )
)
def test_whatever_is_written_is_read_back(grant: dict[str, str]) -> None:
    for before in ("", FILE, "grants: []"):
        found = data_of(add_grant(before, grant, "f"))
        assert found["grants"][-1] == grant  # type: ignore[index]


# --- removing ------------------------------------------------------------------------------------------------


def test_a_grant_goes_with_its_lines_and_nothing_else() -> None:
    assert remove_grants(FILE, [0], "f") == FILE.replace("  - {principal: a, role: r}   # see INC-1\n", "")
    second = FILE[FILE.index("  - principal: b") : FILE.index("\n  # the end")]
    assert remove_grants(FILE, [1], "f") == FILE.replace(second, "")


def test_all_of_them_may_go() -> None:
    after = remove_grants(FILE, [1, 0], "f")
    assert data_of(after) == {"grants": None, "roles": {}}
    assert "the incident of November" in after
    assert data_of(remove_grants("grants:\r\n- {a: b}\r\n-\r\n  c: d\r\n", [0, 1], "f")) == {"grants": None}
    assert remove_grants("grants:\n- {a: b}", [0], "f") == "grants:\n"


def test_what_was_added_can_be_removed() -> None:
    for before in (FILE, "grants:\n- {a: b}\n"):
        after = add_grant(before, GRANT, "f")
        last = len(data_of(after)["grants"]) - 1  # type: ignore[index]
        assert remove_grants(after, [last], "f") == before


@pytest.mark.parametrize("text", ["grants: [{a: b}]\n", "roles: {}\n"])
def test_what_cannot_be_removed_from(text: str) -> None:
    with pytest.raises(InvalidConfiguration):
        remove_grants(text, [0], "f")
