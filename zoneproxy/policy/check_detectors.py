"""What is wrong with detectors and allow-lists: names given twice, types that there are not, patterns that are slow."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from zoneproxy.errors import Problem
from zoneproxy.policy.check_access import missing
from zoneproxy.policy.merge import Entries


def names_of(entries: Entries) -> frozenset[str]:
    """The detectors and packs that the policy adds."""
    written = [entry.value for entry in entries.detectors if entry.value]
    return frozenset(name for each in written for name in (each.name, *each.packs))


def check_detectors(
    entries: Entries, known_types: Collection[str] | None, is_slow: Callable[[str], bool] | None
) -> Iterator[Problem]:
    """Every problem. ``known_types``, ``is_slow``: None if that is not to be checked."""
    for entry in entries.detectors:
        if entry.value is None:
            continue
        if is_slow is not None and is_slow(entry.value.pattern):
            message = "this pattern is too slow to be looked for in every record"
            yield entry.problem(message, "begin with letters or digits that are rare, and shorten repeats", "pattern")
    known = None if known_types is None else names_of(entries).union(known_types)
    for listed in entries.allow_lists:
        for name in listed.value.types if listed.value else ():
            if known is not None and name not in known:
                yield listed.problem(*missing("detector", name, known), "types")
