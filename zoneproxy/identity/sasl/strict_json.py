"""JSON as tokens and key sets must have it: no member twice, no NaN, nothing too deep; what is else is no JSON."""

from __future__ import annotations

import json
from typing import Any, NoReturn


def parse_object(text: bytes) -> dict[str, Any] | None:
    """The object, or None if that is none: two readers of a member given twice could see different things."""
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a member twice")
    return made


def _refuse(_text: str) -> NoReturn:
    raise ValueError("not a JSON number")
