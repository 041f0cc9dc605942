"""The text of a .proto file, in pieces."""

from __future__ import annotations

import pytest

from zoneproxy.formats.protobuf.tokens import Kind, Tokens
from zoneproxy.formats.schema import InvalidSchema


def all_of(text: str) -> list[tuple[Kind, str]]:
    tokens, found = Tokens(text), []
    while tokens.next.kind is not Kind.END:
        found.append(tuple(tokens.take()))
    return found  # type: ignore[return-value]


def test_names_numbers_strings_and_signs() -> None:
    assert all_of('a.b .c = 0x1F -1.5e3 "x\\"y" \'z\' {}') == [
        (Kind.NAME, "a.b"),
        (Kind.NAME, ".c"),
        (Kind.SIGN, "="),
        (Kind.NUMBER, "0x1F"),
        (Kind.SIGN, "-"),
        (Kind.NUMBER, "1.5e3"),
        (Kind.STRING, 'x\\"y'),
        (Kind.STRING, "z"),
        (Kind.SIGN, "{"),
        (Kind.SIGN, "}"),
    ]


def test_comments_are_left_out() -> None:
    assert all_of("// one\na /* two\n ** */ b // three") == [(Kind.NAME, "a"), (Kind.NAME, "b")]
    assert all_of("/* only */") == []


@pytest.mark.parametrize("text", ['"open', "/* open", "#", "é", '"two\nlines"'])
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(InvalidSchema, match="syntax"):
        all_of(text)


def test_what_is_asked_for_must_be_there() -> None:
    for take in (
        lambda: Tokens("5").name(),
        lambda: Tokens("a").number(),
        lambda: Tokens("1.5").number(),
        lambda: Tokens(";").sign("{"),
        lambda: Tokens("").take(),
    ):
        with pytest.raises(InvalidSchema, match="syntax"):
            take()
    assert Tokens("0x10").number() == 16


def test_brackets_are_passed_over_as_a_whole() -> None:
    tokens = Tokens("a { ; [;] } (;) ; b")
    tokens.skip_to(";")
    tokens.take()
    assert tokens.name() == "b"


@pytest.mark.parametrize("text", ["{ ;", "} ;", "a"])
def test_brackets_that_do_not_match_are_refused(text: str) -> None:
    with pytest.raises(InvalidSchema, match="syntax"):
        Tokens(text).skip_to(";")


def test_a_long_comment_takes_no_longer_than_its_length() -> None:
    assert all_of("/*" + "*" * 200_000 + "/") == []
    with pytest.raises(InvalidSchema):
        all_of("/" * 1 + "*" * 200_000)
