"""The walk through containers, with items that are a byte each (and a byte more for what they say)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.kit import index_of, names, reads_or_refuses, texts
from zoneproxy.formats.document import DEFAULT_LIMITS, CannotChange, FormatLimits, Kind, Malformed
from zoneproxy.formats.items import OPEN_END, Item, ItemsDocument, What


class Toy(ItemsDocument):
    """``a3`` and ``m3`` are containers of three, ``A`` and ``M`` such that go on until ``.``; ``tx`` is a text, ``bx``
    bytes, and ``fx`` says x for ever."""

    nil = b"n"

    def _item(self, pos):
        what, data = self._value[pos : pos + 1], self._value
        if what in (b"a", b"m"):
            return Item(What.ARRAY if what == b"a" else What.MAP, pos + 2, members=data[pos + 1] - ord("0"))
        if what in (b"A", b"M"):
            return Item(What.ARRAY if what == b"A" else What.MAP, pos + 1, members=OPEN_END)
        if what == b".":
            return Item(What.BREAK, pos + 1)
        kind = {b"t": Kind.TEXT, b"b": Kind.BYTES, b"f": Kind.NUMBER}.get(what)
        if kind is None:
            data[pos]
            raise Malformed("type")
        return Item(What.SCALAR, pos + 2, bytes((data[pos + 1],)), kind, fixed=what == b"f")

    def _text(self, text):
        return b"t" + text

    def _bytes(self, data):
        return b"b" + data

    def _counting(self, head, count):
        return head[:1] + b"%d" % count


def read(value: bytes, limits: FormatLimits = DEFAULT_LIMITS) -> Toy:
    return Toy(value, limits)


def removed(value: bytes, *said: bytes) -> bytes:
    document = read(value)
    return document.rewritten({index_of(document, text): None for text in said})


def test_paths():
    assert names(read(b"m2txa2t1t2tyMtzf3.")) == [b"x", b"y", b"z"]
    assert texts(read(b"m2txa2t1t2tyMtzf3.")) == [(b"x.0", b"1"), (b"x.1", b"2"), (b"y.z", b"3")]


def test_a_key_that_is_a_container_is_gone_through():
    document = read(b"m2a2t1t2t3tyt4")
    assert texts(document) == [(b".0", b"1"), (b".1", b"2"), (b"", b"3"), (b"y", b"4")]
    assert removed(b"m2a2t1t2t3tyt4", b"1") == b"m2a1t2t3tyt4"
    assert removed(b"m2a2t1t2t3tyt4", b"3") == b"m1tyt4"
    assert texts(read(b"Mm1txt1m1tyt2.")) == [(b".x", b"1"), (b".y", b"2")]


@pytest.mark.parametrize(
    ("value", "said", "left"),
    [
        (b"a3t1t2t3", [b"2"], b"a2t1t3"),
        (b"a3t1t2t3", [b"1", b"3"], b"a1t2"),
        (b"At1t2.", [b"1", b"2"], b"A."),
        (b"m2txt1tym1tzt2", [b"y"], b"m1txt1"),
        (b"m2txt1tym1tzt2", [b"y", b"2"], b"m1txt1"),
        (b"m2txt1tym1tzt2", [b"2", b"1"], b"m1tym0"),
        (b"t1", [b"1"], b"n"),
    ],
)
def test_removal(value, said, left):
    assert removed(value, *said) == left


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"", "truncated"),
        (b"a2t1", "truncated"),
        (b"a9", "truncated"),
        (b"Mtx", "truncated"),
        (b"t1t2", "trailing"),
        (b"?", "type"),
        (b".", "break"),
        (b"a1.", "break"),
        (b"Mtx.", "break"),
    ],
)
def test_what_is_none(value, reason):
    with pytest.raises(Malformed, match=reason):
        read(value)


def test_changes():
    assert read(b"a2t1b2").rewritten({0: b"x", 1: b"y"}) == b"a2txby"
    for value, text in ((b"f1", b"2"), (b"t1", b"\xff")):
        with pytest.raises(CannotChange):
            read(value).rewritten({0: text})


def test_limits():
    assert read(b"a1a1t1", FormatLimits(depth=2))
    with pytest.raises(Malformed, match="deep"):
        read(b"a1a1t1", FormatLimits(depth=1))
    with pytest.raises(Malformed, match="duplicate"):
        read(b"m2txt1txt2", FormatLimits(unique_names=True))


@given(st.text("am01239AM.tbf", max_size=30))
def test_any_bytes(value):
    reads_or_refuses(Toy, value.encode())
