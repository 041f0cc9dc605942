"""Control plans, compiled once for each set of controls and shared by all requests of a worker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from zoneproxy.boundary.plan import ControlPlan
from zoneproxy.boundary.reading import NO_BOOKS
from zoneproxy.formats.book import Books
from zoneproxy.policy.controls import Control
from zoneproxy.policy.value_rules import Format

K = TypeVar("K")
V = TypeVar("V")

MAX_PLANS = 1024  # distinct sets of controls; policies have tens


class Plans:
    """Finds the plan of a controls tuple.

    A snapshot hands out the same tuple again and again, so most look-ups go by its identity and hash nothing. At the
    bound everything is forgotten and compiled anew when it is needed.
    """

    def __init__(self, keys: Mapping[str, bytes], books: Books = NO_BOOKS) -> None:
        self._keys = keys
        self._books = books
        self._by_value: dict[tuple[Control, ...], ControlPlan | None] = {}
        self._by_identity: dict[
            int, tuple[tuple[Control, ...], ControlPlan | None]
        ] = {}  # holds the tuple: no id comes again

    def of(self, controls: tuple[Control, ...]) -> ControlPlan | None:
        """The compiled plan; None where there is nothing to do."""
        if not controls:
            return None
        known = self._by_identity.get(id(controls))
        if known is not None:
            return known[1]
        if controls not in self._by_value:
            _remember(self._by_value, controls, self._compile(controls) or None)
        plan = self._by_value[controls]
        _remember(self._by_identity, id(controls), (controls, plan))
        return plan

    def _compile(self, controls: tuple[Control, ...]) -> ControlPlan:
        """Those that are only tried out have a plan of their own: they change nothing of what the others do.

        What parts of records are is so for these as well.
        """
        plan = ControlPlan(tuple(control for control in controls if not control.dry_run), self._keys, self._books)
        if any(control.dry_run for control in controls):
            tried = tuple(control for control in controls if control.dry_run or isinstance(control, Format))
            plan.dry_run = ControlPlan(tried, self._keys, self._books) or None
        return plan


def _remember(cache: dict[K, V], key: K, value: V) -> None:
    if len(cache) >= MAX_PLANS:
        cache.clear()
    cache[key] = value
