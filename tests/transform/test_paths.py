from __future__ import annotations

import pytest

from zoneproxy.policy import jsonpath
from zoneproxy.transform.paths import DEEP, EVERY, parse_path

PATHS = {
    "$": (),
    "$.card.number": (b"card", b"number"),
    "$.items[*].email": (b"items", EVERY, b"email"),
    "$.items.*.email": (b"items", EVERY, b"email"),
    "$..cvv": (DEEP, b"cvv"),
    "$.a..b..['c d'].e": (b"a", DEEP, b"b", DEEP, b"c d", b"e"),
    "$..*": (DEEP, EVERY),
    "$..[*]": (DEEP, EVERY),
    "$..[0]": (DEEP, 0),
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
    "path",
    ["", "card", "$card", "$.", "$...a", "$..", "$[", "$[a]", "$['a'", "$.a b", "$[-1]", "$*", "$.**", "$.*a", "$[1"],
)
def test_not_understood(path):
    with pytest.raises(ValueError):
        parse_path(path)
    assert jsonpath.fault(path)
