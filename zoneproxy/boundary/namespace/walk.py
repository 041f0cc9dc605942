"""Every name of a message, wherever Kafka's definitions say that there is one (``entityType``).

The generated table ``entity_fields`` says where; here its paths become a tree for each API and version, so that a
list is gone through once for all that is in its elements. In requests each name is replaced. In replies each name is
replaced too, and what is named by nobody of the namespace leaves the list that it stands in: nobody is to see it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from zoneproxy.errors import ProtocolError
from zoneproxy.wire.messages.api import EntityField
from zoneproxy.wire.messages.entity_fields import REQUEST_ENTITIES, RESPONSE_ENTITIES

TOPIC, GROUP, TRANSACTIONAL_ID = "topicName", "groupId", "transactionalId"
NAMED = frozenset({TOPIC, GROUP, TRANSACTIONAL_ID})


class ToPhysical(Protocol):
    """Names of a request; ``entity`` is one of NAMED."""

    def physical(self, entity: str, name: str) -> str:
        """How the upstream calls it."""
        ...


class ToVirtual(Protocol):
    """Names of a reply."""

    def virtual(self, entity: str, name: str) -> str | None:
        """How the client calls it; None: it is not of this namespace."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """One attribute: names (``entity``) or structs that hold names further inside (``inner``); lists of either."""

    attribute: str
    entity: str | None
    inner: tuple[Step, ...]


@cache
def request_steps(api_key: int, version: int) -> tuple[Step, ...]:
    """Where requests of that version hold names."""
    return _tree(REQUEST_ENTITIES.get(api_key, ()), version)


@cache
def response_steps(api_key: int, version: int) -> tuple[Step, ...]:
    """Where replies of that version hold names."""
    return _tree(RESPONSE_ENTITIES.get(api_key, ()), version)


def _tree(fields: Iterable[EntityField], version: int) -> tuple[Step, ...]:
    there = [field for field in fields if field.min_version <= version <= field.max_version]
    return _steps([(field.path, field.entity) for field in there if field.entity in NAMED])


def _steps(paths: Sequence[tuple[tuple[str, ...], str]]) -> tuple[Step, ...]:
    steps = []
    for attribute in dict.fromkeys(path[0] for path, _ in paths):
        inside = [(path[1:], entity) for path, entity in paths if path[0] == attribute]
        here = [entity for path, entity in inside if not path]
        steps.append(Step(attribute, here[0] if here else None, _steps([each for each in inside if each[0]])))
    return tuple(steps)


def to_physical(struct: Any, steps: Sequence[Step], names: ToPhysical) -> bool:
    """Replace every name of a request. Whether there was any."""
    found = False
    for step in steps:
        value = getattr(struct, step.attribute)
        if value is None:
            continue
        if step.entity is not None:
            if isinstance(value, list):
                value[:] = [names.physical(step.entity, name) for name in value]
            else:
                setattr(struct, step.attribute, names.physical(step.entity, value))
            found = True
        elif isinstance(value, list):
            for element in value:
                found |= to_physical(element, step.inner, names)
        else:
            found |= to_physical(value, step.inner, names)
    return found


def to_virtual(message: Any, steps: Sequence[Step], names: ToVirtual) -> None:
    """Replace every name of a reply (or of a request that was ``to_physical``), see the module.

    Raises ProtocolError (``foreign_name``) if the whole of it is about another namespace.
    """
    if not _is_own(message, steps, names):
        raise ProtocolError("foreign_name")


def _is_own(struct: Any, steps: Sequence[Step], names: ToVirtual) -> bool:
    """Replace what is inside. False: a name of the struct itself is of another namespace."""
    for step in steps:
        value = getattr(struct, step.attribute)
        if value is None:
            continue
        if step.entity is None:
            if isinstance(value, list):
                value[:] = [element for element in value if _is_own(element, step.inner, names)]
            elif not _is_own(value, step.inner, names):
                setattr(struct, step.attribute, None)
        elif isinstance(value, list):
            own = (names.virtual(step.entity, name) for name in value)
            value[:] = [name for name in own if name is not None]
        else:
            name = names.virtual(step.entity, value)
            if name is None:
                return False
            setattr(struct, step.attribute, name)
    return True
