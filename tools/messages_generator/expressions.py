"""Small pieces of Python: types, defaults, and choices between ranges of versions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tools.messages_generator.model import SCALARS, Definition, Field, Versions

Cases = list[tuple[Versions, str]]
"""Versions, lowest first and without a gap, and what holds in each; neighbours differ."""


def annotation(field: Field) -> str:
    """The attribute's type."""
    inner = SCALARS.get(field.type, field.type)
    name = f"list[{inner}]" if field.array else inner
    return f"{name} | None" if may_be_none(field) else name


def may_be_none(field: Field) -> bool:
    """Nullable in some version; and a tagged struct that is not there is None, though Kafka's is a default one."""
    return bool(field.nullable) or is_optional_struct(field)


def is_optional_struct(field: Field) -> bool:
    return field.is_struct and not field.array and bool(field.tagged)


def default(field: Field) -> str:
    """The value of a field that is not on the wire, as an expression."""
    if field.default == "null" or is_optional_struct(field):
        return "None"
    if field.array:
        return "[]"
    if field.is_struct:
        return f"{field.type}()"
    if field.type in ("string", "bytes", "records", "uuid"):
        assert not field.default, field
        return {"string": '""', "uuid": "ZERO_UUID"}.get(field.type, 'b""')
    if field.type == "bool":
        return (field.default or "false").capitalize()
    if field.type == "float64":
        return repr(float(field.default or 0))
    return str(int(field.default or "0", 0))


def differs_from_default(field: Field) -> str:
    """A condition: the attribute holds something that a version without the field would lose."""
    attribute, value = f"self.{field.attribute}", default(field)
    if value == "None":
        return f"{attribute} is not None"
    if value in ("[]", '""', 'b""'):
        return f"{attribute} is None or {attribute}" if may_be_none(field) else attribute
    if field.type == "bool":
        return attribute if value == "False" else f"not {attribute}"
    return f"{attribute} != {value}"


def cases(versions: Versions, what: Callable[[int], str]) -> Cases:
    """``what`` holds in each version, neighbours that agree taken together."""
    found: Cases = []
    for version in versions:
        text = what(version)
        if found and found[-1][1] == text:
            found[-1] = (Versions(found[-1][0].low, version), text)
        else:
            found.append((Versions(version, version), text))
    return found


def choose(options: Cases) -> str:
    """One expression: the newest versions first, as they are the most frequent."""
    text = options[0][1]
    for versions, newer in options[1:]:
        text = f"{newer} if version >= {versions.low} else {text}"
    return text


def branch(options: Cases) -> list[str]:
    """An if statement: the newest versions first. A case of no text does nothing."""
    if len(options) <= 1:
        return [line for _, text in options for line in text.splitlines()]
    lines: list[str] = []
    skipped = False
    for versions, text in reversed(options):
        if not text:
            skipped = True
            continue
        lowest = versions is options[0][0]
        condition = _condition(None if lowest else versions.low, versions.high if skipped else None)
        lines += _clause(condition, text.splitlines(), first=not lines)
    return lines


def _condition(low: int | None, high: int | None) -> str:
    if low == high and low is not None:
        return f"version == {low}"
    if high is None:
        return "" if low is None else f"version >= {low}"
    return f"version <= {high}" if low is None else f"{low} <= version <= {high}"


def _clause(condition: str, body: Sequence[str], *, first: bool) -> list[str]:
    if condition:
        return [f"{'if' if first else 'elif'} {condition}:", *indent(body)]
    if body[0].startswith("if ") and all(line.startswith(" ") for line in body[1:]):
        return [f"el{body[0]}", *body[1:]]
    return ["else:", *indent(body)]


def indent(lines: Sequence[str], by: int = 1) -> list[str]:
    return ["    " * by + line for line in lines]


def method(definition: Definition, field: Field, version: int) -> str:
    """The name, shared by Reader and Writer, of what handles a string, bytes, records or an array's length."""
    if field.type in SCALARS and not field.array and field.type not in ("string", "bytes", "records"):
        return {"bool": "boolean"}.get(field.type, field.type)
    compact = "compact_" if definition.is_flexible(field, version) else ""
    nullable = "nullable_" if version in field.nullable else ""
    if field.array:
        return f"{compact}{nullable}array_length"
    return (f"{compact}{nullable}{field.type}") if compact or nullable or field.type != "bytes" else "bytes_"
