"""As much of JSON Schema (2020-12) as ours uses: checks a value, for tests. An unknown keyword is an error."""

from __future__ import annotations

import re
from typing import Any

TYPES: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}
OF_A_TYPE = {  # they say nothing of values of other types
    *(
        "pattern",
        "minLength",
        "maxLength",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "items",
        "minItems",
        "maxItems",
        "required",
    ),
    *("properties", "patternProperties", "additionalProperties", "minProperties", "maxProperties"),
}
SAYS_NOTHING = {"$schema", "$defs", "title", "description", "default", "format"}


class Checker:
    """One schema."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self._schema = schema

    def accepts(self, value: object) -> bool:
        """Whether the value is what the schema says."""
        return self._is(self._schema, value)

    def _is(self, schema: dict[str, Any] | bool, value: Any) -> bool:
        if isinstance(schema, bool):
            return schema
        return all(self._keyword(key, schema, value) for key in schema if key not in SAYS_NOTHING)

    def _keyword(self, key: str, schema: dict[str, Any], value: Any) -> bool:
        wanted = schema[key]
        match key:
            case "$ref":
                return self._is(self._schema["$defs"][wanted.rsplit("/", 1)[1]], value)
            case "anyOf":
                return any(self._is(each, value) for each in wanted)
            case "oneOf":
                return sum(self._is(each, value) for each in wanted) == 1
            case "type":
                return isinstance(value, TYPES[wanted]) and (wanted == "boolean" or not isinstance(value, bool))
            case "enum":
                return value in wanted
            case "const":
                return bool(value == wanted)
        assert key in OF_A_TYPE, key
        if isinstance(value, str):
            return self._text(key, wanted, value)
        if isinstance(value, dict):
            return self._mapping(key, schema, value)
        if isinstance(value, list):
            return self._list(key, wanted, value)
        return {
            "minimum": lambda: value >= wanted,
            "exclusiveMinimum": lambda: value > wanted,
            "maximum": lambda: value <= wanted,
        }.get(key, lambda: True)()

    def _text(self, key: str, wanted: Any, value: str) -> bool:
        match key:
            case "pattern":
                return re.search(wanted, value) is not None
            case "minLength":
                return len(value) >= wanted
            case "maxLength":
                return len(value) <= wanted
        return True

    def _mapping(self, key: str, schema: dict[str, Any], value: dict[str, Any]) -> bool:
        wanted = schema[key]
        match key:
            case "required":
                return all(name in value for name in wanted)
            case "properties":
                return all(self._is(wanted[name], inner) for name, inner in value.items() if name in wanted)
            case "patternProperties":
                return all(
                    self._is(inner_schema, inner)
                    for pattern, inner_schema in wanted.items()
                    for name, inner in value.items()
                    if re.search(pattern, name)
                )
            case "additionalProperties":
                known = schema.get("properties", {})
                patterns = schema.get("patternProperties", {})
                rest = [
                    inner
                    for name, inner in value.items()
                    if name not in known and not any(re.search(pattern, name) for pattern in patterns)
                ]
                return all(self._is(wanted, inner) for inner in rest)
            case "minProperties":
                return len(value) >= wanted
            case "maxProperties":
                return len(value) <= wanted
        return True

    def _list(self, key: str, wanted: Any, value: list[Any]) -> bool:
        match key:
            case "items":
                return all(self._is(wanted, inner) for inner in value)
            case "minItems":
                return len(value) >= wanted
            case "maxItems":
                return len(value) <= wanted
        return True
