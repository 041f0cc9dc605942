"""Requests written down as plain data."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

from zoneproxy.wire.messages.registry import REQUESTS

if TYPE_CHECKING:
    from zoneproxy.wire.messages.api_keys import ApiKey
    from zoneproxy.wire.messages.message import Message

_ELEMENT = re.compile(r"[A-Za-z]+(?=\]| \||$)")


def make(api: ApiKey, **fields: Any) -> Message:
    """A request: dicts stand for structs, and what is not named has Kafka's default."""
    message: Message = _struct(REQUESTS[api], fields)
    return message


def _struct(kind: type[Any], fields: dict[str, Any]) -> Any:
    return kind(**{name: _value(kind, name, value) for name, value in fields.items()})


def _value(kind: type[Any], name: str, value: Any) -> Any:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [_struct(_kind_of(kind, name), element) for element in value]
    if isinstance(value, dict):
        return _struct(_kind_of(kind, name), value)
    return value


def _kind_of(kind: type[Any], name: str) -> type[Any]:
    """The class of the structs in a field, from the annotation of the constructor's argument."""
    annotation = kind.__init__.__annotations__[name]
    found = _ELEMENT.search(annotation)
    assert found, annotation
    element: type[Any] = getattr(sys.modules[kind.__module__], found[0])
    return element
