""".proto files as schemas."""

from __future__ import annotations

import pytest

from tests.formats.protobuf.kit import field, leaves, tag
from zoneproxy.formats.document import DEFAULT_LIMITS, Leaf, Malformed
from zoneproxy.formats.protobuf.schema import protobuf_schema
from zoneproxy.formats.schema import InvalidSchema
from zoneproxy.formats.tags import TagPatterns

FILE = """
package shop.v1;
message First { string a = 1; }
message Second {
  Inner inner = 1;
  message Inner { string b = 1; Deep deep = 2; message Deep { .shop.v1.First first = 1; First other = 2; } }
  message First { string own = 1; }
  First first = 2;
}
"""


def read(text: str, value: bytes, *references: str, patterns: dict[str, list[str]] | None = None) -> list[Leaf]:
    schema = protobuf_schema(text, references, TagPatterns(patterns or {}))
    return list(schema.read(value, 0, DEFAULT_LIMITS).leaves)


def paths(text: str, value: bytes, *references: str) -> list[object]:
    return [leaf.path for leaf in read(text, value, *references)]


@pytest.mark.parametrize(
    ("indexes", "value", "path"),
    [
        (b"\x00", b"x", (b"a",)),
        (b"\x02\x00", b"x", (b"a",)),
        (b"\x02\x02", field(1, b"x"), (b"inner", b"b")),
        (b"\x04\x02\x00", b"x", (b"b",)),
        (b"\x04\x02\x02", b"x", (b"own",)),
    ],
)
def test_indexes_in_front_say_which_message_it_is(indexes: bytes, value: bytes, path: object) -> None:
    assert paths(FILE, indexes + field(1, value)) == [path]


@pytest.mark.parametrize("indexes", [b"\x02\x04", b"\x04\x00\x00"])
def test_a_message_that_there_is_not_is_refused(indexes: bytes) -> None:
    with pytest.raises(Malformed, match="message"):
        read(FILE, indexes)


def test_a_header_may_say_it_instead() -> None:
    reader = protobuf_schema(FILE).told(b"id\x00", 2)
    assert leaves(reader.read(field(1, b"x"), 0, DEFAULT_LIMITS)) == {(b"a",): b"x"}
    with pytest.raises(Malformed, match="framing"):
        protobuf_schema(FILE).told(b"id\x00more", 2)


def test_names_are_looked_for_from_the_innermost_on() -> None:
    deep = field(1, field(1, b"x")) + field(2, field(1, b"y"))
    assert paths(FILE, b"\x02\x02" + field(1, field(2, deep)) + field(2, field(1, b"z"))) == [
        (b"inner", b"deep", b"first", b"a"),
        (b"inner", b"deep", b"other", b"own"),
        (b"first", b"own"),
    ]


def test_names_may_come_from_references() -> None:
    address = "package geo; message Address { string street = 1; Kind kind = 2; } enum Kind { HOME = 0; }"
    order = 'import "address.proto"; message Order { geo.Address to = 1; }'
    assert paths(order, b"\x00" + field(1, field(1, b"x") + tag(2, 0) + b"\x01"), address) == [
        (b"to", b"street"),
        (b"to", b"kind"),
    ]


def test_what_every_compiler_brings_along_is_known() -> None:
    text = "message M { google.protobuf.Timestamp at = 1; google.protobuf.StringValue s = 2; google.type.Date d = 3; }"
    value = field(1, tag(1, 0) + b"\x05") + field(2, field(1, b"x")) + field(3, tag(1, 0) + b"\x07")
    assert paths(text, b"\x00" + value) == [(b"at", b"seconds"), (b"s", b"value"), (b"d", b"1")]


def test_what_an_any_holds_is_guessed() -> None:
    text = "message M { google.protobuf.Any any = 1; }"
    value = field(1, field(1, b"type/x") + field(2, field(3, b"s\x01")))
    assert paths(text, b"\x00" + value) == [(b"any", b"type_url"), (b"any", b"value", b"3")]


def test_tags_come_from_the_file_the_message_the_field_and_from_beside() -> None:
    text = """
    package p;
    option (confluent.file_meta).tags = "FILE";
    message M {
      option (confluent.message_meta).tags = "MESSAGE";
      string a = 1 [(confluent.field_meta).tags = "FIELD"];
      map<string, string> m = 2;
    }
    """
    value = b"\x00" + field(1, b"x") + field(2, field(1, b"k") + field(2, b"v"))
    assert [leaf.tags for leaf in read(text, value, patterns={"p.M.m": ["beside"]})] == [
        {"FILE", "MESSAGE", "FIELD"},
        set(),
        {"FILE", "MESSAGE", "BESIDE"},
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("message M { Unknown u = 1; }", "unknown_type"),
        ("message M { .Unknown u = 1; }", "unknown_type"),
        ("message M { map<double, string> m = 1; }", "map"),
        ("message M { map<M, string> m = 1; }", "map"),
        ("message M { string a = 0; }", "number"),
        ("message M { string a = 536870912; }", "number"),
        ("message M {} message M {}", "redefined"),
    ],
)
def test_what_makes_no_sense_is_refused(text: str, reason: str) -> None:
    with pytest.raises(InvalidSchema, match=reason):
        protobuf_schema(text)


def test_a_reference_may_define_what_is_known_already() -> None:
    again = "package google.protobuf; message Timestamp { int64 seconds = 1; int32 nanos = 2; }"
    protobuf_schema("message M { google.protobuf.Timestamp at = 1; }", [again])
