"""The ``write`` method of a struct."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from tools.messages_generator.expressions import (
    Cases,
    branch,
    cases,
    differs_from_default,
    indent,
    may_be_none,
    method,
)
from tools.messages_generator.model import NONE, Definition, Field, Struct, Versions, snake_case
from tools.messages_generator.reading import BULK
from tools.messages_generator.runs import constant, newest, runs, split


def write_method(definition: Definition, struct: Struct) -> list[str]:
    """The lines of the method, from its ``def`` on."""
    statements = [options for run in runs(struct) for options in _run(definition, struct, run)]
    tags = cases(struct.versions, lambda version: _tags(definition, struct, version))
    body = [line for options in _joined([*statements, tags]) for line in branch(options)]
    return ["def write(self, w: Writer, version: int) -> None:", *indent(body)]


def _joined(statements: Iterable[Cases]) -> Iterator[Cases]:
    """Neighbours that choose between the same versions become one choice."""
    last: Cases = []
    for options in statements:
        if last and [versions for versions, _ in last] == [versions for versions, _ in options]:
            pairs = zip(last, options, strict=True)
            last = [(versions, "\n".join(filter(None, (a, b)))) for (versions, a), (_, b) in pairs]
        else:
            yield last
            last = options
    yield last


def _run(definition: Definition, struct: Struct, run: Sequence[Field]) -> Iterator[Cases]:
    since, fields = newest(struct, run)
    if not since:
        for field in run:
            yield from _field(definition, struct, field)
        return
    values = ", ".join(f"self.{field.attribute}" for field in fields)
    newer = [f"w.fixed({constant(fields)}, {values})"]
    newer += [_refusal(struct, field) for field in run if field not in fields]
    before = replace(struct, versions=Versions(struct.versions.low, since.low - 1))
    older = _joined([options for field in run for options in _field(definition, before, field)])
    yield split(struct, since, [*filter(None, newer)], [line for options in older for line in branch(options)])


def _field(definition: Definition, struct: Struct, field: Field) -> Iterator[Cases]:
    """One choice between versions; for an array two, of its length and of its elements."""

    def statement(what: Callable[[int], str], absent: str) -> Cases:
        there = field.versions
        return cases(struct.versions, lambda v: "" if v in field.tagged else what(v) if v in there else absent)

    value = f"self.{field.attribute}"
    if field.array:
        yield statement(lambda v: _length(definition, field, v, value, "w"), _refusal(struct, field))
        yield statement(lambda v: _elements(definition, field, v, value, "w"), "")
    else:
        yield statement(lambda v: _value(definition, field, v, value, "w"), _refusal(struct, field))


def _refusal(struct: Struct, field: Field) -> str:
    """What is to be done in a version that has no such field."""
    if field.ignorable:
        return ""
    what = f"this version has no {struct.name}.{field.attribute}"
    return f'if {differs_from_default(field)}:\n    raise EncodeError("{what}")'


def _value(definition: Definition, field: Field, version: int, value: str, writer: str) -> str:
    if not field.is_struct:
        return f"{writer}.{method(definition, field, version)}({value})"
    if version not in field.nullable:
        return f"{value}.write({writer}, version)"
    return f"{writer}.present({value})\nif {value} is not None:\n    {value}.write({writer}, version)"


def _length(definition: Definition, field: Field, version: int, value: str, writer: str) -> str:
    return f"{writer}.{method(definition, field, version)}({value})"


def _elements(definition: Definition, field: Field, version: int, value: str, writer: str) -> str:
    values = f"{value} or ()" if may_be_none(field) else value
    if field.type in BULK:
        return f"{writer}.{field.type}s({values})"
    name = snake_case(field.type) if field.is_struct else {"string": "text"}.get(field.type, field.type)
    element = replace(field, array=False, nullable=NONE)
    return f"for {name} in {values}:\n    {_value(definition, element, version, name, writer)}"


def _tags(definition: Definition, struct: Struct, version: int) -> str:
    """The section of tagged fields, in which known ones stand only if they differ from their defaults."""
    if version not in definition.flexible:
        return ""
    tagged = sorted((f for f in struct.fields if f.tagged), key=lambda f: f.tag)
    if not tagged:
        return "w.unknown_tags(self.unknown_tags)"
    return "\n".join(
        [
            "tags: list[tuple[int, bytes]] = []",
            *(line for field in tagged for line in _tag(definition, struct, field)),
            "w.tagged_fields(tags, self.unknown_tags)",
        ]
    )


def _tag(definition: Definition, struct: Struct, field: Field) -> list[str]:
    there = field.tagged & struct.versions
    condition = differs_from_default(field)
    if there.low > (definition.flexible & struct.versions).low:
        condition = f"version >= {there.low} and " + (f"({condition})" if " or " in condition else condition)
    what = (definition, replace(field, tagged=NONE), there.high, f"self.{field.attribute}", "tag")
    value = f"{_length(*what)}\n{_elements(*what)}" if field.array else _value(*what)
    lines = ["tag = w.tag()", *value.splitlines(), f"tags.append(({field.tag}, tag.getvalue()))"]
    return [f"if {condition}:", *indent(lines)]
