"""Field rules at work on the leaves of documents that are not JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from zoneproxy.formats.document import Kind, Leaf, Path
from zoneproxy.transform.change import Change
from zoneproxy.transform.places import Place
from zoneproxy.transform.selectors import Rules

_NOTHING = frozenset({b"null", b"undefined"})


@dataclass(slots=True)
class Selected:
    """What leaves are to say, None: they go; and, by its number, each rule that changed or noted one of them."""

    changed: dict[int, bytes | None] = field(default_factory=dict)
    applied: list[int] = field(default_factory=list)


def select(rules: Rules, leaves: Sequence[Leaf], begins: Sequence[int | None] | None = None) -> Selected:
    """What becomes of ``leaves``.

    A rule for what holds others is one for all of them, names apart: those only ever go. ``begins``: for each leaf, how
    many of the steps of its path rules have been applied to already; None: all.
    """
    selected = Selected()
    named: Path | None = None  # what the latest name is that of
    holders = _Holders(rules)
    for index, leaf in enumerate(leaves):
        is_name, begin = leaf.kind is Kind.NAME, begins[index] if begins else 0
        if begin is None:
            continue
        found, place = _on_the_way(rules, leaf.path, begin)
        selected.applied += holders.notes(leaf, begin)
        if is_name or leaf.path != named:
            selected.applied += place.notes
        if is_name:
            named = leaf.path
            found.append(place.whole)
        else:
            found += (place.scalar, *_tagged(rules, leaf, selected.applied))
        change = _strictest(rules, found)
        if change is not None and (change[1].removes or not is_name):
            _change(selected, index, leaf, *change)
    return selected


class _Holders:
    """Records and lists that have no name among the leaves, as the names are those of a schema: rules take note of them
    at the first leaf in them."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._named: set[Path] = set()  # of these, note is taken at their names
        self._before: Path = ()

    def notes(self, leaf: Leaf, begin: int) -> Iterator[int]:
        """The rules that take note of what holds ``leaf`` and did not hold the one before it."""
        path, before, self._before = leaf.path, self._before, leaf.path
        if not self._rules.machine.noting:
            return
        if leaf.kind is Kind.NAME:
            self._named.add(path)
        place = self._rules.machine.root
        for depth, step in enumerate(path[:-1], start=1):
            place = place.member(step) if isinstance(step, bytes) else place.element(step)
            if place.notes and depth > begin and path[:depth] != before[:depth] and path[:depth] not in self._named:
                yield from place.notes


def _on_the_way(rules: Rules, path: Path, begin: int) -> tuple[list[int], Place]:
    """The rules about what holds the leaf, -1 for none, and its own place."""
    place = rules.machine.root
    found = []
    for depth, step in enumerate(path):
        if depth >= begin:
            found.append(place.whole)
        place = place.member(step) if isinstance(step, bytes) else place.element(step)
    return found, place


def _tagged(rules: Rules, leaf: Leaf, applied: list[int]) -> list[int]:
    tagged = [rule for tag in sorted(leaf.tags) for rule in rules.tags.get(tag, ())]
    applied += (rule for rule in tagged if rules.changes[rule] is None)
    return tagged


def _strictest(rules: Rules, found: Iterable[int]) -> tuple[int, Change] | None:
    changes = [(rule, change) for rule in found if rule >= 0 and (change := rules.changes[rule]) is not None]
    return max(changes, key=lambda each: each[1].strictness, default=None)


def _change(selected: Selected, index: int, leaf: Leaf, rule: int, change: Change) -> None:
    if change.removes or change.nulls:
        text = None
    else:
        text = leaf.text if leaf.kind is Kind.OTHER and leaf.text in _NOTHING else change.text(leaf.text)
    if text != leaf.text:
        selected.changed[index] = text
        selected.applied.append(rule)
