"""What values take at least on the wire, and about in memory: the bounds that a Reader checks an array against."""

from __future__ import annotations

from collections.abc import Iterable

from tools.messages_generator.model import Definition, Field

_WIRE = {"bool": 1, "int8": 1, "int16": 2, "uint16": 2, "int32": 4, "int64": 8, "float64": 8, "uuid": 16}
_HEAP = {"bool": 0, "int8": 0, "float64": 24, "uuid": 56, "string": 0, "bytes": 0, "records": 0}
_INT_HEAP = 32
_LIST_HEAP = 56
_OBJECT_HEAP = 40  # object and garbage collector's header, and the list's pointer to it
_SLOT_HEAP = 8


def wire_size(definition: Definition, field: Field, versions: Iterable[int]) -> int:
    """The fewest bytes an element of an array can have in any of ``versions``."""
    return max(1, min(_element(definition, field, version) for version in versions))


def heap_size(definition: Definition, field: Field) -> int:
    """About how many bytes of memory an element of an array takes when all of its strings and arrays are empty."""
    if field.is_struct:
        return _struct_heap(definition, field.type)
    return _SLOT_HEAP + (50 if field.type == "string" else _HEAP.get(field.type, _INT_HEAP))


def _element(definition: Definition, field: Field, version: int) -> int:
    if field.is_struct:
        return _struct(definition, field.type, version)
    return _WIRE.get(field.type) or _length(definition, field, version)


def _struct(definition: Definition, name: str, version: int) -> int:
    fields = [f for f in definition.structs[name].fields if version in f.versions and version not in f.tagged]
    return sum(_field(definition, f, version) for f in fields) + (version in definition.flexible)


def _field(definition: Definition, field: Field, version: int) -> int:
    if field.array:
        return 1 if definition.is_flexible(field, version) else 4
    if field.is_struct and version in field.nullable:
        return 1
    return _element(definition, field, version)


def _length(definition: Definition, field: Field, version: int) -> int:
    if definition.is_flexible(field, version):
        return 1
    return 2 if field.type == "string" else 4


def _struct_heap(definition: Definition, name: str) -> int:
    fields = definition.structs[name].fields
    return _OBJECT_HEAP + _SLOT_HEAP * (len(fields) + 1) + sum(_field_heap(definition, f) for f in fields)


def _field_heap(definition: Definition, field: Field) -> int:
    if field.array:
        return _LIST_HEAP
    if field.is_struct:
        return 0 if field.nullable or field.tagged else _struct_heap(definition, field.type)
    return _HEAP.get(field.type, _INT_HEAP)
