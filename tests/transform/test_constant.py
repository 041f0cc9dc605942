from __future__ import annotations

import pytest

from tests.transform.changes import make


@pytest.mark.parametrize(
    ("value", "text", "in_json"),
    [
        ('"[gone]"', b"[gone]", b'"[gone]"'),
        ('"a\\"b"', b'a"b', b'"a\\"b"'),
        ("0", b"0", b"0"),
        ("true", b"true", b"true"),
    ],
)
def test_replace(value, text, in_json):
    change = make("replace", value=value)
    assert change.text(b"x") == text
    assert change.value(b'"x"') == change.value(b"1") == change.value(b"{}") == in_json
    assert change.value(b"null") == b"null"
    assert b'"' + change.in_string(b"x") + b'"' == (in_json if in_json.startswith(b'"') else b'"' + in_json + b'"')


def test_null():
    change = make("null")
    assert change.text(b"x") == change.in_string(b"x") == b""
    assert change.value(b'"x"') == change.value(b"[1]") == b"null"
    assert change.nulls
    assert not change.removes


def test_remove():
    change = make("remove")
    assert change.text(b"x") == change.in_string(b"x") == b""
    assert change.value(b'"x"') == b"null"
    assert change.removes
