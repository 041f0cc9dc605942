"""What a value is called by where it stands: the header of its column in a table, its field in an HL7 v2 message."""

from __future__ import annotations

import re
from collections.abc import Callable

NameAt = Callable[[int], tuple[bytes, int]]
"""Offset → the name of what stands there, empty if it has none, and where the cell begins."""

MAX_HEADER = 4096  # bytes of a header line
MAX_ROW = 4096  # bytes between the beginning of a row, or a segment, and a value
_FEWEST_COLUMNS = 3
_DELIMITERS = b",;\t|"
_CELL = re.compile(rb'\s*"?[A-Za-z_][A-Za-z0-9 _.\-/()#]{0,63}"?\s*')
_QUOTED = re.compile(rb'"[^"]*"')

# What the fields of segments hold (HL7 v2.5.1, chapters 3, 4, 6 and 7), as far as it may identify somebody.
HL7_FIELDS = {
    b"MSH": {9: b"control id"},
    b"PID": {2: b"mrn", 3: b"mrn", 4: b"mrn", 7: b"birth date", 13: b"phone", 14: b"phone", 19: b"ssn", 20: b"license"},
    b"NK1": {5: b"phone", 6: b"phone", 16: b"birth date", 37: b"ssn"},
    b"GT1": {6: b"phone", 7: b"phone", 8: b"birth date", 12: b"ssn"},
    b"IN1": {18: b"birth date", 36: b"member id", 49: b"member id"},
    b"PV1": {7: b"npi", 8: b"npi", 9: b"npi", 17: b"npi"},
    b"ORC": {10: b"npi", 11: b"npi", 12: b"npi"},
    b"OBR": {16: b"npi", 28: b"npi"},
    b"OBX": {16: b"npi"},
}
HL7_SHAPE = rb"[\r\n](?:PID|NK1|GT1|IN1|PV1|ORC|OBR|OBX)\|"
"""What stands before a field that has a name."""


def column_names(source: bytes) -> NameAt | None:
    """How to tell the names of values in ``source``; None if it is neither a table with a header nor HL7."""
    if source[:4] == b"MSH|":
        return lambda offset: _hl7_field(source, offset)
    end = source.find(b"\n", 0, MAX_HEADER)
    if end < 0:
        return None
    for delimiter in _DELIMITERS:
        names = source[:end].strip(b"\r|").split(bytes((delimiter,)))
        if len(names) >= _FEWEST_COLUMNS and all(map(_CELL.fullmatch, names)):
            header = source[:end].split(bytes((delimiter,)))
            return lambda offset: _column(source, end, offset, bytes((delimiter,)), header)
    return None


def _column(source: bytes, header_end: int, offset: int, delimiter: bytes, names: list[bytes]) -> tuple[bytes, int]:
    if offset <= header_end:
        return b"", 0
    begin = source.rfind(b"\n", max(0, offset - MAX_ROW), offset) + 1
    if not begin:
        return b"", 0
    row = source[begin:offset]
    index = _QUOTED.sub(b"", row).count(delimiter)
    return names[index] if index < len(names) else b"", begin + row.rfind(delimiter) + 1


def _hl7_field(source: bytes, offset: int) -> tuple[bytes, int]:
    reach = max(0, offset - MAX_ROW)
    segment = source[
        max(source.rfind(b"\r", reach, offset), source.rfind(b"\n", reach, offset), reach - 1) + 1 : offset
    ]
    name = HL7_FIELDS.get(segment[:3], {}).get(segment.count(b"|"), b"")
    return name, offset - len(segment) + segment.rfind(b"|") + 1
