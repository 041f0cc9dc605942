from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from zoneproxy.boundary.rules.tree import CONTAINER, MAX_VALUES, Tree
from zoneproxy.formats.document import DEFAULT_LIMITS, Kind, Leaf
from zoneproxy.formats.json import read_json
from zoneproxy.policy.conditions.tree import EVERY


def leaf(text: bytes, kind: Kind, *path: bytes | int) -> Leaf:
    return Leaf(path, text, kind)


LEAVES = [
    leaf(b"a", Kind.NAME, b"a"),
    leaf(b"x", Kind.TEXT, b"a"),
    leaf(b"1.50", Kind.NUMBER, b"l", 0),
    leaf(b"\xff", Kind.BYTES, b"l", 1),
    leaf(b"true", Kind.OTHER, b"l", 2, b"in"),
    leaf(b"null", Kind.OTHER, b"n"),
    leaf(b"undefined", Kind.OTHER, b"u"),
    leaf(b"1e" + b"9" * 30, Kind.NUMBER, b"huge"),
    leaf(b"twice", Kind.NAME, b"twice"),
    leaf(b"1", Kind.NUMBER, b"twice", b"b"),
    leaf(b"twice", Kind.NAME, b"twice"),
    leaf(b"said", Kind.TEXT, b"again"),
    leaf(b"said", Kind.TEXT, b"again"),
    leaf(b"text", Kind.TEXT, b"element"),
    leaf(b"7", Kind.TEXT, b"element", b"@id"),
]


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        ((b"a",), [b"x"]),
        ((b"b",), []),
        ((b"a", b"b"), []),
        ((b"l", 0), [Decimal("1.5")]),
        ((b"l", EVERY), [Decimal("1.5"), b"\xff", CONTAINER]),
        ((b"l", EVERY, b"in"), [True]),
        ((b"l",), [CONTAINER]),
        ((), [CONTAINER]),
        ((EVERY,), []),
        ((b"n",), [None]),
        ((b"u",), [CONTAINER]),
        ((b"huge",), [CONTAINER]),
        ((b"twice",), None),
        ((b"twice", b"b"), None),
        ((b"again",), None),
        ((b"element",), [b"text"]),
        ((b"element", b"@id"), [b"7"]),
    ],
)
def test_paths(steps: tuple[Any, ...], found: Any) -> None:
    assert Tree.of(LEAVES).at(steps) == found


def test_a_value_that_is_all_there_is() -> None:
    assert Tree.of([leaf(b"x", Kind.TEXT)]).at(()) == [b"x"]


def test_how_many_there_may_be() -> None:
    many = [leaf(b"1", Kind.NUMBER, number) for number in range(MAX_VALUES + 1)]
    assert Tree.of(many).at((EVERY,)) is None
    assert len(Tree.of(many[1:]).at((EVERY,)) or ()) == MAX_VALUES


def test_json_says_the_same_leaf_by_leaf() -> None:
    read = read_json(b'{"a":[{"b":1},{"b":"x","c":null}],"d":1,"d":2}', DEFAULT_LIMITS)
    tree = Tree.of(read.leaves)
    assert tree.at((b"a", EVERY, b"b")) == [Decimal(1), b"x"]
    assert tree.at((b"a", 1, b"c")) == [None]
    assert tree.at((b"d",)) is None
