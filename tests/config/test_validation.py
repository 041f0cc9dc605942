from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import BeforeValidator, Field, ValidationError

from zoneproxy.config.located import read_yaml
from zoneproxy.config.validation import Flag, Number, Section, Text, Whole, refuse, validate
from zoneproxy.errors import Problem


def small(value: object) -> object:
    if value == "LOUD":
        refuse("do not shout", "say it quietly")
    return value


class Part(Section):
    name: Text
    count: Annotated[Whole, Field(ge=1, le=9)] = 1
    kind: Literal["big", "small"] = "big"
    version: Literal["1.2", "1.3"] = "1.3"


FEW = "f:2:6: `few` is wrong: Tuple should have at most 1 item after validation, not 2"


class All(Section):
    parts: Annotated[tuple[Part, ...], Field(min_length=1)]
    share: Annotated[Number, Field(gt=0, lt=1)] = 0.5
    sure: Flag = False
    word: Annotated[str, BeforeValidator(small)] = ""
    pairs: dict[str, int] = Field(default_factory=dict)
    few: Annotated[tuple[str, ...], Field(max_length=1)] = ()
    pattern: Annotated[str, Field(pattern="^a$")] = "a"


def check(text: str) -> tuple[Any, list[str]]:
    problems: list[Problem] = []
    located = read_yaml(text, "f", problems)
    value = validate(All, located, (), problems, located.data)
    return value, [str(problem) for problem in problems]


def test_good_data_becomes_a_frozen_value() -> None:
    value, problems = check("parts: [{name: a}]\nshare: 0.25\nsure: true")
    assert problems == []
    assert value.parts == (Part(name="a"),)
    with pytest.raises(ValidationError):
        value.share = 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("parts: [{nam: a, name: b}]", "f:1:10: unknown key `nam` (did you mean `name`?)"),
        ("parts: [{}]", "f:1:9: `name` is missing"),
        ("sure: true", "f:1:1: `parts` is missing"),
        ("parts: []", "f:1:8: `parts` is empty"),
        ("parts: [{name: ''}]", "f:1:16: `name` is empty"),
        ("parts: [{name: 5}]", 'f:1:16: `name` should be text, not `5` (put it in quotes: "...")'),
        ("parts: [{name: {}}]", "f:1:16: `name` should be text, not a mapping"),
        ("parts: [{name: a, count: '5'}]", "f:1:26: `count` should be a whole number, not `5`"),
        ("parts: [{name: a, count: true}]", "f:1:26: `count` should be a whole number, not `true`"),
        ("parts: [{name: a, count: 0}]", "f:1:26: `count` is too small: at least 1"),
        ("parts: [{name: a, count: 10}]", "f:1:26: `count` is too large: at most 9"),
        (
            "parts: [{name: a, kind: smal}]",
            "f:1:25: `kind` should be 'big' or 'small', not `smal` (did you mean `small`?)",
        ),
        (
            "parts: [{name: a, version: 1.3}]",
            "f:1:28: `version` should be '1.2' or '1.3', not `1.3` (put it in quotes: \"1.3\")",
        ),
        ("parts: {a: b}", "f:1:8: `parts` should be a list, not a mapping"),
        ("parts: [x]", "f:1:9: `parts` should be a mapping (key: value), not `x`"),
        ("parts: [{name: a}]\nsure: yes", "f:2:7: `sure` should be true or false, not `yes`"),
        ("parts: [{name: a}]\nsure: 1", "f:2:7: `sure` should be true or false, not `1`"),
        ("parts: [{name: a}]\nshare: 1", "f:2:8: `share` is too large: at most 1.0"),
        ("parts: [{name: a}]\nshare: []", "f:2:8: `share` should be a number, not a list"),
        ("parts: [{name: a}]\nshare:", "f:2:7: `share` should be a number, not nothing"),
        ('parts: [{name: a}]\nshare: "\\e[0m"', "f:2:8: `share` should be a number, not text with control characters"),
        ("parts: [{name: a}]\nword: LOUD", "f:2:7: do not shout (say it quietly)"),
        ("parts: [{name: a}]\npairs: 1", "f:2:8: `pairs` should be a mapping (key: value), not `1`"),
        ("parts: [{name: a}]\npattern: b", "f:2:10: `pattern` is not written as it should be: `b`"),
        ("parts: [{name: a}]\npairs: {a: [], b: 1}", "f:2:12: `a` should be a whole number, not a list"),
        ("parts: [{name: a}]\nfew: [a, b]", FEW),
        ("[]", "f:1:1: this should be a mapping (key: value), not a list"),
    ],
)
def test_each_fault_is_named_in_plain_words(text: str, expected: str) -> None:
    value, problems = check(text)
    assert value is None
    assert problems == [expected]


def test_all_faults_at_once() -> None:
    _, problems = check("parts: [{name: a, count: 0}, {kind: x}]\nsure: 2\nodd: 1")
    assert len(problems) == 5


def test_faults_of_a_part_are_placed_in_the_whole() -> None:
    problems: list[Problem] = []
    located = read_yaml("outer:\n  - {name: a, count: x}", "f", problems)
    assert validate(Part, located, ("outer", 0), problems, {"name": "a", "count": "x"}) is None
    assert [str(problem) for problem in problems] == ["f:2:22: `count` should be a whole number, not `x`"]
