from __future__ import annotations

from zoneproxy.config.located import read_yaml
from zoneproxy.errors import Problem
from zoneproxy.policy.merge import DEFAULT_LEVELS, Entries, add_file, level_names
from zoneproxy.policy.model import Origin

ZONE = "{level: internal, owner: o, upstream: u}"


def merge(*texts: str) -> tuple[Entries, list[str]]:
    entries, problems = Entries(), list[Problem]()
    for number, text in enumerate(texts):
        add_file(entries, read_yaml(text, f"{number}.yaml", problems), problems)
    return entries, [str(problem) for problem in problems]


def test_any_file_may_hold_any_section() -> None:
    entries, problems = merge(
        f"zones: {{a: {ZONE}}}\nprincipals:\n- {{name: x, zone: a}}\n",
        f"levels: [low, high]\nzones:\n  b: {ZONE}\nroles: {{r: [{{allow: read, topic: t}}]}}\n",
        "principals: [{name: y, zone: b}]\nflows: [{name: f, from: a, to: b, topics: t}]\n",
    )
    assert problems == []
    assert [zone.name for zone in entries.zones] == ["a", "b"]
    assert [principal.name for principal in entries.principals] == ["x", "y"]
    assert [level.value for level in entries.levels] == [("low", "high")]
    assert (len(entries.roles), len(entries.flows)) == (1, 1)
    assert entries.zones[1].origin == Origin("1.yaml", 3, 3)
    assert entries.principals[0].origin == Origin("0.yaml", 3, 3)


def test_empty_files_and_sections_are_fine() -> None:
    assert merge("", "# nothing\n", "zones:\nflows:\n") == (Entries(), [])


def test_a_wrong_entry_is_known_by_name_and_does_not_hide_others() -> None:
    entries, problems = merge(f"zones:\n  a: {{}}\n  b: {ZONE}\nprincipals: [{{name: x}}, 5, {{name: 7, zone: a}}]\n")
    assert [(zone.name, zone.value is None) for zone in entries.zones] == [("a", True), ("b", False)]
    assert [principal.name for principal in entries.principals] == ["x", "", ""]
    assert all(principal.value is None for principal in entries.principals)
    assert len(problems) == 6


def test_sections_of_the_wrong_shape() -> None:
    _, problems = merge("zones: [a]\nroles: x\nprincipals: {a: b}\nflows: 5\nlevels: high\nzonez: {}")
    assert problems == [
        "0.yaml:1:8: `zones` should be a mapping (name: {...})",
        "0.yaml:2:8: `roles` should be a mapping (name: {...})",
        "0.yaml:3:13: `principals` should be a list (- {name: ...})",
        "0.yaml:4:8: `flows` should be a list (- {name: ...})",
        "0.yaml:5:9: `levels` should be a list, not `high`",
        "0.yaml:6:1: unknown key `zonez` (did you mean `zones`?)",
    ]


def test_files_that_are_no_mapping() -> None:
    assert "a policy file is a mapping" in merge("- a\n- b\n")[1][0]


def test_names_are_small() -> None:
    _, problems = merge(f"zones: {{Payments: {ZONE}}}")
    assert problems == ["0.yaml:1:9: `Payments` is not a name (small letters, digits and dashes, up to 63)"]


def test_a_problem_with_a_part_of_an_entry_is_placed_there() -> None:
    entries, _ = merge(f"zones:\n  a: {ZONE}\n")
    assert entries.zones[0].problem("is odd", "", "level").column == 14
    assert entries.zones[0].problem("is odd").column == 3


def test_groups_are_called_as_tokens_call_them() -> None:
    entries, problems = merge('groups:\n  "cn=analysts,ou=Groups": {roles: [r]}\n  /acme/on call: {}\n  "a\\tb": {}\n')
    assert [group.name for group in entries.groups] == ["cn=analysts,ou=Groups", "/acme/on call", "a\tb"]
    assert len(problems) == 1
    assert problems[0].startswith("0.yaml:4:3: this is not a name (a group as certificates")


def test_grants_are_listed() -> None:
    entries, problems = merge(
        "grants:\n- {principal: a, role: r, until: 2026-12-01T00:00:00Z, reason: INC-1, approved_by: b}\n- {role: r}\n"
    )
    assert [grant.value is not None for grant in entries.grants] == [True, False]
    assert problems == [
        "0.yaml:3:3: `until` is missing",
        "0.yaml:3:3: `reason` is missing (why: a ticket, an incident)",
    ]


def test_levels_are_the_usual_ones_or_those_that_are_written() -> None:
    assert level_names(Entries()) == DEFAULT_LEVELS
    assert level_names(merge("levels: [low, high]")[0]) == ("low", "high")
