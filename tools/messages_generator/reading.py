"""The ``read`` method of a struct."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tools.messages_generator.expressions import branch, cases, choose, default, indent, method
from tools.messages_generator.model import NONE, Definition, Field, Struct, Versions
from tools.messages_generator.runs import constant, newest, runs, split
from tools.messages_generator.sizes import heap_size, wire_size

BULK = ("int8", "int16", "int32", "int64")
"""Scalars that Reader and Writer handle many of at once."""


def read_method(definition: Definition, struct: Struct) -> list[str]:
    """The lines of the method, from its decorator on."""
    return [
        "@classmethod",
        f"def read(cls, r: Reader, version: int) -> {struct.name}:",
        f"    self = {struct.name}.__new__({struct.name})",
        *indent([line for run in runs(struct) for line in _run(definition, struct, run)]),
        *indent(_tags(definition, struct)),
        "    return self",
    ]


def _run(definition: Definition, struct: Struct, run: Sequence[Field]) -> list[str]:
    since, fields = newest(struct, run)
    if not since:
        return [line for field in run for line in _field(definition, struct, field, "r")]
    newer = [", ".join(f"self.{field.attribute}" for field in fields) + f" = r.fixed({constant(fields)})"]
    newer += [f"self.{field.attribute} = {default(field)}" for field in run if field not in fields]
    before = replace(struct, versions=Versions(struct.versions.low, since.low - 1))
    older = [line for field in run for line in _field(definition, before, field, "r")] if before.versions else []
    return branch(split(struct, since, newer, older))


def _field(definition: Definition, struct: Struct, field: Field, reader: str) -> list[str]:
    if field.array:
        return _array(definition, struct, field, reader)
    value = choose(cases(struct.versions, lambda version: _value(definition, field, version, reader)))
    return [f"self.{field.attribute} = {value}"]


def _value(definition: Definition, field: Field, version: int, reader: str) -> str:
    """What a value is read with, or the default where it is not there, or a tagged field."""
    if version not in field.versions or version in field.tagged:
        return default(field)
    if not field.is_struct:
        return f"{reader}.{method(definition, field, version)}()"
    value = f"{field.type}.read({reader}, version)"
    return f"({value} if {reader}.present() else None)" if version in field.nullable else value


def _array(definition: Definition, struct: Struct, field: Field, reader: str) -> list[str]:
    """The count first, -1 for null, and then so many elements."""
    absent = "-1" if default(field) == "None" else "0"

    def count(version: int) -> str:
        if version not in field.versions or version in field.tagged:
            return absent
        bounds = _bounds(definition, struct, field, version)
        return f"{reader}.{method(definition, field, version)}({bounds})"

    options = cases(struct.versions, count)
    if [text for _, text in options] == [absent]:
        return [f"self.{field.attribute} = {default(field)}"]
    nullable = bool(field.nullable & struct.versions) or absent == "-1"
    value = _elements(definition, struct, field, reader)
    return [
        f"count = {choose(options)}",
        f"self.{field.attribute} = {'None if count < 0 else ' if nullable else ''}{value}",
    ]


def _bounds(definition: Definition, struct: Struct, field: Field, version: int) -> str:
    """The least size on the wire, among the versions that encode alike, and the size in memory."""
    flexible = version in definition.flexible
    alike = [v for v in field.versions & struct.versions if (v in definition.flexible) == flexible]
    return f"{wire_size(definition, field, alike)}, {heap_size(definition, field)}"


def _elements(definition: Definition, struct: Struct, field: Field, reader: str) -> str:
    if field.type in BULK:
        return f"{reader}.{field.type}s(count)"
    element = replace(field, array=False, nullable=NONE, tagged=NONE)
    there = field.versions & struct.versions
    value = choose(cases(there, lambda version: _value(definition, element, version, reader)))
    return f"[{value} for _ in range(count)]"


def _tags(definition: Definition, struct: Struct) -> list[str]:
    flexible = definition.flexible & struct.versions
    if not flexible:
        return ["self.unknown_tags = ()"]
    everywhere = flexible == struct.versions
    if not any(field.tagged for field in struct.fields):
        since = "" if everywhere else f" if version >= {flexible.low} else ()"
        return [f"self.unknown_tags = r.unknown_tags(){since}"]
    loop = ["for tag, field in r.tagged_fields():", *indent(_dispatch(definition, struct))]
    if not everywhere:
        loop = [f"if version >= {flexible.low}:", *indent(loop)]
    return ["self.unknown_tags = ()", *loop]


def _dispatch(definition: Definition, struct: Struct) -> list[str]:
    """Each tagged field has a reader of its own, ``field``."""
    lines: list[str] = []
    flexible = definition.flexible & struct.versions
    for field in sorted((f for f in struct.fields if f.tagged), key=lambda f: f.tag):
        there = field.tagged & struct.versions
        assert there.high == struct.versions.high, f"{field}: a tag that ends is not known here"
        assert not (field.is_struct and not field.array and field.nullable), f"{field}: not known here"
        since = f" and version >= {there.low}" if there.low > flexible.low else ""
        only_here = replace(struct, versions=there)
        lines += [
            f"{'elif' if lines else 'if'} tag == {field.tag}{since}:",
            *indent(_field(definition, only_here, replace(field, tagged=NONE), "field")),
            "    r.end_tag(field)",
        ]
    return [*lines, "else:", "    self.unknown_tags += (r.unknown_tag(tag, field),)"]
