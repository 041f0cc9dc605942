"""Protobuf as others write and read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from zoneproxy.formats.document import DEFAULT_LIMITS, FormatLimits
from zoneproxy.formats.protobuf.document import ProtobufDocument
from zoneproxy.formats.protobuf.schema import protobuf_schema
from zoneproxy.formats.varints import unsigned

__all__ = ["SHOP", "Order", "field", "leaves", "read", "tag"]

# The same twice: as text for us, as a descriptor for the other library.
SHOP = """
syntax = "proto2";
package shop;
message Order {
  required int64 id = 1;
  optional string email = 2 [(confluent.field_meta).tags = "PII"];
  repeated string notes = 3;
  repeated int32 counts = 4 [packed = true];
  repeated sint64 deltas = 5;
  optional Line line = 6;
  repeated Line lines = 7;
  map<string, Line> by_sku = 8;
  map<int32, string> names = 9;
  optional bytes raw = 10;
  optional double price = 11;
  repeated fixed32 marks = 12 [packed = true];
  optional bool paid = 13;
  optional Colour colour = 14;
  optional uint64 number = 15;
  required string reference = 16;
  message Line { optional string sku = 1; optional Order order = 2; optional float weight = 3; }
  enum Colour { RED = 0; GREEN = 1; }
}
"""
_D = descriptor_pb2.FieldDescriptorProto
_FIELDS = [
    ("id", 1, _D.TYPE_INT64, "required", ""),
    ("email", 2, _D.TYPE_STRING, "optional", ""),
    ("notes", 3, _D.TYPE_STRING, "repeated", ""),
    ("counts", 4, _D.TYPE_INT32, "repeated packed", ""),
    ("deltas", 5, _D.TYPE_SINT64, "repeated", ""),
    ("line", 6, _D.TYPE_MESSAGE, "optional", ".shop.Order.Line"),
    ("lines", 7, _D.TYPE_MESSAGE, "repeated", ".shop.Order.Line"),
    ("by_sku", 8, _D.TYPE_MESSAGE, "repeated", ".shop.Order.BySkuEntry"),
    ("names", 9, _D.TYPE_MESSAGE, "repeated", ".shop.Order.NamesEntry"),
    ("raw", 10, _D.TYPE_BYTES, "optional", ""),
    ("price", 11, _D.TYPE_DOUBLE, "optional", ""),
    ("marks", 12, _D.TYPE_FIXED32, "repeated packed", ""),
    ("paid", 13, _D.TYPE_BOOL, "optional", ""),
    ("colour", 14, _D.TYPE_ENUM, "optional", ".shop.Order.Colour"),
    ("number", 15, _D.TYPE_UINT64, "optional", ""),
    ("reference", 16, _D.TYPE_STRING, "required", ""),
]
_LABELS = {"optional": _D.LABEL_OPTIONAL, "required": _D.LABEL_REQUIRED, "repeated": _D.LABEL_REPEATED}


def _add(message: Any, name: str, number: int, type_: int, label: str, type_name: str) -> None:
    word, _, packed = label.partition(" ")
    added = message.field.add(name=name, number=number, type=type_, label=_LABELS[word], type_name=type_name or None)
    if packed:
        added.options.packed = True


def _order() -> Any:
    file = descriptor_pb2.FileDescriptorProto(name="shop.proto", package="shop", syntax="proto2")
    order = file.message_type.add(name="Order")
    for each in _FIELDS:
        _add(order, *each)
    line = order.nested_type.add(name="Line")
    _add(line, "sku", 1, _D.TYPE_STRING, "optional", "")
    _add(line, "order", 2, _D.TYPE_MESSAGE, "optional", ".shop.Order")
    _add(line, "weight", 3, _D.TYPE_FLOAT, "optional", "")
    for name, key, value in (("BySkuEntry", _D.TYPE_STRING, ".shop.Order.Line"), ("NamesEntry", _D.TYPE_INT32, "")):
        entry = order.nested_type.add(name=name)
        entry.options.map_entry = True
        _add(entry, "key", 1, key, "optional", "")
        _add(entry, "value", 2, _D.TYPE_MESSAGE if value else _D.TYPE_STRING, "optional", value)
    colour = order.enum_type.add(name="Colour")
    colour.value.add(name="RED", number=0)
    colour.value.add(name="GREEN", number=1)
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("shop.Order"))


Order: Any = _order()

_SCHEMA = protobuf_schema(SHOP)


def read(data: bytes, limits: FormatLimits = DEFAULT_LIMITS) -> ProtobufDocument:
    """As an Order."""
    return _SCHEMA.told(b"\x00", 0).read(data, 0, limits)


def tag(number: int, wire: int) -> bytes:
    return unsigned(number << 3 | wire)


def field(number: int, content: bytes) -> bytes:
    """One with a length."""
    return tag(number, 2) + unsigned(len(content)) + content


def leaves(document: ProtobufDocument) -> Mapping[tuple[bytes | int, ...], bytes] | Sequence[object]:
    """What is said, by path."""
    return {leaf.path: leaf.text for leaf in document.leaves}
