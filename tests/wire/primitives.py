"""Values of the protocol's primitive types, and the bytes they are written as: for readers and writers alike."""

from __future__ import annotations

from struct import Struct

VALUES: list[tuple[str, object, bytes]] = [
    ("int8", 0, b"\x00"),
    ("int8", -1, b"\xff"),
    ("int8", 127, b"\x7f"),
    ("int16", -2, b"\xff\xfe"),
    ("int16", 0x1234, b"\x12\x34"),
    ("uint16", 0xFFFE, b"\xff\xfe"),
    ("int32", -2, b"\xff\xff\xff\xfe"),
    ("int32", 0x12345678, b"\x12\x34\x56\x78"),
    ("int64", -2, b"\xff" * 7 + b"\xfe"),
    ("int64", 1 << 62, b"\x40" + bytes(7)),
    ("float64", 1.5, b"\x3f\xf8" + bytes(6)),
    ("boolean", True, b"\x01"),
    ("boolean", False, b"\x00"),
    ("uuid", bytes(range(16)), bytes(range(16))),
    ("unsigned_varint", 0, b"\x00"),
    ("unsigned_varint", 127, b"\x7f"),
    ("unsigned_varint", 128, b"\x80\x01"),
    ("unsigned_varint", 300, b"\xac\x02"),
    ("unsigned_varint", 0xFFFFFFFF, b"\xff\xff\xff\xff\x0f"),
    ("string", "", b"\x00\x00"),
    ("string", "grün", b"\x00\x05gr\xc3\xbcn"),
    ("nullable_string", None, b"\xff\xff"),
    ("nullable_string", "a", b"\x00\x01a"),
    ("compact_string", "", b"\x01"),
    ("compact_string", "grün", b"\x06gr\xc3\xbcn"),
    ("compact_string", "x" * 200, b"\xc9\x01" + b"x" * 200),
    ("compact_nullable_string", None, b"\x00"),
    ("compact_nullable_string", "a", b"\x02a"),
    ("bytes_", b"", bytes(4)),
    ("bytes_", b"ab", b"\x00\x00\x00\x02ab"),
    ("nullable_bytes", None, b"\xff" * 4),
    ("nullable_bytes", b"ab", b"\x00\x00\x00\x02ab"),
    ("compact_bytes", b"ab", b"\x03ab"),
    ("compact_nullable_bytes", None, b"\x00"),
    ("compact_nullable_bytes", b"ab", b"\x03ab"),
    ("records", b"ab", b"\x00\x00\x00\x02ab"),
    ("nullable_records", None, b"\xff" * 4),
    ("nullable_records", b"ab", b"\x00\x00\x00\x02ab"),
    ("compact_records", b"ab", b"\x03ab"),
    ("compact_nullable_records", None, b"\x00"),
    ("compact_nullable_records", b"x" * 9000, b"\xa9\x46" + b"x" * 9000),
    ("unknown_tags", (), b"\x00"),
    ("unknown_tags", ((0, b""), (1, b"ab"), (300, b"c")), b"\x03\x00\x00\x01\x02ab\xac\x02\x01c"),
]
"""The method of Reader and Writer, a value, and its bytes."""

NUMBERS: list[tuple[str, list[int], bytes]] = [
    ("int8s", [1, -1], b"\x01\xff"),
    ("int16s", [1, -1], b"\x00\x01\xff\xff"),
    ("int32s", [1, -1], b"\x00\x00\x00\x01\xff\xff\xff\xff"),
    ("int64s", [1, -1], bytes(7) + b"\x01" + b"\xff" * 8),
    ("int32s", [], b""),
]
"""The method, the elements of an array, and their bytes."""

LENGTHS: list[tuple[str, int, bytes]] = [
    ("array_length", 0, bytes(4)),
    ("array_length", 3, b"\x00\x00\x00\x03"),
    ("nullable_array_length", -1, b"\xff" * 4),
    ("nullable_array_length", 3, b"\x00\x00\x00\x03"),
    ("compact_array_length", 0, b"\x01"),
    ("compact_array_length", 3, b"\x04"),
    ("compact_array_length", 200, b"\xc9\x01"),
    ("compact_nullable_array_length", -1, b"\x00"),
    ("compact_nullable_array_length", 3, b"\x04"),
]
"""The method, the length of an array or -1 for null, and its bytes."""

LAYOUT = Struct(">hq")
LAID_OUT = ((-2, 5), b"\xff\xfe" + bytes(7) + b"\x05")
