"""Rows 27 to 29: Avro, Protobuf and the framings of their serialisers, in every part of a record."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from tests.boundary.batch_kit import IN, LIMITS, batch, record, records_of, whole
from tests.evasion.canaries import CANARIES, TYPES
from tests.formats.avro.kit import written
from tests.formats.protobuf.kit import SHOP, Order, field, tag
from zoneproxy.boundary.batch_result import BatchResult
from zoneproxy.boundary.batches import treat_produce
from zoneproxy.boundary.plan import ControlPlan
from zoneproxy.formats.avro.schema import avro_schema
from zoneproxy.formats.book import SchemaBook
from zoneproxy.formats.framing import KEY_HEADER, VALUE_HEADER
from zoneproxy.formats.protobuf.schema import protobuf_schema
from zoneproxy.formats.varints import unsigned, zigzag
from zoneproxy.policy.controls import Action, Control, Detect, RedactFinding
from zoneproxy.policy.transforms import Transform, TransformKind
from zoneproxy.policy.value_rules import Format
from zoneproxy.wire.error_codes import ErrorCode

ANY: Any = {
    "type": "record",
    "name": "Any",
    "fields": [
        {"name": "a", "type": ["null", "string", "bytes", "long", "double", {"type": "array", "items": "string"}]},
        {"name": "m", "type": {"type": "map", "values": "string"}},
        {"name": "d", "type": {"type": "bytes", "logicalType": "decimal", "precision": 30, "scale": 2}},
        {"name": "next", "type": ["null", "Any"]},
    ],
}
GUID = UUID(int=1)
AVRO, PROTOBUF = avro_schema(json.dumps(ANY)), protobuf_schema(SHOP)
BOOK = SchemaBook("main", {1: AVRO, 2: PROTOBUF, GUID: AVRO}, asks=False)
# At 0.3, as a field called `order` or `number` speaks against cards.
REPLACE = RedactFinding("hide", TYPES, 0.3, Transform(TransformKind.REPLACE, value="0"))
BLOCK = Detect("stop", TYPES, 0.3, Action.BLOCK)


def avro(**said: Any) -> bytes:
    return b"\x00\x00\x00\x00\x01" + written(ANY, {"a": None, "m": {}, "d": Decimal("1.00"), "next": None} | said)


def protobuf(more: bytes = b"", **said: Any) -> bytes:
    order: bytes = Order(**({"id": 1, "reference": "r"} | said)).SerializeToString()
    return b"\x00\x00\x00\x00\x02\x00" + order + more


Write = Callable[[str], bytes]
DISGUISES: dict[str, Write] = {
    "avro: a string": lambda text: avro(a=text),
    "avro: bytes": lambda text: avro(a=text.encode()),
    "avro: an item": lambda text: avro(a=["x", text]),
    "avro: in a map": lambda text: avro(m={"k": text}),
    "avro: deep": lambda text: avro(next={"a": text, "m": {}, "d": Decimal(0), "next": None}),
    "avro: json": lambda text: avro(
        a=json.dumps({"x": "".join(f"\\u{ord(c):04x}" for c in text)}).replace("\\\\", "\\")
    ),
    "protobuf: a string": lambda text: protobuf(email=text),
    "protobuf: bytes": lambda text: protobuf(raw=text.encode()),
    "protobuf: in a map": lambda text: protobuf(names={1: text}),
    "protobuf: deep": lambda text: protobuf(line={"order": {"id": 1, "reference": "r", "notes": [text]}}),
    "protobuf: an unknown field": lambda text: protobuf(field(77, text.encode())),
    "protobuf: an unknown message": lambda text: protobuf(field(77, field(1, field(2, text.encode())) + b"\x10\x01")),
    "protobuf: an unknown group": lambda text: protobuf(tag(77, 3) + field(1, text.encode()) + tag(77, 4)),
    "protobuf: a field of another type": lambda text: protobuf(field(11, text.encode())),
    "schemaless: a field": lambda text: field(1, text.encode()),
    "schemaless: deep": lambda text: field(1, field(2, text.encode()) + b"\x18\x01"),
}
NUMBERS: dict[str, Write] = {
    "avro: a long": lambda card: avro(a=int(card)),
    "avro: a double": lambda card: avro(a=float(card)),
    "avro: a decimal": lambda card: avro(d=Decimal(card)),
    "protobuf: a varint": lambda card: protobuf(number=int(card)),
    "protobuf: zigzag": lambda card: protobuf(deltas=[1, int(card)]),
    "protobuf: a double": lambda card: protobuf(price=float(card)),
    "protobuf: an unknown varint": lambda card: protobuf(tag(77, 0) + unsigned(int(card))),
    "protobuf: unknown zigzag": lambda card: protobuf(tag(77, 0) + zigzag(int(card))),
    "protobuf: an unknown fixed64": lambda card: protobuf(tag(77, 1) + struct.pack("<Q", int(card))),
    "protobuf: an unknown double": lambda card: protobuf(tag(77, 1) + struct.pack("<d", float(card))),
    "protobuf: unknown and packed": lambda card: protobuf(field(77, b"\x05" + unsigned(int(card)))),
    "schemaless: a varint": lambda card: tag(1, 0) + unsigned(int(card)),
    "schemaless: deep zigzag": lambda card: field(1, tag(2, 0) + zigzag(int(card)) + field(3, b"\x01x")),
}
NAMES: dict[str, Write] = {
    "avro: a name in a map": lambda text: avro(m={text: "x"}),
    "protobuf: a name in a map": lambda text: protobuf(by_sku={text: {}}),
}
CASES = [(name, write, type_) for name, write in DISGUISES.items() for type_ in TYPES]
CASES += [(name, write, "PAYMENT_CARD") for name, write in NUMBERS.items()]
IDS = [f"{name}, {type_}" for name, _, type_ in CASES]


def treat(dirty: Any, *controls: Control) -> BatchResult:
    plan = ControlPlan(controls, {}, {"main": BOOK})
    return treat_produce(whole(batch([dirty])), plan, LIMITS, IN)


def shape(name: str) -> Format:
    kind = name.partition(":")[0]
    if kind == "schemaless":
        return Format("shape", *["protobuf"] * 3)
    return Format("shape", *[kind] * 3, schemas="main")


@pytest.mark.parametrize(("name", "write", "type_"), CASES, ids=IDS)
def test_rows_27_and_28_in_values_and_headers(name: str, write: Write, type_: str) -> None:
    dirty = write(CANARIES[type_])
    for given, part in (
        (record(dirty), lambda after: after.value),
        (record(None, headers=[(b"h", dirty)]), lambda after: after.headers[0][1]),
    ):
        assert treat(given, shape(name), BLOCK).error == ErrorCode.POLICY_VIOLATION
        result = treat(given, shape(name), REPLACE)
        assert not result.error
        (after,) = records_of(result.data or b"")
        assert part(after) != dirty
        assert CANARIES[type_].encode() not in part(after)
        assert treat(record(part(after)), shape(name), BLOCK).error == ErrorCode.NONE  # still of its format, and clean


@pytest.mark.parametrize(("name", "write", "type_"), CASES, ids=IDS)
def test_rows_27_and_28_in_keys(name: str, write: Write, type_: str) -> None:
    result = treat(record("x", key=write(CANARIES[type_])), shape(name), REPLACE)
    assert result.error == ErrorCode.POLICY_VIOLATION


@pytest.mark.parametrize("type_", TYPES)
@pytest.mark.parametrize("name", NAMES)
def test_names_in_maps_cannot_be_changed(name: str, type_: str) -> None:
    dirty = NAMES[name](CANARIES[type_])
    assert treat(record(dirty), shape(name), REPLACE).error == ErrorCode.POLICY_VIOLATION


@pytest.mark.parametrize("type_", TYPES)
def test_row_29_schemas_named_in_headers(type_: str) -> None:
    alone = avro(a=CANARIES[type_])[5:]
    told = b"\x01" + GUID.bytes
    result = treat(record(alone, headers=[(VALUE_HEADER, told)]), Format("shape", "avro", schemas="main"), REPLACE)
    (after,) = records_of(result.data or b"")
    assert after.value == avro(a="0")[5:]
    key = record("x", key=alone, headers=[(KEY_HEADER, told)])
    assert treat(key, Format("shape", key="avro", schemas="main"), REPLACE).error == ErrorCode.POLICY_VIOLATION


MOVED = {
    "no framing": lambda value: value[5:],
    "another magic": lambda value: b"\x01" + value[1:],
    "a longer number": lambda value: b"\x00\x00\x00\x00" + value[:5] + value[5:],
    "a number of another schema": lambda value: value[:4] + b"\x02" + value[5:],
    "a number of no schema": lambda value: value[:4] + b"\x09" + value[5:],
    "nothing behind it": lambda value: value[:5],
    "something behind the value": lambda value: value + b"4111111111111111",
    "text": lambda value: b"4111111111111111",
}


@pytest.mark.parametrize("name", MOVED)
def test_row_29_framing_bytes_moved(name: str) -> None:
    moved = MOVED[name](avro(a="x"))
    assert treat(record(moved), Format("shape", "avro", schemas="main"), REPLACE).error == ErrorCode.POLICY_VIOLATION
    twice = [(VALUE_HEADER, b"\x01" + GUID.bytes), (VALUE_HEADER, b"\x00\x00\x00\x00\x01")]
    shaped = Format("shape", "avro", schemas="main")
    assert treat(record(avro(a="x")[5:], headers=twice), shaped, REPLACE).error == ErrorCode.POLICY_VIOLATION
