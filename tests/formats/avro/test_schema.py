"""Schemas of Avro."""

from __future__ import annotations

import json

import pytest

from tests.formats.avro.kit import record, said, written
from zoneproxy.formats.avro.schema import MAX_TEXT, avro_schema
from zoneproxy.formats.document import DEFAULT_LIMITS, Kind, Leaf, Malformed
from zoneproxy.formats.schema import InvalidSchema
from zoneproxy.formats.tags import TagPatterns


def leaves(text: object, data: bytes, *references: object, patterns: dict[str, list[str]] | None = None) -> list[Leaf]:
    schema = avro_schema(json.dumps(text), map(json.dumps, references), TagPatterns(patterns or {}))
    return list(schema.read(data, 0, DEFAULT_LIMITS).leaves)


def tags(text: object, data: bytes, **patterns: list[str]) -> list[set[str]]:
    return [
        set(leaf.tags) for leaf in leaves(text, data, patterns={k.replace("_", "."): v for k, v in patterns.items()})
    ]


@pytest.mark.parametrize("text", ['"string"', "string", ' {"type": "string"}', '{"type": {"type": "string"}}'])
def test_a_primitive_may_be_all_there_is(text: str) -> None:
    assert avro_schema(text).read(b"\x02a", 0, DEFAULT_LIMITS).leaves[0].text == b"a"


def test_what_stands_in_front_of_the_value_stays() -> None:
    document = avro_schema('"string"').read(b"\x00\x00\x00\x00\x01\x02a", 5, DEFAULT_LIMITS)
    assert document.rewritten({0: b"bc"}) == b"\x00\x00\x00\x00\x01\x04bc"


def test_names_are_looked_for_in_their_namespace() -> None:
    schema = {
        "type": "record",
        "name": "R",
        "namespace": "a.b",
        "fields": [
            {"name": "x", "type": {"type": "enum", "name": "E", "symbols": ["ONE"]}},
            {"name": "y", "type": "E"},
            {"name": "z", "type": "a.b.E"},
            {"name": "u", "type": {"type": "fixed", "name": "c.F", "size": 1}},
            {"name": "v", "type": "c.F"},
        ],
    }
    value = {"x": "ONE", "y": "ONE", "z": "ONE", "u": b"a", "v": b"b"}
    data = written(schema, value)
    assert [leaf.text for leaf in leaves(schema, data)] == [b"ONE", b"ONE", b"ONE", b"a", b"b"]
    assert said(schema, data) == value


def test_references_define_names() -> None:
    address = record("string", name="shop.Address")
    customer = {"type": "record", "name": "shop.Customer", "fields": [{"name": "a", "type": "Address"}]}
    order = {"type": "record", "name": "Order", "fields": [{"name": "c", "type": "shop.Customer"}]}
    assert leaves(order, b"\x02x", address, customer)[0].path == (b"c", b"a", b"f0")


def test_tags_of_a_field_hold_for_all_in_it() -> None:
    inner = {"type": "record", "name": "I", "fields": [{"name": "a", "type": "int", "confluent:tags": ["GDPR"]}]}
    schema = {
        "type": "record",
        "name": "R",
        "fields": [
            {"name": "x", "type": "int"},
            {"name": "y", "type": inner, "confluent:tags": ["pii"]},
            {"name": "z", "type": ["null", "string"], "tags": "PCI"},
        ],
    }
    assert tags(schema, b"\x00\x00\x00") == [set(), {"PII", "GDPR"}, {"PCI"}]


def test_tags_of_a_record_hold_for_its_fields() -> None:
    schema = record("int", "int") | {"confluent:tags": ["PHI", 5], "tags": {"odd": 1}}
    assert tags(schema, b"\x00\x00") == [{"PHI"}, {"PHI"}]


def test_tags_may_stand_beside_the_schema() -> None:
    schema = record("int", record("int", name="shop.S"), name="shop.R")
    assert tags(schema, b"\x00\x00", shop_R_f0=["A"], shop_S_f0=["B"]) == [{"A"}, {"B"}]


