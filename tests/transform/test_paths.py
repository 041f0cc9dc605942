from __future__ import annotations

import pytest

from zoneproxy.policy import jsonpath
from zoneproxy.transform.paths import EVERY, parse_path, tree_of

PATHS = {
    "$": (),
    "$.card.number": (b"card", b"number"),
    "$.items[*].email": (b"items", EVERY, b"email"),
    "$['odd name'][0]": (b"odd name", 0),
    '$["it\'s"].x': (b"it's", b"x"),
    r"$['it\'s']": (b"it's",),
    r"$['a\\b']": (rb"a\b",),
    "$.größe": ("größe".encode(),),
    "$['a.b']": (b"a.b",),
    "$['*']": (b"*",),
    "$['0']": (b"0",),
}


@pytest.mark.parametrize(("path", "steps"), PATHS.items())
def test_steps(path, steps):
    assert parse_path(path) == steps


@pytest.mark.parametrize("path", [path for path in PATHS if path != "$"])
def test_policy_accepts_what_is_understood_here(path):
    assert jsonpath.fault(path) == ""


@pytest.mark.parametrize(
    "path", ["", "card", "$card", "$.", "$..a", "$[", "$[a]", "$['a'", "$.a b", "$[-1]", "$.*", "$[1"]
)
def test_not_understood(path):
    with pytest.raises(ValueError):
        parse_path(path)
    assert jsonpath.fault(path)


def rules(paths, *steps):
    """The rules that end at a place."""
    tree = tree_of(paths)
    for step in steps:
        tree = tree.member(step) if isinstance(step, bytes) else tree.element(step)
        if tree is None:
            return []
    return sorted(tree.rules)


def test_paths_lie_over_one_another():
    paths = [(b"a",), (b"a", b"b"), (b"a",)]
    assert rules(paths, b"a") == [0, 2]
    assert rules(paths, b"a", b"b") == [1]
    assert rules(paths, b"b") == []
    assert rules(paths, 0) == []
    assert rules([()]) == [0]


def test_paths_through_every_element_go_on_behind_a_single_one():
    paths = [(EVERY, b"x"), (0, b"y"), (EVERY,), (0, EVERY), (EVERY, 1, b"z"), (EVERY, EVERY, b"z"), (0, 1)]
    assert rules(paths, 0) == rules(paths, 5) == [2]
    assert (rules(paths, 0, b"x"), rules(paths, 0, b"y")) == ([0], [1])
    assert (rules(paths, 5, b"x"), rules(paths, 5, b"y")) == ([0], [])
    assert (rules(paths, 0, 1), rules(paths, 0, 2), rules(paths, 5, 1)) == ([3, 6], [3], [])
    assert (rules(paths, 0, 1, b"z"), rules(paths, 5, 1, b"z"), rules(paths, 5, 0, b"z")) == ([4, 5], [4, 5], [5])
