"""Schemas of either kind."""

from __future__ import annotations

import pytest

from zoneproxy.formats.compiled import compiled
from zoneproxy.formats.document import DEFAULT_LIMITS
from zoneproxy.formats.schema import InvalidSchema


def test_avro_with_tags_beside_it() -> None:
    text = '{"type": "record", "name": "R", "fields": [{"name": "a", "type": "string"}]}'
    schema = compiled("avro", text, tags={"R.a": ["PII"]})
    assert schema.kind == "avro"
    (leaf,) = schema.read(b"\x02x", 0, DEFAULT_LIMITS).leaves
    assert (leaf.path, leaf.tags) == ((b"a",), {"PII"})


def test_protobuf_with_references() -> None:
    schema = compiled("protobuf", "message M { Other o = 1; }", ["message Other { string a = 1; }"])
    assert schema.kind == "protobuf"
    (leaf,) = schema.read(b"\x00\x0a\x03\x0a\x01x", 0, DEFAULT_LIMITS).leaves
    assert leaf.path == (b"o", b"a")


def test_another_kind_is_refused() -> None:
    with pytest.raises(InvalidSchema, match="kind"):
        compiled("json", "{}")
