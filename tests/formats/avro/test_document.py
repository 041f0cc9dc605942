"""Whole values of Avro, against what another library reads."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.avro.kit import Schema, read, record, said, written
from zoneproxy.formats.document import CannotChange, Kind, Malformed

FIXED = {"type": "fixed", "name": "F", "size": 3}
SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "null": st.none(),
    "boolean": st.booleans(),
    "int": st.integers(-(2**31), 2**31 - 1),
    "long": st.integers(-(2**63), 2**63 - 1),
    "float": st.floats(width=32, allow_nan=False),
    "double": st.floats(allow_nan=False),
    "bytes": st.binary(max_size=200),
    "string": st.text(st.characters(exclude_categories=["Cs"]), max_size=100),
}


@st.composite
def schemas(draw: st.DrawFn, depth: int = 3) -> tuple[Schema, st.SearchStrategy[Any]]:
    """A schema, and values of it."""
    scalar = st.sampled_from(sorted(SCALARS)).map(lambda name: (name, SCALARS[name]))
    kind = draw(st.sampled_from(["scalar", "array", "map", "record", "maybe"])) if depth else "scalar"
    if kind == "scalar":
        return draw(scalar)
    if kind == "record":
        members = [draw(schemas(depth=depth - 1)) for _ in range(draw(st.integers(0, 3)))]
        schema = record(*(member for member, _ in members), name=f"R{draw(st.uuids()).hex}")
        return schema, st.fixed_dictionaries({f"f{i}": values for i, (_, values) in enumerate(members)})
    if kind == "maybe":
        inner, values = draw(scalar)
        return (inner, values) if inner == "null" else (["null", inner], st.none() | values)
    inner, values = draw(schemas(depth=depth - 1))
    if kind == "array":
        return {"type": "array", "items": inner}, st.lists(values, max_size=3)
    return {"type": "map", "values": inner}, st.dictionaries(st.text("abc", max_size=3), values, max_size=3)


@given(st.data())
def test_only_what_is_changed_is_changed(data: st.DataObject) -> None:
    schema, values = data.draw(schemas())
    before = written(schema, data.draw(values))
    document = read(schema, before)
    assert document.rewritten({}) == before
    texts = [i for i, leaf in enumerate(document.leaves) if leaf.kind is Kind.TEXT]
    chosen = data.draw(st.sets(st.sampled_from(texts))) if texts else set()
    after = document.rewritten(dict.fromkeys(chosen, b"*" * 70))
    said(schema, after)  # another library reads it to its end
    for index, (was, is_) in enumerate(zip(document.leaves, read(schema, after).leaves, strict=True)):
        assert is_.path == was.path
        assert is_.text == (b"*" * 70 if index in chosen else was.text)


@given(st.data())
def test_whatever_is_removed_the_rest_stays(data: st.DataObject) -> None:
    schema, values = data.draw(schemas())
    document = read(schema, written(schema, data.draw(values)))
    going = [index for index, leaf in enumerate(document.leaves) if leaf.kind is not Kind.NAME]
    chosen = data.draw(st.sets(st.sampled_from(going))) if going else set()
    after = document.rewritten(dict.fromkeys(chosen))
    said(schema, after)
    for index, (was, is_) in enumerate(zip(document.leaves, read(schema, after).leaves, strict=True)):
        assert is_.path == was.path
        assert is_.text in ((b"null", b"false", b"0", b"") if index in chosen else (was.text,))


@given(st.data())
def test_entries_of_maps_may_go_whatever_is_in_them(data: st.DataObject) -> None:
    schema = {"type": "map", "values": {"type": "map", "values": {"type": "array", "items": ["null", "string"]}}}
    texts = st.lists(st.none() | st.text("xyz", max_size=2), max_size=2)
    value = data.draw(st.dictionaries(st.text("abc"), st.dictionaries(st.text("abc"), texts, max_size=3), max_size=3))
    document = read(schema, written(schema, value))
    names = [index for index, leaf in enumerate(document.leaves) if leaf.kind is Kind.NAME]
    going = data.draw(st.sets(st.sampled_from(range(len(document.leaves))))) if names else set()
    expected: Any = {name: {inner: list(texts) for inner, texts in maps.items()} for name, maps in value.items()}
    for index in going:
        path = document.leaves[index].path
        if document.leaves[index].kind is not Kind.NAME:
            outer, inner, item = path
            if inner in {step.encode() for step in expected.get(outer.decode(), {})}:  # type: ignore[union-attr]
                expected[outer.decode()][inner.decode()][item] = None  # type: ignore[union-attr]
    for index in going:
        leaf = document.leaves[index]
        if leaf.kind is Kind.NAME:
            *around, name = (step.decode() for step in leaf.path if isinstance(step, bytes))
            (expected.get(around[0], {}) if around else expected).pop(name, None)
    assert said(schema, document.rewritten(dict.fromkeys(going))) == expected


ANY = record(
    "boolean",
    "int",
    "double",
    {"type": "array", "items": ["null", "string", {"type": "map", "values": "long"}]},
    {"type": "bytes", "logicalType": "decimal", "precision": 20, "scale": 4},
    {"type": "long", "logicalType": "timestamp-micros"},
    FIXED,
)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        document = read(ANY, data)
    except Malformed:
        return
    assert document.rewritten({}) == data


@given(st.binary(max_size=200), st.binary(max_size=60))
def test_any_change_is_made_or_refused(data: bytes, text: bytes) -> None:
    schema = {"type": "array", "items": [*SCALARS, FIXED]}
    try:
        document = read(schema, b"\x08" + data)
    except Malformed:
        return
    for index in range(len(document.leaves)):
        try:
            after = document.rewritten({index: text})
        except CannotChange:
            continue
        assert len(read(schema, after).leaves) == len(document.leaves)


def test_what_stands_behind_the_value_is_refused() -> None:
    with pytest.raises(Malformed, match="trailing"):
        read("string", b"\x02ab")
