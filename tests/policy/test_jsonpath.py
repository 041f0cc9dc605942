from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.policy.jsonpath import MAX_STEPS, fault
from zoneproxy.transform.paths import parse_path


@pytest.mark.parametrize(
    "path",
    ["$.a", "$.card.number", "$.items[*].email", "$['odd name'].b", '$["it\'s"]', "$['it\\'s']", "$[0]", "$[*]",
     "$.a[12][*].b",
     "$..a", "$.a..b", "$..*", "$..[*]", "$..['a']", "$..[0].b",
     "$.*", "$.a.*.b", "$._x", "$.größe", "$.first-name", "$.2fa", "$" + ".a" * MAX_STEPS],
)  # fmt: skip
def test_paths(path: str) -> None:
    assert fault(path) == ""


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("", "start with `$`"),
        ("a.b", "start with `$`"),
        ("$", "the whole record"),
        ("$.a...b", "from character 4 on: `...b`"),
        ("$..", "from character 2"),
        ("$.a..", "from character 4"),
        ("$...a", "from character 2"),
        ("$.a.", "from character 4"),
        ("$*", "from character 2"),
        ("$.**", "from character 4"),
        ("$.*a", "from character 4"),
        ("$..['a'", "from character 2"),
        ("$a", "from character 2"),
        ("$.a[01]", "from character 4"),
        ("$.a[-1]", "from character 4"),
        ("$.a[1:2]", "from character 4"),
        ("$.a[?(@.b)]", "from character 4"),
        ("$['a", "from character 2"),
        ("$['']", "from character 2"),
        ("$.a b", "from character 4"),
        ("$.a\u00a0b", "from character 4"),
        ("$" + ".a" * (MAX_STEPS + 1), "too deep"),
    ],
)
def test_what_is_no_path_and_where(path: str, why: str) -> None:
    assert why in fault(path)


STEPS = st.lists(
    st.from_regex(
        r"\.{1,2}\w+|(\.\.)?\[\*\]|\.{1,2}\*|\[[0-9]{1,3}\]|\['[^\x00]{1,5}'\]|\[\"[^\x00]{1,5}\"\]", fullmatch=True
    ),
    min_size=1,
)


@given(STEPS.map(lambda steps: "$" + "".join(steps)) | st.text(alphabet="$..[]'\"\\*a0 é\u00a0").map("$".__add__))
def test_a_path_that_passes_here_is_understood_where_it_is_used(path: str) -> None:
    if fault(path) == "":
        assert parse_path(path)
