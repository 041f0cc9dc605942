"""Random JSON documents, written with all the freedom that the grammar gives."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

NAMES = ["card", "number", "email", "items", "a", "b", "odd name", "\u00e9", "card.number", "0", ""]
SPACE = st.text(" \n\t\r", max_size=2)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.sampled_from(["4111111111111111", "bob@example.com", 'q"u\\o/te', "\u4e2d\U0001f600\x7f"]),
)


class Members(list[tuple[str, Any]]):
    """An object, as its members in order: names may repeat."""


def trees() -> st.SearchStrategy[Any]:
    return st.recursive(
        LEAVES,
        lambda children: (
            st.lists(children, max_size=4)
            | st.lists(st.tuples(st.sampled_from(NAMES), children), max_size=4).map(Members)
        ),
        max_leaves=20,
    )


def read(text: bytes) -> Any:
    """``text`` as the standard library reads it, objects as their Members, numbers as they are written."""
    return json.loads(text, object_pairs_hook=Members, parse_int=str, parse_float=str)


@st.composite
def written(draw: st.DrawFn, tree: Any) -> str:
    """``tree`` as JSON, with space and escapes where nobody needs them."""
    space = draw(SPACE)
    if isinstance(tree, Members):
        members = [f"{space}{draw(strings(name))}{space}:{draw(written(value))}" for name, value in tree]
        return f"{space}{{{','.join(members)}{space}}}{space}"
    if isinstance(tree, list):
        return f"{space}[{','.join(draw(written(value)) for value in tree)}{space}]{space}"
    return f"{space}{draw(strings(tree)) if isinstance(tree, str) else json.dumps(tree)}{space}"


@st.composite
def strings(draw: st.DrawFn, text: str) -> str:
    escape_all = draw(st.integers(0, 9)) == 0
    if escape_all:
        units = text.encode("utf-16-be", errors="surrogatepass")
        return '"' + "".join(f"\\u{units[at]:02X}{units[at + 1]:02x}" for at in range(0, len(units), 2)) + '"'
    quoted = json.dumps(text, ensure_ascii=draw(st.booleans()))
    return quoted.replace("/", r"\/") if draw(st.booleans()) else quoted


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    return draw(written(draw(trees()))).encode()
