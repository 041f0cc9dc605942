"""Files that every compiler brings along."""

from __future__ import annotations

from google.protobuf import struct_pb2, wrappers_pb2

from tests.formats.protobuf.kit import leaves
from zoneproxy.formats.document import DEFAULT_LIMITS
from zoneproxy.formats.protobuf.declarations import declarations
from zoneproxy.formats.protobuf.schema import protobuf_schema
from zoneproxy.formats.protobuf.well_known import WELL_KNOWN


def test_they_are_what_another_library_has() -> None:
    ours = {message.name: message for text in WELL_KNOWN for message in declarations(text).messages}
    for module in (struct_pb2, wrappers_pb2):
        for theirs in module.DESCRIPTOR.message_types_by_name.values():
            numbers = {field.name: field.number for field in theirs.fields}
            assert {field.name: field.number for field in ours[theirs.full_name].fields} == numbers


def test_a_struct_is_read_like_json() -> None:
    struct = struct_pb2.Struct()
    struct.update({"a": {"b": ["x", 1.5, True]}})
    reader = protobuf_schema("message M { google.protobuf.Struct s = 1; }").told(b"\x00", 0)
    value = struct.SerializeToString()
    said = leaves(reader.read(b"\x0a" + bytes([len(value)]) + value, 0, DEFAULT_LIMITS))
    a = b"s", b"fields", b"a"
    b = *a, b"struct_value", b"fields", b"b"
    values = *b, b"list_value", b"values"
    assert said == {
        (*values, 0, b"string_value"): b"x",
        (*values, 1, b"number_value"): b"1.5",
        (*values, 2, b"bool_value"): b"true",
        a: b"a",
        b: b"b",
    }
