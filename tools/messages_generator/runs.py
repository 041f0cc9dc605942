"""Numbers that stand side by side are read and written at once: a call for each would cost more than its work."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from tools.messages_generator.expressions import Cases
from tools.messages_generator.model import NONE, Field, Struct, Versions

_CODES = {
    "bool": "?",
    "int8": "b",
    "int16": "h",
    "uint16": "H",
    "int32": "i",
    "int64": "q",
    "float64": "d",
}
_NAMES = {kind: "BOOLEAN" if kind == "bool" else kind.upper() for kind in _CODES}
_NAME = "|".join(_NAMES.values())
_CONSTANT = re.compile(rf"\b_(?:{_NAME})(?:_(?:{_NAME}))+\b")


def runs(struct: Struct) -> Iterator[list[Field]]:
    """The fields in order, numbers that stand side by side together."""
    for fixed, group in groupby(struct.fields, _is_fixed):
        if fixed:
            yield list(group)
        else:
            yield from ([field] for field in group)


def newest(struct: Struct, run: Sequence[Field]) -> tuple[Versions, list[Field]]:
    """The newest versions that have the same fields of a run, and those fields; none if that makes no run."""

    def there(version: int) -> list[Field]:
        return [field for field in run if version in field.versions]

    fields = there(struct.versions.high)
    if not all(map(_is_fixed, run)) or len(fields) < 2:
        return NONE, []
    low = struct.versions.high
    while low > struct.versions.low and there(low - 1) == fields:
        low -= 1
    return Versions(low, struct.versions.high), fields


def split(struct: Struct, since: Versions, newer: Sequence[str], older: Sequence[str]) -> Cases:
    """A choice between the lines of the newest versions and those of the others, if there are others."""
    cases = [(since, "\n".join(newer))]
    if since != struct.versions:
        cases.insert(0, (Versions(struct.versions.low, since.low - 1), "\n".join(older)))
    return cases


def constant(fields: Sequence[Field]) -> str:
    """The name of the layout of these fields: ``_INT32_INT64``."""
    return "_" + "_".join(_NAMES[field.type] for field in fields)


def constants(body: str) -> list[str]:
    """The definitions of all layouts that ``body`` mentions."""
    codes = {name: _CODES[kind] for kind, name in _NAMES.items()}
    found = sorted(set(_CONSTANT.findall(body)))
    return [f'{name}: Final = Layout(">{"".join(codes[part] for part in name[1:].split("_"))}")' for name in found]


def _is_fixed(field: Field) -> bool:
    return field.type in _CODES and not field.array and not field.tagged
