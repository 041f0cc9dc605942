from __future__ import annotations

import pytest

from zoneproxy.policy.jsonpath import MAX_STEPS, fault


@pytest.mark.parametrize(
    "path",
    ["$.a", "$.card.number", "$.items[*].email", "$['odd name'].b", '$["it\'s"]', "$['it\\'s']", "$[0]", "$[*]",
     "$.a[12][*].b", "$._x", "$.größe", "$.first-name", "$" + ".a" * MAX_STEPS],
)  # fmt: skip
def test_paths(path: str) -> None:
    assert fault(path) == ""


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("", "start with `$`"),
        ("a.b", "start with `$`"),
        ("$", "the whole record"),
        ("$.a..b", "from character 4 on: `..b`"),
        ("$..a", "from character 2"),
        ("$.a.", "from character 4"),
        ("$.*", "from character 2"),
        ("$a", "from character 2"),
        ("$.a[01]", "from character 4"),
        ("$.a[-1]", "from character 4"),
        ("$.a[1:2]", "from character 4"),
        ("$.a[?(@.b)]", "from character 4"),
        ("$['a", "from character 2"),
        ("$['']", "from character 2"),
        ("$.a b", "from character 4"),
        ("$.1a", "from character 2"),
        ("$" + ".a" * (MAX_STEPS + 1), "too deep"),
    ],
)
def test_what_is_no_path_and_where(path: str, why: str) -> None:
    assert why in fault(path)
