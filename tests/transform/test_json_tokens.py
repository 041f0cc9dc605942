from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transform.documents import Members, documents, read
from zoneproxy.transform.json_tokens import MAX_DEPTH, Kind, NotJson, decode_string, tokens


def built(text: bytes) -> object:
    """A document built from its tokens alone."""
    stream = tokens(text)

    def value(kind: int, start: int, end: int) -> object:
        if kind == Kind.OPEN_ARRAY:
            return list(iter(lambda: element(next(stream)), stop))
        if kind == Kind.OPEN_OBJECT:
            return Members(iter(lambda: member(next(stream)), stop))
        assert kind in (Kind.STRING, Kind.NUMBER, Kind.LITERAL)
        return read(text[start:end])

    def element(token: tuple[int, int, int]) -> object:
        return stop if token[0] == Kind.CLOSE else value(*token)

    def member(token: tuple[int, int, int]) -> object:
        if token[0] == Kind.CLOSE:
            return stop
        assert token[0] == Kind.NAME
        return read(text[slice(*token[1:])]), value(*next(stream))

    stop = object()
    whole = value(*next(stream))
    assert list(stream) == []
    return whole


@given(documents())
def test_tokens_say_all_there_is(text):
    assert built(text) == read(text)


def valid(text: bytes) -> bool:
    try:
        list(tokens(text))
    except NotJson:
        return False
    return True


@given(st.text('{}[]",:\\u0041e+-.tfn \n\ttrue', max_size=14))
def test_agrees_with_the_standard_library(text):
    def refuse(_constant: str) -> None:
        raise ValueError

    try:
        json.loads(text, parse_constant=refuse)
    except ValueError:
        assert not valid(text.encode())
    else:
        assert valid(text.encode())


@given(st.binary())
def test_any_bytes_are_json_or_not(data):
    valid(data)


@pytest.mark.parametrize(
    "text",
    [
        b"", b" ", b"{", b"[", b"}", b"]", b"{]", b"[}", b"[1,]", b"[,1]", b"[1 2]", b"{,}", b'{"a"}', b'{"a":}',
        b'{"a":1,}', b'{"a":1 "b":2}', b"{a:1}", b"{'a':1}", b'["a":1]', b"[1]]", b"1 2", b"01", b"+1", b".5", b"5.",
        b"1e", b"NaN", b"nul", b"TRUE", b'"', b'"\n"', b'"\\x41"', b'"\\u12"', b"\xef\xbb\xbf{}", b"[1]\0", b'"\xff"',
        b"{}//", b'{"a":1}{"a":2}',
    ],
)  # fmt: skip
def test_refused(text):
    assert not valid(text)


def test_depth_is_bounded():
    assert valid(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    assert not valid(b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1))
    assert not valid(b'{"a":' * 100_000)


def test_long_strings_need_no_stack():
    assert valid(b'"' + rb"\n" * 500_000 + b'"')


@given(st.text())
def test_strings_are_decoded(text):
    for ensure_ascii in (True, False):
        assert decode_string(json.dumps(text, ensure_ascii=ensure_ascii).encode()) == text.encode()
    assert decode_string(rb'"\ud800"') == "\ud800".encode(errors="surrogatepass")
