from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transform.documents import documents
from zoneproxy.transform.json_tokens import NotJson, tokens
from zoneproxy.transform.names import normal_name
from zoneproxy.transform.passing import PASSED_DEPTH, pass_value, run_of_members


@given(documents())
def test_a_value_is_passed_over_as_a_whole_or_not_at_all(text):
    text = text.strip()
    match = pass_value(text + b"\0", 0)
    depth = deepest = 0
    for kind, *_ in tokens(text):
        depth += {4: 1, 5: 1, 6: -1}.get(kind, 0)
        deepest = max(depth, deepest)
    assert (match is not None) == (deepest <= PASSED_DEPTH)
    assert match is None or match.end() == len(text)


@given(st.text('{}[],:"\\ 1a', max_size=12).map(str.encode))
def test_what_is_passed_over_is_json(text):
    match = pass_value(text + b"\0", 0)
    if match:
        assert list(tokens(match[0]))


@pytest.mark.parametrize("text", ["[1 2]", "[,]", "[1,]", "[1", '{"a":1,}', '{"a" 1}', '{"a":1 "b":2}', "{1:2}", "01a"])
def test_what_is_no_json_is_not_passed_over(text):
    match = pass_value(text.encode() + b"\0", 0)
    assert match is None or match.end() < len(text)
    with pytest.raises(NotJson):
        list(tokens(text.encode()))


def passed(members: str, *names: str, normal: tuple[str, ...] = (), scalars_only: bool = False) -> str:
    matcher = run_of_members(
        [name.encode() for name in names], [name.encode() for name in normal], scalars_only=scalars_only
    )
    match = matcher(members.encode(), 0)
    assert match
    return match[0].decode()


def test_runs_of_members_end_before_a_name_that_matters():
    members = ' "x" : 1 ,"y":{"a":[2]},"xa":"s","a":3,"z":4}'
    assert passed(members, "a") == ' "x" : 1 ,"y":{"a":[2]},"xa":"s",'
    assert passed(members, "a", scalars_only=True) == ' "x" : 1 ,'
    assert passed(members, "x") == ""
    assert passed(members) == ' "x" : 1 ,"y":{"a":[2]},"xa":"s","a":3,'


@pytest.mark.parametrize("name", ["a\\u0062", "é", 'q\\"'])
def test_names_that_are_not_plain_are_looked_at(name):
    assert passed(f'"x":1,"{name}":2,"z":3,', "other") == '"x":1,'


@given(st.text("aAbB_- .c", max_size=5), st.sampled_from(["ab", "b", "abc"]))
def test_names_are_compared_as_people_write_them(name, rule):
    is_it = normal_name(name.encode()) == rule.encode()
    assert passed(f"{json.dumps(name)}:1,", normal=(rule, "prénom"), scalars_only=True) == (
        "" if is_it else f"{json.dumps(name)}:1,"
    )
