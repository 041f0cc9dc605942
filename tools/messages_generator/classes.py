"""The class of a struct."""

from __future__ import annotations

from tools.messages_generator.expressions import annotation, default, indent, may_be_none
from tools.messages_generator.model import SCALARS, Definition, Field, Struct
from tools.messages_generator.reading import read_method
from tools.messages_generator.writing import write_method


def class_source(definition: Definition, struct: Struct) -> list[str]:
    """The lines of the class."""
    return [
        f"class {struct.name}(Struct):",
        *indent(_slots(struct)),
        *indent(_constants(definition, struct)),
        *indent(_constructor(struct)),
        "",
        *indent(read_method(definition, struct)),
        "",
        *indent(write_method(definition, struct)),
    ]


def _slots(struct: Struct) -> list[str]:
    names = [f'"{field.attribute}"' for field in struct.fields] + ['"unknown_tags"']
    return [f"__slots__ = ({', '.join(names)}{',' * (len(names) == 1)})", ""]


def _constants(definition: Definition, struct: Struct) -> list[str]:
    if struct is not definition.root:
        return []
    flexible = definition.flexible & definition.valid
    constants = {
        "API_KEY": str(definition.api_key),
        "MIN_VERSION": str(definition.valid.low),
        "MAX_VERSION": str(definition.valid.high),
        "FLEXIBLE_FROM": str(definition.flexible.low) if flexible else "NEVER_FLEXIBLE",
    }
    if definition.kind in ("header", "data"):
        del constants["API_KEY"]
    return [*(f"{name}: ClassVar[int] = {value}" for name, value in constants.items()), ""]


def _constructor(struct: Struct) -> list[str]:
    parameters = [_parameter(field) for field in struct.fields] + ["unknown_tags: Tags = ()"]
    return [
        f"def __init__(self, *, {', '.join(parameters)}) -> None:",
        *(f"    self.{field.attribute}: {annotation(field)} = {_initial(field)}" for field in struct.fields),
        "    self.unknown_tags = unknown_tags",
    ]


def _parameter(field: Field) -> str:
    """Lists and structs are made new for each object, so their defaults stand in for them."""
    value = default(field)
    if field.array:
        kind = f"Iterable[{SCALARS.get(field.type, field.type)}]"
        optional = " | None" if may_be_none(field) else ""
        return f"{field.attribute}: {kind}{optional} = {'()' if value == '[]' else value}"
    if field.is_struct:
        return f"{field.attribute}: {field.type} | None = None"
    return f"{field.attribute}: {annotation(field)} = {value}"


def _initial(field: Field) -> str:
    name = field.attribute
    if field.array:
        return f"None if {name} is None else list({name})" if may_be_none(field) else f"list({name})"
    if field.is_struct and not may_be_none(field):
        return f"{field.type}() if {name} is None else {name}"
    return name
