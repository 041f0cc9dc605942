"""Checks data against pydantic models and says what is wrong in the words of whoever wrote the file."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from zoneproxy.config.expected import Expected, did_you_mean
from zoneproxy.errors import Problem

if TYPE_CHECKING:
    from zoneproxy.config.located import Located, Path

T = TypeVar("T")

Whole = Annotated[int, Field(strict=True)]
"""A whole number; neither ``"5"`` nor ``true`` is one."""
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
"""Any number that is written as one."""
Flag = Annotated[bool, Field(strict=True)]
"""``true`` or ``false``."""
Text = Annotated[str, Field(min_length=1, max_length=4096)]
"""Some text, at least one character."""


class Section(BaseModel):
    """One mapping of a file. Unknown keys are errors; nothing is changed after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def refuse(message: str, hint: str = "") -> NoReturn:
    """For validators: what is wrong and what would be right."""
    raise PydanticCustomError("refused", "{text}", {"text": message, "hint": hint})


def validate(kind: Any, located: Located, path: Path, problems: list[Problem], data: object) -> Any:
    """``data``, which stands at ``path`` of a file, as a value of ``kind``; None (and problems) if it is not one."""
    adapter = _adapter(kind)
    try:
        return adapter.validate_python(data)
    except ValidationError as error:
        expected = Expected(adapter)
        for details in error.errors(include_url=False, include_input=True):
            if not _echo(details):
                problems.append(_problem(details, expected, located, path, data))
        return None


@lru_cache(maxsize=64)
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _echo(error: ErrorDetails) -> bool:
    """Whether an error says nothing to who wrote a file: "or a value made in code", "empty" without its bad items."""
    return error["type"] == "is_instance_of" or (error["type"] == "too_short" and bool(error["input"]))


def _problem(error: ErrorDetails, expected: Expected, located: Located, path: Path, data: object) -> Problem:
    inside = _existing(error["loc"], data)
    kind = error["type"]
    if kind == "missing":
        name = str(error["loc"][-1])
        return located.problem((*path, *inside), f"`{name}` is missing", expected.hint((*inside, name)))
    if kind == "extra_forbidden":
        known = expected.keys(inside[:-1])
        name = str(inside[-1])
        return located.problem((*path, *inside), f"unknown key `{name}`", did_you_mean(name, known), key=True)
    if kind == "refused":
        return located.problem((*path, *inside), error["ctx"]["text"], error["ctx"]["hint"])
    message, hint = _wording(error, expected.choices(inside))
    name = next((f"`{step}` " for step in reversed((*path, *inside)) if isinstance(step, str)), "this ")
    return located.problem((*path, *inside), name + message, hint or expected.hint(inside))


def _existing(loc: tuple[int | str, ...], data: object) -> Path:
    """The part of pydantic's location that is really in the data: it names union members and the like too."""
    path: list[str | int] = []
    for step in loc:
        in_mapping = isinstance(data, dict) and step in data
        in_list = isinstance(data, list) and isinstance(step, int) and step < len(data)
        if in_mapping or in_list:
            data = data[step]  # type: ignore[index]  # one of the two it is
            path.append(step)
    return tuple(path)


_SHOULD_BE = {
    "int_type": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "string_type": "text",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "a mapping (key: value)",
    "model_type": "a mapping (key: value)",
    "model_attributes_type": "a mapping (key: value)",
}


def _wording(error: ErrorDetails, choices: set[str]) -> tuple[str, str]:
    kind, context, given = error["type"], error.get("ctx", {}), error["input"]
    if kind in _SHOULD_BE:
        hint = 'put it in quotes: "..."' if kind == "string_type" and isinstance(given, int | float) else ""
        return f"should be {_SHOULD_BE[kind]}, not {_called(given)}", hint
    if kind == "literal_error":
        if isinstance(given, int | float) and not isinstance(given, bool):
            hint = f'put it in quotes: "{given}"'
        else:
            hint = did_you_mean(given, choices) if isinstance(given, str) and len(choices) > 1 else ""
        return f"should be {context['expected']}, not {_called(given)}", hint
    if kind in ("greater_than_equal", "greater_than"):
        return f"is too small: at least {context.get('ge', context.get('gt'))}", ""
    if kind in ("less_than_equal", "less_than"):
        return f"is too large: at most {context.get('le', context.get('lt'))}", ""
    if kind in ("too_short", "string_too_short"):
        return "is empty", ""
    if kind == "string_pattern_mismatch":
        return f"is not written as it should be: {_called(given)}", ""
    return f"is wrong: {error['msg']}", ""


def _called(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"`{text[:60]}`" if text.isprintable() else "text with control characters"
