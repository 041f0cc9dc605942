from __future__ import annotations

import pytest

from zoneproxy.transform.characters import character_starts, first_characters


def test_where_characters_start():
    inside = r"a\n\u00e9é\ud83d\ude00z".encode()
    everything = set(range(len(inside) + 1))
    assert character_starts(inside, everything) == {0, 1, 3, 9, 11, 23}
    assert character_starts(b"abc", {1, 2}) == {1, 2}


@pytest.mark.parametrize(
    ("text", "count", "expected"),
    [("abc", 2, "ab"), ("abc", 5, "abc"), ("größe", 3, "grö"), ("größe", 5, "größe"), ("中文", 0, ""), ("", 3, "")],
)
def test_first_characters(text, count, expected):
    assert first_characters(text.encode(), count).decode() == expected


def test_bytes_that_are_no_utf_8_count_as_characters():
    assert first_characters(b"\xff\xc3\xff", 2) == b"\xff\xc3"
