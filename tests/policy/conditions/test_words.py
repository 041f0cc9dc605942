from __future__ import annotations

from decimal import Decimal

import pytest

from zoneproxy.policy.conditions.words import MAX_STEPS, NotACondition, WordKind, unquoted, words


def values(text: str) -> list[object]:
    return [word.value for word in words(text)][:-1]


def test_words_and_their_places() -> None:
    assert [(word.kind, word.written, word.at) for word in words(' $.a>=-1.5 and"x"')] == [
        (WordKind.PATH, "$.a", 1),
        (WordKind.SIGN, ">=", 4),
        (WordKind.NUMBER, "-1.5", 6),
        (WordKind.NAME, "and", 11),
        (WordKind.TEXT, '"x"', 14),
        (WordKind.END, "", 17),
    ]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("$", ()),
        ("$.größe.first-name", ("größe".encode(), b"first-name")),
        ("$['it\\'s'][\"\\u00e9\"]", (b"it's", "é".encode())),
        ("$[*][0].a[12]", (-1, 0, b"a", 12)),
        ('"a\\n\\ud83d\\ude00"', "a\n😀".encode()),
        ('"\\ud800"', b"\xed\xa0\x80"),
        ("'a\"\\\\'", b'a"\\'),
        ("1e3", Decimal(1000)),
        ("-0.25", Decimal("-0.25")),
        ("0", Decimal(0)),
        ("9" * 60, Decimal("9" * 60)),
    ],
)
def test_what_words_stand_for(written: str, value: object) -> None:
    assert values(written) == [value]


@pytest.mark.parametrize(
    "text", ["$.a.", "$..a", "$[01]", "01", "1.", ".5", "1e1000", "=", "'a", '"\n"', "Key", "5and", "#"]
)
def test_what_is_no_word(text: str) -> None:
    with pytest.raises(NotACondition, match="not understood"):
        list(words(text))


def test_what_cannot_be_shown_is_not() -> None:
    with pytest.raises(NotACondition) as caught:
        list(words("key \x1b[31m"))
    assert (caught.value.what, caught.value.at) == ("not understood: `?[31m`", 4)


def test_paths_are_bounded() -> None:
    assert len(values("$" + ".a" * MAX_STEPS)[0]) == MAX_STEPS  # type: ignore[arg-type]
    with pytest.raises(NotACondition, match="too deep"):
        list(words("$" + ".a" * (MAX_STEPS + 1)))


def test_quotes() -> None:
    assert unquoted("'a'") == unquoted('"a"') == b"a"
