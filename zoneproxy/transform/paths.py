"""Paths to values in JSON, as field rules have them: ``$.card.number``, ``$.items[*].email``, ``$['odd name'][0]``.

Names are matched as they are decoded, byte by byte: an escaped name is the same name, another case is another one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

EVERY: Final = -1  # [*]

Step = bytes | int
"""A name in UTF-8, an index, or EVERY."""

_STEP = re.compile(
    r"\.(?P<name>[^\s.\[\]'\"*]+)|\['(?P<single>(?:[^'\\]|\\.)+)'\]|\[\"(?P<double>(?:[^\"\\]|\\.)+)\"\]"
    r"|\[(?P<every>\*)\]|\[(?P<index>[0-9]{1,9})\]"
)


def parse_path(path: str) -> tuple[Step, ...]:
    """The steps of ``path``. Raises ValueError: it is not understood from some character on."""
    if not path.startswith("$"):
        raise ValueError(path)
    steps: list[Step] = []
    position = 1
    while position < len(path):
        match = _STEP.match(path, position)
        if match is None:
            raise ValueError(path)
        steps.append(_step(match))
        position = match.end()
    return tuple(steps)


def _step(match: re.Match[str]) -> Step:
    if match["every"]:
        return EVERY
    if match["index"]:
        return int(match["index"])
    quoted = match["single"] or match["double"]
    return (re.sub(r"\\(.)", r"\1", quoted) if quoted else match["name"]).encode()


class PathTree:
    """Several paths laid over one another: the steps that may come next, and the rules of the paths that end here."""

    __slots__ = ("branches", "rules")

    def __init__(self) -> None:
        self.branches: dict[Step, PathTree] = {}
        self.rules: list[int] = []

    def member(self, name: bytes) -> PathTree | None:
        """What remains of the paths behind a member of an object."""
        return self.branches.get(name)

    def element(self, index: int) -> PathTree | None:
        """What remains of the paths behind an element of an array."""
        return self.branches.get(index) or self.branches.get(EVERY)


def tree_of(paths: Iterable[tuple[Step, ...]]) -> PathTree:
    """The tree of ``paths``; its ``rules`` are their indexes."""
    root = PathTree()
    for rule, steps in enumerate(paths):
        node = root
        for step in steps:
            node = node.branches.setdefault(step, PathTree())
        node.rules.append(rule)
    _settle(root)
    return root


def _settle(tree: PathTree) -> None:
    """Let the paths that go through every element go on behind single elements, too."""
    every = tree.branches.get(EVERY)
    for step, branch in tree.branches.items():
        if every and isinstance(step, int) and step != EVERY:
            _absorb(branch, every)
        _settle(branch)


def _absorb(tree: PathTree, other: PathTree) -> None:
    tree.rules += (rule for rule in other.rules if rule not in tree.rules)
    for step, branch in other.branches.items():
        _absorb(tree.branches.setdefault(step, PathTree()), branch)
