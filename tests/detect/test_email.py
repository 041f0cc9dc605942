from __future__ import annotations

import pytest
from hypothesis import given

from tests.detect.samples import EMAIL as ADDRESS
from tests.detect.samples import emails
from zoneproxy.detect.email import EMAIL
from zoneproxy.detect.patterns import compile_pattern

STRETCH = compile_pattern(EMAIL.stretch)


def hits(text: str | bytes) -> list[tuple[str, bool]]:
    data = text.encode() if isinstance(text, str) else text
    return [
        (data[hit.start : hit.end].decode(errors="replace"), hit.valid)
        for stretch in STRETCH.finditer(data)
        for hit in EMAIL.hits(data, stretch.start(), stretch.end())
    ]


@given(emails())
def test_addresses(address):
    assert hits(f"<{address}>, x") == [(address, True)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"mail {ADDRESS}.", ADDRESS),
        (f"'{ADDRESS}'", ADDRESS),
        (f"?user=5&email={ADDRESS}&x=1", ADDRESS),
        (f"mailto:{ADDRESS}", ADDRESS),
        (f"{ADDRESS}..x", ADDRESS),
        (f"{ADDRESS}.2024", ADDRESS),
        (f"\u90ae\u7bb1\uff1a{ADDRESS}\uff0c\u8c22\u8c22", ADDRESS),
        ("「müller@bücher.de」", "müller@bücher.de"),
        ("o'neill@example.com", "o'neill@example.com"),
        ("x" * 70 + "@example.com", "x" * 64 + "@example.com"),
    ],
)
def test_where_an_address_ends(text, found):
    assert hits(text) == [(found, True)]


@pytest.mark.parametrize(
    "text",
    ["hero@2x.png", "x@localhost", "@example.com", "x@", "x@.com", "x@1.2.3.4", "a @ b.com", "..@example.com", "x@y.c"],
)
def test_no_address(text):
    assert hits(text) == []


@pytest.mark.parametrize(
    "text",
    ["git@example.com:team/repo", "https://user@example.com/x", "ftp://user:word@example.com", "//x@example.com"],
)
def test_part_of_a_url_is_doubtful(text):
    ((_, valid),) = hits(text)
    assert not valid


def test_a_url_that_is_over_does_not_matter():
    assert hits(f"see https://example.com/ {ADDRESS}") == [(ADDRESS, True)]
    assert hits(f"https://example.com/?m={ADDRESS}") == [(ADDRESS, True)]


def test_bytes_that_are_no_utf_8():
    assert hits(b"\xff\xfebob@example.com\xff") == [("bob@example.com", True)]
