from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.detect.context import words
from zoneproxy.detect.patterns import compile_pattern
from zoneproxy.detect.word_shapes import may_be_near, shape_of_words

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
