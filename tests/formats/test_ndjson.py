from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.kit import change, index_of, reads_or_refuses, texts
from tests.formats.test_json import VALUES
from zoneproxy.formats.document import DEFAULT_LIMITS, FormatLimits, Malformed
from zoneproxy.formats.ndjson import read_ndjson

LINES = b'{"a":1,"b":"x"}\r\n\n  \n{"a":2}\n"y"'


def test_paths_are_those_within_a_line():
    assert texts(read_ndjson(LINES, DEFAULT_LIMITS)) == [(b"a", b"1"), (b"b", b"x"), (b"a", b"2"), (b"", b"y")]


def test_changes():
    lines = read_ndjson(LINES, DEFAULT_LIMITS)
    changed = {index_of(lines, b"2"): b"*", index_of(lines, b"x"): None, index_of(lines, b"y"): b"z"}
    assert lines.rewritten(changed) == b'{"a":1}\r\n\n  \n{"a":"*"}\n"z"'


def test_each_line_must_be_json():
    with pytest.raises(Malformed, match="json"):
        read_ndjson(LINES + b"\nx", DEFAULT_LIMITS)


def test_limits_are_for_all_lines():
    limits = FormatLimits(leaves=5)
    assert read_ndjson(b"[1,2]\n[3,4]\n5", limits)
    with pytest.raises(Malformed, match="leaves"):
        read_ndjson(b"[1,2]\n[3,4]\n[5,6]", limits)
    with pytest.raises(Malformed, match="large"):
        read_ndjson(b" " * 20, FormatLimits(size=19))


def test_names_are_unique_in_a_line():
    unique = FormatLimits(unique_names=True)
    assert read_ndjson(b'{"a":1}\n{"a":1}', unique)
    with pytest.raises(Malformed, match="duplicate"):
        read_ndjson(b'{"a":1,"a":2}', unique)


@given(st.lists(VALUES, max_size=4), st.text(max_size=6), st.data())
def test_one_changed_leaf(values, text, data):
    written = b"\n".join(json.dumps(value).encode() for value in values)
    leaves = read_ndjson(written, DEFAULT_LIMITS).leaves
    if leaves:
        change(read_ndjson, written, data.draw(st.integers(0, len(leaves) - 1)), text.encode())


@given(st.binary(max_size=40))
def test_any_bytes(value):
    reads_or_refuses(read_ndjson, value)
