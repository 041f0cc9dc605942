"""The facts of a message definition: fields, types, versions. Nothing of its prose."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

MAX_VERSION = 0x7FFF

SCALARS = {
    "bool": "bool",
    "int8": "int",
    "int16": "int",
    "uint16": "int",
    "int32": "int",
    "int64": "int",
    "float64": "float",
    "uuid": "bytes",
    "string": "str",
    "bytes": "bytes",
    "records": "Buffer",
}
"""Kafka's scalar types and what they are in Python."""


@dataclass(frozen=True)
class Versions:
    """A range of versions, both ends included; empty if ``low`` is above ``high``."""

    low: int
    high: int

    @classmethod
    def parse(cls, text: str) -> Versions:
        """``none``, ``3``, ``3-9`` or ``3+``, as the definitions write it."""
        if text == "none":
            return NONE
        low, plus, _ = text.partition("+")
        if plus:
            return cls(int(low), MAX_VERSION)
        low, _, high = text.partition("-")
        return cls(int(low), int(high or low))

    def __contains__(self, version: int) -> bool:
        return self.low <= version <= self.high

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.low, self.high + 1))

    def __bool__(self) -> bool:
        return self.low <= self.high

    def __and__(self, other: Versions) -> Versions:
        return Versions(max(self.low, other.low), min(self.high, other.high))

    def hull(self, other: Versions) -> Versions:
        """The smallest range that holds both."""
        if not self or not other:
            return self or other
        return Versions(min(self.low, other.low), max(self.high, other.high))


NONE = Versions(0, -1)


@dataclass(frozen=True)
class Field:
    """One field. ``type`` is that of an element if ``array``; ``default`` is the definition's own word for it."""

    name: str
    type: str
    array: bool
    versions: Versions
    nullable: Versions
    tagged: Versions
    tag: int
    default: str | None
    ignorable: bool
    entity: str | None
    flexible: Versions | None  # where the field is flexible, if that differs from its message

    @property
    def attribute(self) -> str:
        """The name in Python: ``ISRNodes`` is ``isr_nodes``."""
        name = snake_case(self.name)
        return name + "_" if keyword.iskeyword(name) else name

    @property
    def is_struct(self) -> bool:
        return self.type not in SCALARS


@dataclass
class Struct:
    """A class to be. ``versions`` are those in which a message can hold it."""

    name: str
    fields: list[Field]
    versions: Versions = NONE


@dataclass
class Definition:
    """A message: its root struct, the structs inside by name, and how it is registered."""

    name: str
    kind: str  # request, response, header, data
    api_key: int
    listeners: tuple[str, ...]
    valid: Versions
    flexible: Versions
    unstable: bool  # the latest version is not final
    structs: dict[str, Struct] = field(default_factory=dict)  # inner ones before those that use them

    @property
    def root(self) -> Struct:
        return self.structs[self.name]

    @property
    def module(self) -> str:
        return snake_case(self.name)

    def is_flexible(self, f: Field, version: int) -> bool:
        return version in (self.flexible if f.flexible is None else f.flexible)


def snake_case(name: str) -> str:
    """``TopicData`` is ``topic_data``, ``ISRNodes`` is ``isr_nodes``."""
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()
