from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.kit import change, index_of, names, reads_or_refuses, texts
from zoneproxy.formats.csv_ import Dialect, read_csv
from zoneproxy.formats.document import DEFAULT_LIMITS, FormatLimits, Kind, Malformed

ROW = b'7,"4111 ""1111""",,a "b" c, x \r\n'
TABLE = b"id,email\r\n7,bob@example.com\r\n8,\r\n"


def read(value: bytes, **dialect):
    return read_csv(value, DEFAULT_LIMITS, Dialect(**dialect))


# --- names ---------------------------------------------------------------------------------------------------


def test_columns_without_names_have_indexes():
    assert texts(read(ROW)) == [(b"0", b"7"), (b"1", b'4111 "1111"'), (b"3", b'a "b" c'), (b"4", b" x ")]


def test_columns_that_the_policy_names():
    assert texts(read(ROW, columns=("id", "card"))) == [
        *((b"id", b"7"), (b"card", b'4111 "1111"'), (b"3", b'a "b" c'), (b"4", b" x "))
    ]
    both = read(TABLE, columns=("a", "b"), header=True)
    assert texts(both) == [(b"a", b"7"), (b"b", b"bob@example.com"), (b"a", b"8")]
    assert names(both) == [b"id", b"email"]


def test_a_header_that_the_policy_speaks_of():
    table = read(TABLE, header=True)
    assert texts(table) == [(b"id", b"7"), (b"email", b"bob@example.com"), (b"id", b"8")]
    assert names(table) == [b"id", b"email"]
    assert names(read(b"1,2\n", header=True)) == [b"1", b"2"]
    assert names(read(TABLE, header=False)) == []


def test_what_looks_like_a_header_names_columns_and_leaves_them_their_indexes():
    assert texts(read(TABLE)) == [(b"0.id", b"7"), (b"1.email", b"bob@example.com"), (b"0.id", b"8")]
    assert [leaf.name for leaf in read(TABLE).leaves] == [b"", b"", b"id", b"email", b"id"]


@pytest.mark.parametrize("value", [b"id,email", b"id\n7\n", b"id,id\n1,2\n", b"id,mail\n1\n", b"id,4111\n1,2\n"])
def test_what_is_no_header(value):
    assert names(read(value)) == []


# --- cells ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "cells"),
    [
        (b"", []),
        (b"a", [b"a"]),
        (b"a,", [b"a"]),
        (b"a\rb\nc\r\nd", [b"a", b"b", b"c", b"d"]),
        (b'"a\r\nb","c,d"', [b"a\r\nb", b"c,d"]),
        (b'""', []),
        (b'""""', [b'"']),
    ],
)
def test_cells(value, cells):
    assert [leaf.text for leaf in read(value).leaves] == cells


@pytest.mark.parametrize("delimiter", [";", "\t", "|", "^"])
def test_delimiters(delimiter):
    value = f'a,b{delimiter}"c{delimiter}d"'.encode()
    assert [leaf.text for leaf in read(value, delimiter=delimiter).leaves] == [b"a,b", f"c{delimiter}d".encode()]


@pytest.mark.parametrize("value", [b'"a', b'"a"b', b'a,"', b'"a" ,b'])
def test_what_is_none(value):
    with pytest.raises(Malformed, match="csv"):
        read(value)


def test_limits():
    assert read_csv(b",,\n,", FormatLimits(leaves=5))
    with pytest.raises(Malformed, match="leaves"):
        read_csv(b",,\n,", FormatLimits(leaves=4))


def test_text_that_is_not_utf_8():
    assert [leaf.kind for leaf in read(b"a,\xff").leaves] == [Kind.TEXT, Kind.BYTES]


# --- changes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "to", "cell"),
    [
        (b'4111 "1111"', b"****", b'"****"'),
        (b'4111 "1111"', b'x"', b'"x"""'),
        (b'4111 "1111"', None, b'""'),
        (b'a "b" c', b"plain", b"plain"),
        (b'a "b" c', b"x,y", b'"x,y"'),
        (b'a "b" c', b"x\ny", b'"x\ny"'),
        (b'a "b" c', b' "', b'" """'),
        (b'a "b" c', b"", b""),
        (b'a "b" c', None, b""),
    ],
)
def test_changes(said, to, cell):
    document = read(ROW)
    before = {b'4111 "1111"': b'"4111 ""1111"""'}.get(said, said)
    assert document.rewritten({index_of(document, said): to}) == ROW.replace(before, cell)


def test_to_remove_a_name_is_to_empty_its_column():
    table = read(TABLE, header=True)
    assert table.rewritten({0: None}) == b"id,email\r\n,bob@example.com\r\n,\r\n"
    assert table.rewritten({0: None, 2: b"x", 1: b"mail"}) == b"id,mail\r\nx,bob@example.com\r\n,\r\n"
    assert table.rewritten({1: None, 3: None}) == b"id,email\r\n7,\r\n8,\r\n"


# --- properties ----------------------------------------------------------------------------------------------

CELLS = st.text(max_size=8).filter(lambda text: not {"\0", "\r"} & set(text))  # csv.writer leaves a \r alone unquoted


@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=4), CELLS, st.sampled_from(["\n", "\r\n"]), st.data())
def test_one_changed_leaf(rows, text, end, data):
    written = io.StringIO()
    csv.writer(
        written, lineterminator=end, quoting=data.draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    ).writerows(rows)
    value = written.getvalue().encode()
    document = read(value, header=False)
    assert [leaf.text.decode() for leaf in document.leaves] == [cell for row in rows for cell in row if cell]
    if document.leaves and text:
        index = data.draw(st.integers(0, len(document.leaves) - 1))
        change(lambda value, limits: read_csv(value, limits, Dialect(header=False)), value, index, text.encode())


@given(st.binary(max_size=30) | st.text('a",\r\n', max_size=30).map(str.encode))
def test_any_bytes(value):
    reads_or_refuses(read_csv, value)


@pytest.mark.parametrize(
    "table",
    [
        *(b"id,cvv,\n1,123,x\n", b"id,cvv,1\n1,123,x\n", b"id,cvv,id\n1,123,x\n", b"id,cvv\n1,123,x\n"),
        *(b"\nid,cvv\n1,123\n", b' ,\r\nid, "cvv"\n1,123\n', b"cvv\n123\n"),
    ],
)
def test_no_first_row_takes_rules_for_names_out_of_effect(table: bytes) -> None:
    (leaf,) = (leaf for leaf in read_csv(table, DEFAULT_LIMITS).leaves if leaf.text == b"123")
    assert leaf.path[-1] == b"cvv"


def test_a_first_row_that_only_might_be_names_can_be_changed() -> None:
    document = read_csv(b"jane,4111\nroe,4222\n", DEFAULT_LIMITS)
    assert [leaf.path for leaf in document.leaves] == [(0,), (1,), (0, b"jane"), (1, b"4111")]
    assert document.rewritten({1: b"*"}) == b"jane,*\nroe,4222\n"


def test_names_stand_in_the_first_row_that_says_anything() -> None:
    document = read_csv(b"\nid,cvv\n1,123\n", DEFAULT_LIMITS, Dialect(header=True))
    assert [leaf.path for leaf in document.leaves] == [(b"id",), (b"cvv",), (b"id",), (b"cvv",)]
    assert [leaf.kind is Kind.NAME for leaf in document.leaves] == [True, True, False, False]
    assert read_csv(b"\n\n", DEFAULT_LIMITS, Dialect(header=True)).leaves == []
