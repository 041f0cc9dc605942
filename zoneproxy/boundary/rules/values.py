"""What a record says where a condition looks.

Where the flow does not say what values are, they are read as JSON (RFC 8259), strictly: what this accepts every parser
reads in the same way. A name or a header that is given twice could be read in two ways, so nothing is said about it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, Final, NoReturn

from zoneproxy.boundary.crossing import Crossing
from zoneproxy.boundary.rules.tree import CONTAINER, MAX_VALUES, Value
from zoneproxy.policy.conditions.tree import EVERY, HeaderValue, KeyValue, Literal, Operand, Path, Variable
from zoneproxy.wire.record import Record

MAX_JSON_BYTES = 1 << 20
"""A larger value is not read: as Python objects JSON takes up to 30 times its size."""
WRITTEN_NULL: Final = object()
"""The null of a condition, which may be asked for; the None of a record says nothing."""

Steps = Sequence[bytes | int]
Follow = Callable[[Steps], Sequence[Value] | None]
"""All values at a path, () for none; None if there is no telling."""
Read = Callable[[Record], Follow | None]
"""None: the value cannot be read. Raises Goes: it is not what the flow says that it is."""

_TWICE: Final = object()


class _Number(str):
    """A number as it is written; most are never looked at."""

    __slots__ = ()


class Sight:
    """What can be seen of one record on its way."""

    def __init__(self, record: Record, crossing: Crossing, read: Read | None = None) -> None:
        """``read``: what reads its value; as JSON, if that is left out."""
        self.unreadable = False  # a path was asked for, and the value cannot be read
        self._record = record
        self._crossing = crossing
        self._read = read or read_json
        self._follow: Follow | None = None

    def values(self, operand: Operand) -> Sequence[Value] | None:
        """All values there, () for none; None if there is no telling."""
        if isinstance(operand, Path):
            return self._at(operand)
        if isinstance(operand, Literal):
            return (WRITTEN_NULL if operand.value is None else operand.value,)
        if isinstance(operand, KeyValue):
            return (self._record.key,)
        if isinstance(operand, HeaderValue):
            found = [value for name, value in self._record.headers if name == operand.name]
            return found if len(found) <= 1 else None
        return self._said_by(operand)

    def exists(self, place: Path | HeaderValue | KeyValue) -> bool | None:
        """Whether there is anything, a null of JSON or of a header included; None if there is no telling."""
        if isinstance(place, HeaderValue):
            return any(name == place.name for name, _ in self._record.headers)
        if isinstance(place, KeyValue):
            return self._record.key is not None
        values = self._at(place)
        return None if values is None else bool(values)

    def _said_by(self, variable: Variable) -> Sequence[Value]:
        crossing = self._crossing
        if variable is Variable.PRINCIPAL_GROUPS:
            return [group.encode() for group in crossing.groups]
        if variable is Variable.PRINCIPAL_NAME:
            return (crossing.principal.encode(),)
        return ((crossing.from_zone if variable is Variable.FROM_ZONE else crossing.to_zone).encode(),)

    def _at(self, path: Path) -> Sequence[Value] | None:
        if self._follow is None and not self.unreadable:
            self._follow = self._read(self._record)
            self.unreadable = self._follow is None
        return None if self._follow is None else self._follow(path.steps)


def read_json(record: Record) -> Follow | None:
    """The value as JSON."""
    value = record.value or b""
    if len(value) > MAX_JSON_BYTES:
        return None
    try:
        root = _DECODER.decode(value.decode())
    except (ValueError, RecursionError):
        return None
    return partial(_followed, root)


def _followed(root: Any, steps: Steps) -> Sequence[Value] | None:
    nodes = [root]
    for step in steps:
        if isinstance(step, bytes):
            name = step.decode(errors="surrogatepass")
            nodes = [node[name] for node in nodes if type(node) is dict and name in node]
        else:
            lists = [node for node in nodes if type(node) is list]
            if step == EVERY:
                if sum(map(len, lists)) > MAX_VALUES:
                    return None
                nodes = [element for each in lists for element in each]
            else:
                nodes = [each[step] for each in lists if step < len(each)]
        if any(node is _TWICE for node in nodes):
            return None
    return [_value(node) for node in nodes]


def _value(node: Any) -> Value:
    if type(node) is str:
        return node.encode(errors="surrogatepass")
    if type(node) is _Number:
        try:
            return Decimal(node)
        except ArithmeticError:  # an exponent of twenty digits
            return CONTAINER
    return node if node is None or type(node) is bool else CONTAINER


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                found[name] = _TWICE
            seen.add(name)
    return found


def _no_constant(_name: str) -> NoReturn:
    """NaN and the infinities are no JSON."""
    raise ValueError


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_Number, parse_float=_Number, parse_constant=_no_constant
)
