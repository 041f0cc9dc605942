from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.test_cbor import encoded
from tests.formats.test_msgpack import ORDER, packed
from zoneproxy.formats.cbor import CborDocument
from zoneproxy.formats.document import DEFAULT_LIMITS, FormatLimits, Malformed
from zoneproxy.formats.json import JsonDocument
from zoneproxy.formats.msgpack import MsgpackDocument
from zoneproxy.formats.sniff import is_text, sniff
from zoneproxy.formats.xml.document import XmlDocument


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (b' {"a":1}', JsonDocument),
        (b"[]", JsonDocument),
        (b'{"a":1', type(None)),
        (b'{"a":1}\n{"a":2}', type(None)),
        (b'"a"', type(None)),
        (b"17", type(None)),
        (b"<a/>", XmlDocument),
        (b"\xef\xbb\xbf<?xml version='1.0'?><a>x</a>", XmlDocument),
        (b"<a>", type(None)),
        (b"hello", type(None)),
        (packed(ORDER), MsgpackDocument),
        (encoded(ORDER), CborDocument),
        (b"\xd9\xd9\xf7" + encoded(ORDER), CborDocument),
        (b"\xbf\x61a\x01\xff", CborDocument),
        (packed(7), type(None)),
        (packed("\x00"), type(None)),
        (b"\x90", type(None)),
        (packed(ORDER) + b"\x00", type(None)),
        (b"\x00\x00\x00\x00\x07ab", type(None)),
    ],
)
def test_what_values_are(value, kind):
    assert type(sniff(value, DEFAULT_LIMITS)) is kind


def test_what_is_over_a_limit_is_no_text():
    for value in (json.dumps([1, 2, 3]).encode(), packed([1, 2, 3, b"\xff"]), encoded([1, 2, 3, b"\xff"])):
        with pytest.raises(Malformed, match="leaves"):
            sniff(value, FormatLimits(leaves=2))


def test_text():
    assert is_text("né\t\r\n\x0c\x1b[1m".encode())
    assert is_text(b"")
    assert not any(map(is_text, (b"\x00", b"a\x07", b"\xff", "é".encode("latin-1"), "a".encode("utf-16"), b"\x7f")))


@given(st.binary(min_size=1, max_size=40))
def test_any_bytes(value):
    document = sniff(value, DEFAULT_LIMITS)
    assert document is None or document.rewritten({}) == value
