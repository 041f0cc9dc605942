"""Field rules the simple way: on a tree, path by path."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from tests.transform.changes import make
from tests.transform.documents import NAMES, Members
from zoneproxy.transform.change import Change
from zoneproxy.transform.names import normal_name
from zoneproxy.transform.paths import DEEP, EVERY, Path
from zoneproxy.transform.selectors import ByName, Selector

MASK = make("mask", keep_last=4)
HASH = make("hash", key="one")
REMOVE = make("remove")
NULL = make("null")
REPLACE = make("replace", value="0")

GONE: Any = object()

Rule = tuple[Selector, Change | None]


class Opaque:
    """Stands for a changed container, whose text this model does not know."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str)

    __hash__ = None  # type: ignore[assignment]


def expected(tree: Any, rules: Sequence[Rule], allowed: Sequence[Sequence[Path]] = (), inside: Path = ()) -> Any:
    """``tree`` after the rules, or GONE."""
    container = isinstance(tree, list)
    if any(not is_allowed(inside, paths, container) for paths in allowed):
        return GONE
    changes = [change for selector, change in rules if change and selects(selector, inside)]
    if changes:
        change = max(changes, key=lambda change: change.strictness)
        return GONE if change.removes else changed(tree, change)
    if isinstance(tree, Members):
        members = [(name, expected(value, rules, allowed, (*inside, name.encode()))) for name, value in tree]
        return Members((name, value) for name, value in members if value is not GONE)
    if container:
        elements = [expected(value, rules, allowed, (*inside, index)) for index, value in enumerate(tree)]
        return [value for value in elements if value is not GONE]
    return tree


def notes(tree: Any, rules: Sequence[Rule], inside: Path = ()) -> list[int]:
    """The rules that take note, once for each value, whatever else becomes of that."""
    found = [number for number, (selector, change) in enumerate(rules) if not change and selects(selector, inside)]
    if isinstance(tree, Members):
        return found + [rule for name, value in tree for rule in notes(value, rules, (*inside, name.encode()))]
    if isinstance(tree, list):
        return found + [rule for index, value in enumerate(tree) for rule in notes(value, rules, (*inside, index))]
    return found


def selects(selector: Selector, inside: Path) -> bool:
    if isinstance(selector, ByName):
        name = inside[-1] if inside else None
        return isinstance(name, bytes) and normal_name(name) == normal_name(selector.name)
    return isinstance(selector, tuple) and matches(selector, inside)


def matches(path: Path, inside: Path) -> bool:
    if not path:
        return not inside
    if path[0] == DEEP:
        return any(matches(path[1:], inside[skipped:]) for skipped in range(len(inside) + 1))
    return bool(inside) and path[0] in (inside[0], EVERY) and matches(path[1:], inside[1:])


def is_allowed(inside: Path, paths: Sequence[Path], container: bool) -> bool:
    if any(matches(path, inside[:length]) for path in paths for length in range(len(inside) + 1)):
        return True
    return container and any(may_lead_to(path, inside) for path in paths)


def may_lead_to(path: Path, inside: Path) -> bool:
    if not inside:
        return True
    if not path:
        return False
    if path[0] == DEEP:
        return True
    return path[0] in (inside[0], EVERY) and may_lead_to(path[1:], inside[1:])


def changed(value: Any, change: Change) -> Any:
    if value is None or change.nulls:
        return None
    if change is REPLACE:
        return "0"  # as numbers are read here
    if isinstance(value, list):
        return Opaque()
    text = {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value
    return change.text(text.encode()).decode()


STEPS = st.sampled_from([b"card", b"number", b"items", b"a", b"b", b"odd name", "\u00e9".encode(), b"", EVERY, 0, 1])
PATHS = st.lists(st.tuples(st.booleans(), STEPS), min_size=1, max_size=3).map(
    lambda steps: tuple(each for deep, step in steps for each in ((DEEP, step) if deep else (step,)))
)
SELECTORS = PATHS | st.sampled_from(NAMES).map(lambda name: ByName(name.encode()))
CHANGES = [MASK, HASH, REMOVE, NULL, REPLACE]
RULES = st.lists(st.tuples(SELECTORS, st.sampled_from([*CHANGES, None])), min_size=1, max_size=4)
ALLOWED = st.lists(st.lists(PATHS, min_size=1, max_size=3), max_size=2)
