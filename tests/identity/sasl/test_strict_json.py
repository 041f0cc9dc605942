from __future__ import annotations

import pytest

from zoneproxy.identity.sasl.strict_json import parse_object


def test_an_object() -> None:
    assert parse_object(b'{"a": [1, {"b": null}]}') == {"a": [1, {"b": None}]}


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"1",
        b'{"a": 1, "a": 2}',
        b'{"x": {"a": 1, "a": 1}}',
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 1',
        b"\xff{}",
        b'{"a": ' + b"[" * 100_000,
        b'{"a": ' + b"1" * 5_000 + b"}",
    ],
)
def test_what_is_none(text: bytes) -> None:
    assert parse_object(text) is None