def test_names_of_a_map_have_no_tags() -> None:
    schema = {"type": "record", "name": "R", "fields": []}
    schema["fields"] = [{"name": "m", "type": {"type": "map", "values": "int"}, "tags": ["PII"]}]  # type: ignore[assignment]
    assert tags(schema, b"\x02\x02k\x00\x00") == [set(), {"PII"}]


@pytest.mark.parametrize(
    "decimal",
    [
        {"precision": 5, "scale": 6},
        {"precision": 5, "scale": -1},
        {"scale": 1},
        {"precision": "5"},
        {"precision": 500, "scale": 400},
    ],
)
def test_a_decimal_that_makes_no_sense_is_bytes(decimal: dict[str, object]) -> None:
    schema = {"type": "bytes", "logicalType": "decimal"} | decimal
    assert leaves(schema, b"\x02\x05")[0].kind is Kind.BYTES


def test_a_logical_type_that_nobody_knows_is_not_looked_at() -> None:
    assert leaves({"type": "int", "logicalType": "colour"}, b"\x02")[0].text == b"1"
    fixed = {"type": "fixed", "name": "D", "size": 12, "logicalType": "duration"}
    assert leaves(fixed, bytes(12))[0].kind is Kind.BYTES


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "json"),
        ("{", "json"),
        ("5", "type"),
        ("{}", "type"),
        ('"Unknown"', "unknown_type"),
        ('{"type": "array"}', "type"),
        ('{"type": "record", "fields": []}', "name"),
        ('{"type": "record", "name": "", "fields": []}', "name"),
        ('{"type": "record", "name": "R", "namespace": 5, "fields": []}', "name"),
        ('{"type": "record", "name": "R"}', "fields"),
        ('{"type": "record", "name": "R", "fields": [5]}', "fields"),
        ('{"type": "record", "name": "R", "fields": [{"type": "int"}]}', "fields"),
        ('{"type": "record", "name": "R", "fields": [{"name": "a", "type": "array", "items": "int"}]}', "unknown_type"),
        ('{"type": "enum", "name": "E", "symbols": "A"}', "symbols"),
        ('{"type": "enum", "name": "E", "symbols": [1]}', "symbols"),
        ('{"type": "fixed", "name": "F"}', "size"),
        ('{"type": "fixed", "name": "F", "size": true}', "size"),
        ('{"type": "fixed", "name": "F", "size": -1}', "size"),
        ('[{"type": "fixed", "name": "F", "size": 1}, {"type": "fixed", "name": "F", "size": 2}]', "redefined"),
        ("[" * 200 + '"int"' + "]" * 200, "deep"),
        ("[" * 100_000, "deep"),
        (" " * (MAX_TEXT + 1), "large"),
    ],
)
def test_what_is_no_schema_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InvalidSchema, match=reason):
        avro_schema(text)


@pytest.mark.parametrize(
    ("schema", "data", "text"),
    [
        ({"size": 16, "logicalType": "uuid"}, bytes(16), b"00000000-0000-0000-0000-000000000000"),
        ({"size": 2, "logicalType": "decimal", "precision": 4, "scale": 2}, b"\x00\x7b", b"1.23"),
        ({"size": 2, "logicalType": "decimal", "precision": 4, "scale": 5}, b"\x00\x7b", b"\x00\x7b"),
    ],
)
def test_fixed_bytes_may_stand_for_something(schema: dict[str, object], data: bytes, text: bytes) -> None:
    assert leaves({"type": "fixed", "name": "F"} | schema, data)[0].text == text


def test_a_header_may_tell_of_it_and_has_nothing_more_to_say() -> None:
    schema = avro_schema('"string"')
    assert schema.told(b"id", 2).read(b"\x02a", 0, DEFAULT_LIMITS).leaves[0].text == b"a"
    with pytest.raises(Malformed, match="framing"):
        schema.told(b"id\x00", 2)
