from __future__ import annotations

import pytest

from zoneproxy.detect.columns import MAX_ROW, column_names


def name(source: str, needle: str = "HERE") -> tuple[bytes, int] | None:
    data = source.encode()
    named = column_names(data)
    return named(data.index(needle.encode())) if named else None


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("id,card,name\n1,HERE,x\n", b"card"),
        ("id;card;name\n1;2;3\n1;2;HERE", b"name"),
        ('id,"card no",name\n"a,b",HERE,x', b'"card no"'),
        ("id|ssn|dob\r\nHERE|2|3", b"id"),
        ("id,card,name\n1,2,3,HERE", b""),
        ("id,HERE,name\n1,2,3", b""),
        ("MSH|^~\\&|A\rPID|1||HERE^^^H", b"mrn"),
        ("MSH|^~\\&|A\rPID|1||1||n||HERE", b"birth date"),
        ("MSH|^~\\&|A\rZZZ|1||HERE", b""),
    ],
)
def test_names(source, expected):
    assert name(source)[0] == expected


@pytest.mark.parametrize(
    "source", ["a,b\n1,HERE", "no header HERE", "1,2,3\n4,HERE,5", "said he, and she, and: HERE\nx"]
)
def test_no_table(source):
    assert name(source) is None


def test_where_the_cell_begins():
    assert name("id,card,name\n1,HERE,x")[1] == len("id,card,name\n1,")
    assert name("MSH|^~\\&|A\rPID|1||x^HERE")[1] == len("MSH|^~\\&|A\rPID|1||")


def test_long_rows_have_no_names():
    assert name("a,b,c\n" + "x" * MAX_ROW + ",HERE") == (b"", 0)
