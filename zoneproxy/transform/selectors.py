"""What a field rule is about: a path, a name wherever it stands, or a tag of a schema."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from zoneproxy.policy.transforms import Transform, TransformKind
from zoneproxy.transform.change import Change
from zoneproxy.transform.constant import Remove
from zoneproxy.transform.names import normal_name
from zoneproxy.transform.paths import Path
from zoneproxy.transform.places import Machine, Selectors


@dataclass(frozen=True, slots=True)
class ByName:
    """Any field of this name, written in any case, with or without ``_`` and ``-``."""

    name: bytes


@dataclass(frozen=True, slots=True)
class ByTag:
    """Any field that a schema gives this tag, in upper case."""

    tag: str


Selector = Path | ByName | ByTag


class Rule(NamedTuple):
    """What becomes of the selected values; None: it is noted that there are some."""

    selector: Selector
    change: Change | None


REMOVE = Remove(Transform(TransformKind.REMOVE))


class Rules:
    """Rules by number, and behind them a number for each list of what is allowed: the rest is removed by that."""

    def __init__(
        self, rules: Sequence[Rule | tuple[Selector, Change | None]], allowed: Sequence[Sequence[Path]] = ()
    ) -> None:
        self.changes: list[Change | None] = [*(change for _, change in rules), *(REMOVE for _ in allowed)]
        selectors = [selector for selector, _ in rules]
        self.tags: dict[str, list[int]] = {}
        names: dict[bytes, frozenset[int]] = {}
        for number, selector in enumerate(selectors):
            if isinstance(selector, ByName):
                name = normal_name(selector.name)
                names[name] = names.get(name, frozenset()) | {number}
            elif isinstance(selector, ByTag):
                self.tags.setdefault(selector.tag.upper(), []).append(number)
        paths = {number: selector for number, selector in enumerate(selectors) if isinstance(selector, tuple)}
        changes = [change for _, change in rules]
        self.machine = Machine(Selectors(paths, names, changes, allowed))
