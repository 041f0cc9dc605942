from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.detect.context import words
from zoneproxy.detect.patterns import compile_pattern
from zoneproxy.detect.word_shapes import may_be_near, search_for_valid, shape_of_words

WORDS = ("ssn", "passport", "account number", "birth")
SHAPE = compile_pattern(shape_of_words(WORDS))


@given(
    st.sampled_from(["ssn", "Ssn", "SSN", "passport", "PassPort", "account number", "accountNumber", "ACCOUNT_NUMBER"]),
    st.text("aAzZ09 _-.\\é", max_size=3),
    st.text("aAzZ09 _-.\\é", max_size=3),
)
def test_every_word_is_seen(word, before, after):
    text = f"|{before}{word}{after}|".encode()
    if not words(text).isdisjoint(WORDS):
        assert SHAPE.search(text)


SHORT = ("ach", "bic", "dea", "plate", "sin", "sort", "tin")
SHAPE_OF_SHORT = compile_pattern(shape_of_words(SHORT))


@given(
    st.sampled_from(SHORT).flatmap(lambda word: st.sampled_from([word, word.title(), word.upper()])),
    st.text("aAeEiImMoOtT09 _-.\\é", max_size=3),
    st.text("aAeEiImMoOtT09 _-.\\é", max_size=3),
)
def test_every_short_word_is_seen(word, before, after):
    text = f"|{before}{word}{after}|".encode()
    if not words(text).isdisjoint(SHORT):
        assert SHAPE_OF_SHORT.search(text)


@pytest.mark.parametrize("word", SHORT)
@pytest.mark.parametrize("length", [b"", b"B", b"r", b"8", b"\x80o", b"\xffe", b"\x90m", b"\x81i"])
def test_a_short_word_is_seen_behind_any_length(word, length):
    """Which is even, or takes two bytes."""
    assert SHAPE_OF_SHORT.search(length + word.encode() + b"\x0e")


def test_what_is_common_in_words_is_not_seen_there():
    assert not SHAPE_OF_SHORT.search(b"each idea of a template, sorting and within")


def test_words_within_words_are_not_seen():
    assert not SHAPE.search(b'{"classname": 1, "number": 2}')


def test_a_word_makes_its_pairs_needless():
    assert shape_of_words(["mrn", "mrn number"]) == shape_of_words(["mrn"])


def test_fields_of_messages_are_seen():
    assert SHAPE.search(b"MSH|x\rPID|1||")


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (b'ssn": "123"', True),
        (b'ssn": "none", "x": 1', False),
        (b'ssn": null}', False),
        (b'ssn": {"x": ', True),
        (b'ssn": ["x", ', True),
        (b'ssn": "a long text that may go on and on', True),
        (b'ssn": "a", 5', False),
        (b"the ssn is ", True),
    ],
)
def test_the_closer_look(window, expected):
    assert may_be_near(rb"[0-9]{3}", ["ssn"])(window) is (expected or window.endswith(b"5"))


def valid(written: bytes) -> bool:
    return written.endswith(b"7")


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (b" 1237 ", True),
        (b" 1236 ", False),
        (b" 12371", False),  # no length
        (b" 12372", True),
        (b"01237 ", True),
        (b"91237 ", False),
        (b"a1237b", False),
        (b"b1237b", True),
        (b"b1237c", False),
        (b"\x8091237 ", True),  # the second byte of a length
        (b"_1237_", True),
        (b"1236 0A237x", True),
        (b"\\u0001A237 ", True),
    ],
)
def test_what_is_valid_and_may_stand_alone(window, expected):
    search = search_for_valid(b"[0-9]{4}|A[0-9]{3}", valid)
    assert search(window, 0, len(window)) is expected
    assert not search(window, 0, 4)


def test_the_closer_look_at_what_is_valid():
    near = may_be_near(b"[0-9]{3}", ["ssn"], search_for_valid(b"[0-9]{4}", valid))
    tail = b', "next": "none of these"}' + b" " * 64
    assert near(b'ssn": "1237"' + tail)
    assert not near(b'ssn": "1236"' + tail)
    assert near(b'ssn": "1236"}')  # what follows is not known
    assert not near(b"ssnf 1236" + tail)
    assert near(b"ssnf 1237" + tail)
