"""What .proto files declare."""

from __future__ import annotations

import pytest

from zoneproxy.formats.protobuf.declarations import MAX_TEXT, FieldDeclaration, declarations
from zoneproxy.formats.schema import InvalidSchema

FILE = """
// A file with everything that may be passed over.
syntax = "proto2";
package shop.v1;
import public "google/protobuf/timestamp.proto";
option java_package = "x.y";
option (confluent.file_meta).tags = "FILE";
message Order {
  option deprecated = true;
  option (confluent.message_meta).tags = "MESSAGE";
  reserved 4, 8 to 10; reserved "foo";
  extensions 100 to 199;
  enum Status { option allow_alias = true; NEW = 0; OLD = -1 [deprecated = true]; }
  message Line { required string sku = 1;; message Deep {} }
  required int64 id = 1;
  optional Status status = 2 [default = NEW];
  map<string, Line> by_sku = 5;
  oneof how { option (x) = 1; string card = 11; Line.Deep deep = 12;; }
  optional group Result = 14 { optional string url = 1; }
  extend Order { optional string ext = 150; }
  string message = 15;
}
enum Colour { RED = 0; }
extend Order { optional string top = 151; }
service S { rpc A(Order) returns (stream Order) { option deprecated = true; } rpc B(Order) returns (Order); };
message Second {}
"""


def test_messages_and_what_is_in_them() -> None:
    file = declarations(FILE)
    order, second = file.messages
    assert (order.name, second.name) == ("shop.v1.Order", "shop.v1.Second")
    assert [inner.name for inner in order.messages] == ["shop.v1.Order.Line", "shop.v1.Order.Result"]
    assert order.messages[0].messages[0].name == "shop.v1.Order.Line.Deep"
    assert order.fields == [
        FieldDeclaration("id", 1, "int64", "required"),
        FieldDeclaration("status", 2, "Status", "optional"),
        FieldDeclaration("by_sku", 5, "Line", key="string"),
        FieldDeclaration("card", 11, "string"),
        FieldDeclaration("deep", 12, "Line.Deep"),
        FieldDeclaration("result", 14, ".shop.v1.Order.Result", "optional"),
        FieldDeclaration("message", 15, "string"),
    ]
    assert order.messages[1].fields == [FieldDeclaration("url", 1, "string", "optional")]


def test_enums_and_tags() -> None:
    file = declarations(FILE)
    assert file.enums == {"shop.v1.Order.Status", "shop.v1.Colour"}
    assert (file.tags, file.messages[0].tags) == ({"FILE"}, {"MESSAGE"})


@pytest.mark.parametrize(
    "text",
    [
        "message",
        "message M",
        "message M {",
        "message M { string }",
        "message M { string a }",
        "message M { string a = b; }",
        "message M { string a = 1 }",
        "message M { map<string> a = 1; }",
        "message M { oneof x { string a = 1; }",
        "message M { } }",
        "enum E { A = 0;",
        "5",
    ],
)
def test_what_declares_nothing_is_refused(text: str) -> None:
    with pytest.raises(InvalidSchema, match="syntax"):
        declarations(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("message A {" * 65, "deep"),
        ("message A { optional group G = 1 {" * 40, "deep"),
        (" " * (MAX_TEXT + 1), "large"),
        (f"message {'a' * 600} {{}}", "name"),
    ],
)
def test_there_are_limits(text: str, reason: str) -> None:
    with pytest.raises(InvalidSchema, match=reason):
        declarations(text)
