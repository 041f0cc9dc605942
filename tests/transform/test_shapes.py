from __future__ import annotations

import pytest

from tests.transform.field_model import HASH, MASK, NULL, REMOVE
from zoneproxy.transform.json_text import NotJson
from zoneproxy.transform.json_tokens import tokens
from zoneproxy.transform.outline import outline
from zoneproxy.transform.selectors import Rules
from zoneproxy.transform.shapes import Shape

FIRST = b'{"a":"abcdefgh","b":{"c":12,"d":true},"x":"secret"}'


def shape(*rules, first: bytes = FIRST) -> Shape:
    made = Rules(rules)
    return Shape(first, list(tokens(first)), outline(first, made.machine.root, made.changes), made.changes)


SEVERAL = shape(((b"a",), MASK), ((b"b", b"c"), HASH), ((b"x",), REMOVE))


def test_other_documents_of_the_shape():
    text = b'{"a":"12345678","b":{"c":-1.5e3,"d":null},"x":"\\u00e9"}'
    other = b'"' + HASH.text(b"-1.5e3") + b'"'
    assert SEVERAL.apply(text) == (b'{"a":"****5678","b":{"c":%b,"d":null}}' % other, (2, 0, 1))


@pytest.mark.parametrize(
    "text",
    [
        b'{"a":"abcdefgh","b":{"c":12,"d":true},"x":"secret"} ',
        b'{"a":"abcdefgh", "b":{"c":12,"d":true},"x":"secret"}',
        b'{"A":"abcdefgh","b":{"c":12,"d":true},"x":"secret"}',
        b'{"a":"abcdefgh","a":"b","b":{"c":12,"d":true},"x":"secret"}',
        b'{"a":"abcdefgh","b":{"c":12,"d":true},"x":"secret","y":1}',
        b'{"b":{"c":12,"d":true},"a":"abcdefgh","x":"secret"}',
        b'{"a":["abcdefgh"],"b":{"c":12,"d":true},"x":"secret"}',
        b'{"a":"abc","b":{"c":01,"d":true},"x":"secret"}',
        b'{"a":"abc","b":{"c":1.,"d":true},"x":"secret"}',
        b'{"a":"abc","b":{"c":12,"d":True},"x":"secret"}',
        b'{"a":"abc","b":{"c":12,"d":true},"x":"a\nb"}',
        b'{"a":"abc","b":{"c":12,"d":true},"x":"\\x"}',
        b'{"a":"abc","b":{"c":12,"d":true},"x":"\\u12"}',
        b'{"a":"abc"x","b":{"c":12,"d":true},"x":"secret"}',
        b"",
    ],
)
def test_other_shapes(text):
    assert SEVERAL.apply(text) is None


def test_where_a_shape_was_learnt_from_plain_strings_others_have_to_be_plain():
    known = shape(((b"a",), MASK))
    assert known.apply(FIRST.replace(b"abcdefgh", b"12345")) == (FIRST.replace(b"abcdefgh", b"*2345"), (0,))
    for text in (b'"\\u0061bcdefgh"', '"éeeeeeeee"'.encode(), b"null", b"12"):
        assert known.apply(FIRST.replace(b'"abcdefgh"', text)) is None
    known = shape(((b"a",), MASK), first=FIRST.replace(b"abcdefgh", b"\\u0061bcdefgh"))
    assert known.apply(FIRST.replace(b"ab", b"\\u0061b")) == (FIRST.replace(b"abcd", b"****"), (0,))
    assert known.apply(FIRST) == (FIRST.replace(b"abcd", b"****"), (0,))


def test_what_is_not_changed_is_not_told():
    known = shape(((b"a",), MASK), ((b"b", b"c"), NULL))
    text = FIRST.replace(b'"abcdefgh"', b"null")
    assert known.apply(text) == (text.replace(b"12", b"null"), (1,))
    text = text.replace(b"12", b"null")
    after, rules = known.apply(text)
    assert after is text
    assert rules == ()


def test_a_shape_in_which_nothing_is_changed():
    after, rules = shape(((b"b",), None), ((b"y",), MASK)).apply(FIRST)
    assert after is FIRST
    assert rules == (0,)


def test_a_value_goes_although_no_other_is_changed():
    known = shape(((b"a",), MASK), ((b"x",), REMOVE), first=b'{"a":1,"x":2}')
    assert known.apply(b'{"a":null,"x":2}') == (b'{"a":null}', (1,))


def test_a_container_that_is_changed_as_a_whole():
    known = shape(((b"b",), HASH))
    text = FIRST.replace(b"12", b"13")
    assert known.apply(text)[0] == text.replace(b'{"c":13,"d":true}', b'"' + HASH.text(b'{"c":13,"d":true}') + b'"')


def test_what_becomes_no_string_loses_its_quotes():
    known = shape(((b"a",), NULL), ((b"x",), MASK))
    assert known.apply(FIRST) == (FIRST.replace(b'"abcdefgh"', b"null").replace(b"secret", b"**cret"), (0, 1))


def test_empty_strings():
    empty = FIRST.replace(b"abcdefgh", b"")
    known = shape(((b"a",), MASK), first=empty)
    assert known.apply(empty) == (empty, ())
    assert known.apply(FIRST) == (FIRST.replace(b"abcd", b"****"), (0,))
    known = shape(((b"a",), MASK))
    assert known.apply(empty) == (empty, ())


def test_utf_8_is_checked():
    known = shape(((b"a",), MASK))
    text = FIRST.replace(b"secret", "größe".encode())
    assert known.apply(text) == (text.replace(b"abcd", b"****"), (0,))
    with pytest.raises(NotJson):
        known.apply(FIRST.replace(b"secret", b"\xe9"))
