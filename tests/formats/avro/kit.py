"""Avro as others write and read it."""

from __future__ import annotations

import io
import json
from typing import Any

import fastavro

from zoneproxy.formats.avro.document import AvroDocument
from zoneproxy.formats.avro.schema import avro_schema
from zoneproxy.formats.document import DEFAULT_LIMITS, FormatLimits

Schema = Any


def written(schema: Schema, value: object) -> bytes:
    out = io.BytesIO()
    fastavro.schemaless_writer(out, fastavro.parse_schema(schema), value)
    return out.getvalue()


def said(schema: Schema, data: bytes) -> Any:
    stream = io.BytesIO(data)
    value = fastavro.schemaless_reader(stream, fastavro.parse_schema(schema), None)  # type: ignore[call-arg]
    assert not stream.read()
    return value


def read(schema: Schema, data: bytes, limits: FormatLimits = DEFAULT_LIMITS) -> AvroDocument:
    return avro_schema(json.dumps(schema)).read(data, 0, limits)


def record(*fields: Schema, name: str = "R") -> Schema:
    """Fields f0, f1... of these types."""
    return {
        "type": "record",
        "name": name,
        "fields": [{"name": f"f{index}", "type": type_} for index, type_ in enumerate(fields)],
    }


def said_of(schema: Schema, value: object) -> list[bytes]:
    """The texts of all leaves."""
    return [leaf.text for leaf in read(schema, written(schema, value)).leaves]


def changed(schema: Schema, value: object, changes: dict[int, bytes | None]) -> Any:
    """What others read after a change."""
    return said(schema, read(schema, written(schema, value)).rewritten(changes))
