"""Where in a document one is, as far as field rules care: a machine that goes down from the root, child by child.

Many paths at once, names wherever they stand, and lists of what is allowed: of each of them a place knows how far it
has come, and the machine makes places as documents lead to them. Equal progress is the same place, so a way that was
gone before costs a look-up for each step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from zoneproxy.transform.change import Change
from zoneproxy.transform.names import normal_name
from zoneproxy.transform.passing import Matcher, run_of_members
from zoneproxy.transform.paths import DEEP, EVERY, Path, Step

MAX_PLACES: Final = 4096  # rules come to tens, unless many `..` meet documents made for that
MAX_CHILDREN: Final = 256  # of one place, remembered by name
MAX_RUNS: Final = 64  # patterns that pass over members
MAX_NAMES: Final = 64  # that such a pattern has to stop at
MAX_NAME: Final = 64  # bytes; longer names are not remembered

Progress = frozenset[tuple[int, int]]
"""Paths, by number, with the count of their steps that lie behind."""


@dataclass(frozen=True, slots=True)
class Selectors:
    """What rules are about. ``changes[rule]`` is None where a rule only takes note that there is something.

    ``allowed`` are lists of paths: what is neither on the way to one of a list nor below it is removed.
    """

    paths: Mapping[int, Path]  # by rule
    names: Mapping[bytes, frozenset[int]]  # rules by normal name, wherever it stands
    changes: Sequence[Change | None]
    allowed: Sequence[Sequence[Path]] = ()


@dataclass(frozen=True, slots=True)
class State:
    """All that matters of the way to a value. None in ``allowed``: all of the value is."""

    here: frozenset[int]  # the rules that are about the value
    going: Progress
    allowed: tuple[Progress | None, ...]
    only_notes: bool = False  # within something that is changed as a whole


class Place:
    """A value's place. Rules are numbers; those behind the last one stand for the lists of what is allowed.

    ``scalar`` is the rule by which a scalar is changed here, ``whole`` that by which an object or list is; -1: none.
    ``notes`` are the rules that take note of a value here. ``leads_on`` is whether any rule could be about something
    below, ``notes_below`` whether one that takes note could. No rule is about anything here or below if it ``is_dull``.
    ``pass_members`` matches members that need not be looked at one by one; None: there are none such.
    """

    __slots__ = (
        "_elements", "_machine", "_members", "is_dull", "leads_on", "notes", "notes_below", "pass_members", "scalar",
        "state", "whole",
    )  # fmt: skip

    def __init__(self, machine: Machine, state: State) -> None:
        self._machine = machine
        self._members: dict[bytes, Place] = {}
        self._elements: dict[int, Place] = {}
        self.state = state
        self.scalar = machine.strictest(state, [each is not None for each in state.allowed])
        self.whole = machine.strictest(state, [each is not None and not each for each in state.allowed])
        self.notes = tuple(sorted(state.here & machine.noting))
        self.notes_below = machine.notes_names or any(rule in machine.noting for rule, _ in state.going)
        self.leads_on = self.notes_below or (not state.only_notes and machine.leads_on(state))
        self.is_dull = not (self.leads_on or self.notes) and self.scalar < 0 and self.whole < 0
        self.pass_members = machine.passing(state)

    def member(self, name: bytes) -> Place:
        """The place of the member with this name, in UTF-8."""
        place = self._members.get(name)
        if place is None:
            place = self._machine.child(self.state, name, name)
            if len(name) <= MAX_NAME and len(self._members) < MAX_CHILDREN:
                self._members[name] = place
        return place

    def element(self, index: int) -> Place:
        """The place of the element at this index of a list."""
        index = index if index in self._machine.indexes else EVERY
        place = self._elements.get(index)
        if place is None:
            place = self._elements[index] = self._machine.child(self.state, index)
        return place

    def inside(self) -> Place:
        """This place for whoever looks inside what is changed as a whole: there, rules only take note."""
        return self._machine.place(State(frozenset(), self.state.going, (), only_notes=True))


class Machine:
    """Makes places. May be used by several threads: at worst a place is made twice.

    ``noting`` are the rules that only take note, ``indexes`` those of elements that are not like all others.
    """

    def __init__(self, selectors: Selectors) -> None:
        self._rules = selectors
        self._places: dict[State, Place] = {}
        self._runs: dict[tuple[frozenset[bytes], bool], Matcher] = {}
        self.noting = frozenset(rule for rule, change in enumerate(selectors.changes) if change is None)
        self.notes_names = any(rules & self.noting for rules in selectors.names.values())
        every_path = [*selectors.paths.values(), *(path for paths in selectors.allowed for path in paths)]
        self.indexes = frozenset(step for path in every_path for step in path if isinstance(step, int) and step >= 0)
        start = frozenset((rule, 0) for rule in selectors.paths)
        allowed = tuple(frozenset((number, 0) for number in range(len(paths))) for paths in selectors.allowed)
        self.root = self.place(State(self._arrived(start), start, allowed))

    def place(self, state: State) -> Place:
        """The place that is known by this state."""
        place = self._places.get(state)
        if place is None:
            if len(self._places) >= MAX_PLACES:
                self._places.clear()
                self.root = Place(self, self.root.state)  # lets go of all that was reached from it
            place = self._places[state] = Place(self, state)
        return place

    def child(self, state: State, step: Step, name: bytes | None = None) -> Place:
        """The place behind a step; ``name`` is that of a member."""
        going = _advanced(state.going, step, self._rules.paths)
        here = self._arrived(going)
        if name is not None and self._rules.names:
            here |= self._rules.names.get(normal_name(name), frozenset())
        allowed = tuple(
            None if each is None else _allowed(each, step, paths)
            for each, paths in zip(state.allowed, self._rules.allowed, strict=False)
        )
        return self.place(State(here, going, allowed, state.only_notes))

    def passing(self, state: State) -> Matcher | None:
        """What matches members of an object that no rule is about; None where all have to be looked at."""
        if any(each is not None for each in state.allowed):
            return None
        going = [self._rules.paths[number][done:] for number, done in state.going]
        is_deep = bool(self._rules.names) or any(path[:1] == (DEEP,) for path in going)
        steps = {path[path[0] == DEEP] for path in going if path}
        names = frozenset(step for step in steps if isinstance(step, bytes))
        if EVERY in steps or len(names) + len(self._rules.names) > MAX_NAMES:
            return None
        key = names, is_deep
        if key not in self._runs and len(self._runs) < MAX_RUNS:
            self._runs[key] = run_of_members(names, self._rules.names, scalars_only=is_deep)
        return self._runs.get(key)

    def strictest(self, state: State, not_allowed: Sequence[bool]) -> int:
        """The rule that decides; -1: none."""
        changes = self._rules.changes
        if state.only_notes:
            return -1
        for number, is_not in enumerate(not_allowed):
            if is_not:
                return len(changes) + number
        strictness = {rule: change.strictness for rule in sorted(state.here) if (change := changes[rule])}
        return max(strictness, key=lambda rule: strictness[rule], default=-1)

    def leads_on(self, state: State) -> bool:
        """Whether a rule could be about something below."""
        ways = any(done < len(self._rules.paths[rule]) for rule, done in state.going)
        return ways or bool(self._rules.names) or any(each is not None for each in state.allowed)

    def _arrived(self, going: Progress) -> frozenset[int]:
        return frozenset(rule for rule, done in going if done == len(self._rules.paths[rule]))


def _advanced(going: Progress, step: Step, paths: Mapping[int, Path] | Sequence[Path]) -> Progress:
    return frozenset(after for number, done in going for after in _after(number, done, paths[number], step))


def _after(number: int, done: int, path: Path, step: Step) -> Iterable[tuple[int, int]]:
    if done == len(path):
        return
    wanted, behind = path[done], done + 1
    if wanted == DEEP:
        yield number, done
        wanted, behind = path[done + 1], done + 2
    if wanted in (step, EVERY):
        yield number, behind


def _allowed(going: Progress, step: Step, paths: Sequence[Path]) -> Progress | None:
    """None: a path ends here, so this and all below is allowed."""
    after = _advanced(going, step, paths)
    return None if any(done == len(paths[number]) for number, done in after) else after
