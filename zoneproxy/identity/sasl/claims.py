"""The claims of a token as plain texts by path: what policy may match and what names are made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from zoneproxy.identity.sasl.shapes import Refused

Claims = tuple[tuple[str, tuple[str, ...]], ...]

MAX_DEPTH = 4
MAX_VALUES = 4000  # Entra ID stops at 200 groups, Keycloak nowhere
MAX_LENGTH = 1024


def flatten(payload: Mapping[str, Any]) -> Claims:
    """Each text, whole number and flag under its path, ``a.b`` for b within a; lists are all of their values.

    What is too long, or cannot be printed, is left out: no name is made of it. Raises Refused for too many values, and
    for two claims under one path.
    """
    found: dict[str, tuple[str, ...]] = {}
    count = 0
    for path, values in _walk("", payload, MAX_DEPTH):
        count += len(values)
        if path in found or count > MAX_VALUES:
            raise Refused("claims")
        found[path] = values
    return tuple(sorted(found.items()))


def _walk(path: str, value: Mapping[str, Any], depth: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, inner in value.items():
        here = f"{path}.{name}" if path else name
        if isinstance(inner, dict):
            if depth:
                yield from _walk(here, inner, depth - 1)
        elif isinstance(inner, list):
            yield here, tuple(text for item in inner if (text := _text(item)) is not None)
        elif (text := _text(inner)) is not None:
            yield here, (text,)


def _text(value: object) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value) if abs(value) < 1 << 63 else None
    if isinstance(value, str) and len(value) <= MAX_LENGTH and value.isprintable():
        return value
    return None
