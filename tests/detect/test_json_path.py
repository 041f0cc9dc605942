from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zoneproxy.detect.json_path import NAME, Path

STEP = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)[ \t\n\r]*+:?|[,\[\]{}]', re.DOTALL)

TEXT = st.lists(
    st.sampled_from([*'{}[]":,\\ \n1a', '"a":', '"b" :', '"c":"d",', "},{", '\\"', '{"e":[', "1" * 9]), max_size=40
)


def names_and_begins(source: bytes, offset: int) -> tuple[list[bytes], list[int]]:
    """Step by step, as the module says it."""
    names, begins = [b""], [0]
    for step in STEP.finditer(source):
        if step.end() > offset:
            break
        kind = step[0][:1]
        if kind == b'"':
            names[-1] = step[0] if step[0][-1:] == b":" and len(step[0].rstrip(b" \n:")) > 1 else names[-1]
        elif kind == b",":
            names[-1] = b""
        elif kind in b"{[":
            names.append(b"")
            begins.append(step.end())
        elif len(names) > 1:
            del names[-1], begins[-1]
    return names, begins


@pytest.mark.parametrize(
    ("source", "names"),
    [
        (b'{"card":{"number":"HERE"}}', [b"", b'"card":', b'"number":']),
        (b'{"card":{"a":1},"x" : [{"b":2}, "HERE"]}', [b"", b'"x" :', b""]),
        (rb'{"a\"b\\":"\",","c":HERE}', [b"", b'"c":']),
        (b'{"a":1}}}, "b": HERE', [b'"b":']),
    ],
)
def test_names_on_the_way(source, names):
    path = Path(source)
    step = path.to(source.index(b"HERE"))
    assert path.names == names
    assert step is None or step[1] > source.index(b"HERE")


def test_a_name_is_told_from_a_value():
    path = Path(b'{"a HERE":"b HERE"}')
    name = path.to(4)
    assert name is not None
    assert name[2] == NAME
    assert path.to(7) == name
    value = path.to(14)
    assert value is not None
    assert value[2] != NAME


def test_a_bracket_that_is_asked_for_itself_is_not_entered_twice():
    path = Path(b'{"a":1}')
    assert path.to(0)
    path.to(6)
    assert path.names == [b"", b'"a":']


@pytest.mark.parametrize("by_bytes", [True, False])
@settings(max_examples=150)
@given(text=TEXT, data=st.data())
def test_steps_that_are_taken_many_at_once_are_the_same(by_bytes, text, data):
    source = b"{" + "".join(text).encode()
    path = Path(source, by_bytes)
    for offset in sorted(data.draw(st.lists(st.integers(1, len(source)), min_size=1, max_size=4))):
        step = path.to(offset)
        assert (path.names, path.begins) == names_and_begins(source, offset)
        assert step is None or step[1] > offset
