"""Values that are made to take long, to take much, or to go deep: each is read whole, or refused."""

from __future__ import annotations

import json

import pytest

from tests.formats.test_cbor import encoded
from zoneproxy.formats.cbor import read_cbor
from zoneproxy.formats.csv_ import read_csv
from zoneproxy.formats.document import FormatLimits, Malformed
from zoneproxy.formats.form import read_form
from zoneproxy.formats.json import read_json
from zoneproxy.formats.msgpack import read_msgpack
from zoneproxy.formats.ndjson import read_ndjson
from zoneproxy.formats.nested import nested
from zoneproxy.formats.rendering import Rendering
from zoneproxy.formats.xml.document import read_xml

N = 1 << 14
LIMITS = FormatLimits(leaves=10_000, size=1 << 20)


def read_nested(value, limits):
    return nested(read_json(value, limits), limits)


def repeatedly(wrap, value, times):
    for _ in range(times):
        value = wrap(value)
    return value


VALUES = {
    "json: depth": (read_json, b"[" * N),
    "json: depth and breadth": (read_json, b"[" * 500 + b"1," * N + b"1" + b"]" * 500),
    "json: containers with nothing in them": (read_json, b"[" + b"[]," * N + b"1]"),
    "json: a long name for many": (read_json, b'{"' + b"x" * N + b'":[' + b"1," * (N // 4) + b"1]}"),
    "json: short for long numbers": (read_json, b"[" + b"1e400," * N + b"1]"),
    "json: in strings of strings": (read_nested, repeatedly(json.dumps, "x", 12).encode()),
    "json: in strings, but for the end": (read_nested, json.dumps(["[" + "1," * N] * 2).encode()),
    "ndjson: empty lines": (read_ndjson, b"\n" * N),
    "ndjson: lines of spaces": (read_ndjson, b" \n" * N),
    "csv: empty cells": (read_csv, b"," * 4 * N),
    "csv: quotes": (read_csv, b'"' * N),
    "csv: a quote that is not closed": (read_csv, b'"' + b"a" * N),
    "xml: depth": (read_xml, b"<a>" * N),
    "xml: comments that are not closed": (read_xml, b"<a>" + b"<!--" * N),
    "xml: a tag that is not closed": (read_xml, b"<a " + b'b="c" ' * N),
    "xml: a tag of spaces": (read_xml, b"<a" + b" " * N),
    "xml: text in pieces": (read_xml, b"<a>" + b"4<b/>" * (N // 4) + b"</a>"),
    "form: empty pairs": (read_form, b"&" * 4 * N),
    "form: percent": (read_form, b"%" * N),
    "msgpack: depth": (read_msgpack, b"\x91" * N),
    "msgpack: containers with nothing in them": (read_msgpack, b"\xdd" + (4 * N).to_bytes(4) + b"\x90" * 4 * N),
    "msgpack: more than there is": (read_msgpack, b"\xdd\xff\xff\xff\xff" + b"\xc0" * N),
    "cbor: depth": (read_cbor, b"\x81" * N),
    "cbor: tags": (read_cbor, b"\xc1" * N + b"\x00"),
    "cbor: fractions in fractions": (read_cbor, b"\xc4\x82\x01" * N),
    "cbor: fractions in bignums": (read_cbor, b"\xc4\x82\x01\xc2" * N),
    "cbor: short for long fractions": (read_cbor, b"\x9f" + b"\xc4\x82\x39\x01\x8f\x01" * (2 * N) + b"\xff"),
    "cbor: pieces": (read_cbor, b"\x5f" + b"\x40" * N + b"\xff"),
    "cbor: in itself": (
        read_cbor,
        repeatedly(lambda data: b"\xd8\x18" + encoded(data), b"\x9f" + b"\x01" * N + b"\xff", 40),
    ),
}


@pytest.mark.parametrize(("read", "value"), VALUES.values(), ids=VALUES)
def test_it_is_read_or_refused(read, value):
    try:
        document = read(value, LIMITS)
    except Malformed as malformed:
        assert malformed.reason.isalpha()  # noqa: PT017 -- either is right
    else:
        assert document.rewritten({}) == value
        assert Rendering(document.leaves).text
