"""JSON Schema of what may be written, for editors: from the same models that check the files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from zoneproxy.config.model import Config, nothing_is_empty

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]

_MAPS = ("properties", "patternProperties", "$defs")  # name → schema; everything else is a schema, a list, or a value


def config_schema() -> Schema:
    """Of zoneproxy.yaml."""
    return schema_of(Config, "zoneproxy.yaml: where clients connect, and where the clusters are")


def schema_of(model: type[BaseModel], title: str, one_or_many: Callable[[object], object] | None = None) -> Schema:
    """The schema of a file.

    Args:
        model: of the whole file.
        title: what the file is, in one line.
        one_or_many: the validator that takes one thing where a list of them may stand.
    """

    class Generator(GenerateJsonSchema):
        def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
            inner = super().function_before_schema(schema)
            function = schema["function"]["function"]
            if function is one_or_many:
                return {"anyOf": [inner["items"], inner]}
            if function is nothing_is_empty:
                return {"anyOf": [inner, {"type": "null"}]}
            return inner

    generated = model.model_json_schema(by_alias=True, schema_generator=Generator)
    return {"$schema": DIALECT, "title": title, **_tidy(generated)}


def _tidy(schema: Schema) -> Schema:
    """Without what says nothing to whoever writes a file: class names, defaults that are structures, our markup."""
    tidied: Schema = {}
    for key, value in schema.items():
        if key in _MAPS:
            tidied[key] = {name: _tidy(inner) for name, inner in sorted(value.items())}
        elif key == "description":
            tidied[key] = " ".join(value.replace("``", "`").split())
        elif key == "default":
            if isinstance(value, str | int | float):
                tidied[key] = value
        elif key not in ("title", "propertyNames"):
            tidied[key] = _tidy_value(value)
    if "patternProperties" in tidied:
        tidied["additionalProperties"] = False
    return tidied


def _tidy_value(value: object) -> object:
    if isinstance(value, dict):
        return _tidy(value)
    return [_tidy_value(each) for each in value] if isinstance(value, list) else value
