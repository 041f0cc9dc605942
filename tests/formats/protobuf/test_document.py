"""Values of Protobuf, changed, against what another library reads."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.protobuf.kit import Order, field, read, tag
from zoneproxy.formats.document import DEFAULT_LIMITS, CannotChange, Document, Kind, Malformed
from zoneproxy.formats.protobuf.document import ProtobufDocument, read_protobuf
from zoneproxy.formats.protobuf.messages import UNKNOWN
from zoneproxy.formats.varints import unsigned

Path = tuple[bytes | int, ...]


def order(**said: Any) -> Any:
    return Order(**({"id": 1, "reference": "r"} | said))


def changed(before: Any, changes: dict[Path, bytes | None]) -> Any:
    """What the other library reads after a change of what is at these paths."""
    document = read(before.SerializeToString(deterministic=True))
    indexes = {index_of(document, path): text for path, text in changes.items()}
    return Order.FromString(document.rewritten(indexes))


def index_of(document: Document, path: Path) -> int:
    return max(index for index, leaf in enumerate(document.leaves) if leaf.path == path)


@pytest.mark.parametrize(
    ("before", "changes", "after"),
    [
        ({"email": "a@b.c"}, {(b"email",): b"*"}, {"email": "*"}),
        ({"email": "a@b.c"}, {(b"email",): None}, {}),
        ({"notes": ["a", "b", "c"]}, {(b"notes", 1): None}, {"notes": ["a", "c"]}),
        ({"counts": [1, 2, 3]}, {(b"counts", 1): b"-7", (b"counts", 2): None}, {"counts": [1, -7]}),
        ({"deltas": [1, 2]}, {(b"deltas", 1): b"-300"}, {"deltas": [1, -300]}),
        ({"marks": [1, 2]}, {(b"marks", 0): b"4294967295"}, {"marks": [2**32 - 1, 2]}),
        ({"line": {"sku": "s"}}, {(b"line", b"sku"): b"x" * 200}, {"line": {"sku": "x" * 200}}),
        ({"names": {7: "seven"}}, {(b"names", b"7"): b"7!"}, {"names": {7: "7!"}}),
        ({"by_sku": {"k": {"sku": "s"}}}, {(b"by_sku", b"k", b"sku"): b""}, {"by_sku": {"k": {"sku": ""}}}),
        ({"by_sku": {"k": {}, "m": {}}}, {(b"by_sku", b"k"): None}, {"by_sku": {"m": {}}}),
        ({"raw": b"\xff"}, {(b"raw",): b"\x00"}, {"raw": b"\x00"}),
        ({"price": 2.5}, {(b"price",): b"3"}, {"price": 3.0}),
        ({"paid": True}, {(b"paid",): b"false"}, {"paid": False}),
        ({"id": 5, "reference": "r"}, {(b"id",): None, (b"reference",): None}, {"id": 0, "reference": ""}),
    ],
)
def test_only_what_is_changed_is_changed(
    before: dict[str, Any], changes: dict[Path, bytes | None], after: dict[str, Any]
) -> None:
    assert changed(order(**before), changes) == order(**after)


def test_all_lengths_around_a_change_stay_right() -> None:
    deep = order(line={"order": order(line={"order": order(email="a@b.c", notes=["n"])})})
    path = (b"line", b"order", b"line", b"order", b"email")
    assert changed(deep, {path: b"x" * 20_000}) == order(
        line={"order": order(line={"order": order(email="x" * 20_000, notes=["n"])})}
    )


def test_the_name_of_an_entry_cannot_become_another_one() -> None:
    document = read(order(by_sku={"k": {}}).SerializeToString())
    with pytest.raises(CannotChange):
        document.rewritten({index_of(document, (b"by_sku", b"k")): b"x"})


def test_an_entry_goes_with_all_in_it() -> None:
    before = order(names={7: "seven"})
    document = read(before.SerializeToString())
    both = {index: None for index, leaf in enumerate(document.leaves) if leaf.path == (b"names", b"7")}
    assert len(both) == 2
    assert Order.FromString(document.rewritten(both)) == order()


# --- without a schema


def at(data: bytes, changes: dict[int, bytes | None]) -> bytes:
    return read_protobuf(data, DEFAULT_LIMITS).rewritten(changes)


def test_an_unknown_text_may_become_another_one() -> None:
    assert at(field(1, field(2, b"\x01x") + b"\x18\x05"), {0: b"long text"}) == field(
        1, field(2, b"long text") + b"\x18\x05"
    )
    assert at(field(1, field(2, b"secret") + field(3, b"\x05\x01")), {0: b"*"}) == field(
        1, field(2, b"*") + field(3, b"\x05\x01")
    )


def test_a_number_is_written_in_the_way_that_it_was_read() -> None:
    data = tag(1, 0) + unsigned(2 * 4111111111111111)
    assert at(data, {0: b"1"}) == tag(1, 0) + unsigned(1)
    assert at(data, {1: b"1"}) == tag(1, 0) + unsigned(2)
    with pytest.raises(CannotChange):
        at(data, {0: b"1", 1: b"1"})
    assert at(data, {0: None, 1: None}) == b""


def test_what_stands_in_front_stays() -> None:
    document = ProtobufDocument(b"\x00\x00\x00\x00\x01\x00" + field(1, b"abc"), 6, UNKNOWN, DEFAULT_LIMITS)
    assert document.rewritten({0: b"x"}) == b"\x00\x00\x00\x00\x01\x00" + field(1, b"x")


def test_numbers_in_a_list_may_become_others() -> None:
    data = field(1, b"\x05" + unsigned(4111111111111111))
    document = read_protobuf(data, DEFAULT_LIMITS)
    (index,) = (index for index, leaf in enumerate(document.leaves) if leaf.text == b"4111111111111111")
    assert document.rewritten({index: b"7"}) == field(1, b"\x05\x07")


# --- whatever there is

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
ORDERS = st.deferred(
    lambda: st.fixed_dictionaries(
        {"id": st.integers(-(2**63), 2**63 - 1), "reference": TEXT},
        optional={
            "email": TEXT,
            "notes": st.lists(TEXT, max_size=3),
            "counts": st.lists(st.integers(-(2**31), 2**31 - 1), max_size=3),
            "deltas": st.lists(st.integers(-(2**63), 2**63 - 1), max_size=3),
            "by_sku": st.dictionaries(TEXT, LINES, max_size=2),
            "names": st.dictionaries(st.integers(-(2**31), 2**31 - 1), TEXT, max_size=2),
            "lines": st.lists(LINES, max_size=2),
            "raw": st.binary(max_size=20),
            "price": st.floats(allow_nan=False),
            "marks": st.lists(st.integers(0, 2**32 - 1), max_size=3),
            "paid": st.booleans(),
            "number": st.integers(0, 2**64 - 1),
        },
    )
)
LINES = st.deferred(lambda: st.fixed_dictionaries({}, optional={"sku": TEXT, "order": ORDERS}))


@given(ORDERS, st.data())
def test_whatever_is_changed_the_rest_stays(said: dict[str, Any], data: st.DataObject) -> None:
    before = Order(**said).SerializeToString()
    document = read(before)
    assert document.rewritten({}) == before
    texts = [index for index, leaf in enumerate(document.leaves) if leaf.kind is Kind.TEXT]
    chosen = data.draw(st.sets(st.sampled_from(texts))) if texts else set()
    after = document.rewritten(dict.fromkeys(chosen, b"*" * 70))
    Order.FromString(after)
    for index, (was, is_) in enumerate(zip(document.leaves, read(after).leaves, strict=True)):
        assert is_.path == was.path
        assert is_.text == (b"*" * 70 if index in chosen else was.text)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for reader in (read, lambda data: read_protobuf(data, DEFAULT_LIMITS)):
        try:
            document = reader(data)
        except Malformed:
            continue
        assert document.rewritten({}) == data
        for index in range(len(document.leaves)):
            try:
                document.rewritten({index: None})
            except CannotChange:
                pytest.fail("everything may be removed")


@given(ORDERS, st.integers(0, 255), st.data())
def test_so_are_those_with_a_wrong_one_among_them(said: dict[str, Any], byte: int, data: st.DataObject) -> None:
    value = bytearray(Order(**said).SerializeToString())
    value[data.draw(st.integers(0, len(value) - 1))] = byte
    try:
        document = read(bytes(value))
    except Malformed:
        return
    assert document.rewritten({}) == bytes(value)
