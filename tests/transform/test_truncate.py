from __future__ import annotations

from tests.transform.changes import make


def test_the_first_characters_are_left():
    change = make("truncate", length=3)
    assert change.text(b"abcdef") == b"abc"
    assert change.text("größe".encode()) == "grö".encode()
    assert change.text(b"ab") == b"ab"
    assert change.value(rb'"\u00e9\nabc"') == '"é\\na"'.encode()
    assert change.value(b"123456") == b'"123"'


def test_what_leaves_less_is_stricter():
    assert make("truncate", length=2).strictness > make("truncate", length=3).strictness
