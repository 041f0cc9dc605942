from __future__ import annotations

import pytest

from tests.formats.kit import texts
from tests.formats.test_cbor import encoded
from tests.formats.test_msgpack import packed
from zoneproxy.boundary.reading import Readings
from zoneproxy.formats.avro.schema import avro_schema
from zoneproxy.formats.book import SchemaBook, UnknownSchema
from zoneproxy.formats.document import Malformed
from zoneproxy.formats.protobuf.schema import protobuf_schema
from zoneproxy.policy.value_rules import FORMATS, Format

SAMPLES = {
    "json": b'{"a":"x"}',
    "ndjson": b'{"a":"x"}\n{}',
    "csv": b"a,b\nx,\n",
    "xml": b"<r><a>x</a></r>",
    "form": b"a=x",
    "avro": b"\x00\x00\x00\x00\x01\x02x",
    "protobuf": b"\x00\x00\x00\x00\x02\x00\x0a\x01x",
    "msgpack": packed({"a": "x"}),
    "cbor": encoded({"a": "x"}),
    "auto": b'{"a":"x"}',
    "text": None,
}


KNOWN = {1: avro_schema('"string"'), 2: protobuf_schema("message M { string a = 1; }")}
BOOKS = {"main": SchemaBook("main", KNOWN, asks=True), "other": SchemaBook("other", KNOWN, asks=False)}


def reading(**fields):
    if fields.get("value") in ("avro", "protobuf"):
        fields = {"schemas": "main"} | fields
    (found,) = Readings([Format("r", **fields)], BOOKS).value
    return found


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_read(name):
    sample = SAMPLES[name]
    if sample is not None:
        document = reading(value=name).document(sample)
        assert b"x" in [text for _, text in texts(document)]


def test_text_says_nothing_but_itself():
    assert reading(value="text").document(b"hello") is None
    assert reading(value="auto").document(b"hello") is None
    with pytest.raises(Malformed, match="text"):
        reading(value="text").document(b"\x00")


def test_what_is_not_of_its_format():
    for name in set(FORMATS) - {"auto", "csv"}:
        with pytest.raises(Malformed):
            reading(value=name).document(b"\x01\x02")


def test_how_csv_is_written():
    table = reading(value="csv", delimiter=";", columns=("id", "name"))
    assert texts(table.document(b"1;x,y\n")) == [(b"id", b"1"), (b"name", b"x,y")]
    assert texts(reading(value="csv", header=True).document(b"1,2\n3,4")) == [(b"1", b"3"), (b"2", b"4")]


def test_names_may_have_to_be_unique():
    twice = b'{"a":1,"a":2}'
    assert reading(value="json").document(twice)
    with pytest.raises(Malformed, match="duplicate"):
        reading(value="json", unique_names=True).document(twice)


def test_what_is_nested():
    document = reading(value="form").document(b"p=%7B%22a%22%3A1e3%7D")
    assert texts(reading(value="form").unfolded(document)) == [(b"p.a", b"1000")]


def test_readings_of_all_parts_and_rules():
    readings = Readings(
        [Format("a", value="json", key="text"), Format("b", value="json", headers="form"), Format("c", value="xml")]
    )
    assert [each.format for each in readings.of("value")] == ["json", "xml"]
    assert [each.rule for each in readings.of("value")] == ["a", "c"]
    assert [each.format for each in readings.of("key")] == ["text"]
    assert [each.format for each in readings.of("header_value")] == ["form"]
    assert readings.of("header_name") == ()
    assert readings
    assert not Readings([])


def test_what_need_not_be_read():
    assert reading(value="json").is_open(b'{"a":1}')
    assert reading(value="auto").is_open(b'{"a":1}')
    assert not reading(value="json", unique_names=True).is_open(b'{"a":1}')
    assert not reading(value="json").is_open(b'{"a":1e3}')
    assert not reading(value="csv").is_open(b'{"a":1}')


def test_kinds():
    assert reading(value="json").is_declared
    assert not reading(value="auto").is_declared
    assert reading(value="cbor").is_binary
    assert not reading(value="xml").is_binary


def test_a_header_may_tell_of_the_schema():
    assert texts(reading(value="avro").document(b"\x02x", b"\x00\x00\x00\x00\x01")) == [(b"", b"x")]
    assert texts(reading(value="json").document(b"1", b"anything")) == [(b"", b"1")]


def test_schemas_that_nobody_knows_yet():
    with pytest.raises(UnknownSchema):
        reading(value="avro").document(b"\x00\x00\x00\x00\x07\x02x")
    with pytest.raises(Malformed, match="unknown_schema") as caught:
        reading(value="avro", schemas="other").document(b"\x00\x00\x00\x00\x07\x02x")
    assert not isinstance(caught.value, UnknownSchema)


def test_protobuf_may_do_without_schemas():
    without = reading(value="protobuf", schemas=None)
    assert texts(without.document(b"\x0a\x01x")) == [(b"1", b"x")]
    assert without.is_binary


def test_readings_with_other_schemas_are_others():
    formats = [
        Format(name, "avro", schemas=schemas) for name, schemas in (("a", "main"), ("b", "main"), ("c", "other"))
    ]
    assert len(Readings(formats, BOOKS).value) == 2
    with pytest.raises(KeyError):
        Readings([Format("r", "avro", schemas="none")], BOOKS)
