from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.boundary.rules.lineage_text import MAX_TEXT, Hop, read, written

HOP = Hop("payments", "analytics", "payments.completed", "fetch", "3f2a9c0e1b7d4a55")
TEXT = (
    b'{"v":1,"hops":[{"from":"payments","to":"analytics","topic":"payments.completed","side":"fetch",'
    b'"policy":"3f2a9c0e1b7d4a55"}]}'
)


def test_what_is_written() -> None:
    assert written((HOP,)) == TEXT
    assert read(TEXT) == (HOP,)


@given(st.lists(st.builds(Hop, *([st.text(min_size=1, max_size=5)] * 5)), min_size=1, max_size=4).map(tuple))
def test_there_and_back(hops: tuple[Hop, ...]) -> None:
    assert read(written(hops)) == hops


def test_the_longest_there_can_be_has_room() -> None:
    longest = Hop("z" * 63, "z" * 63, "t" * 249, "produce", "0" * 16)
    assert len(written((longest,) * 32)) <= MAX_TEXT


def changed(**hop: Any) -> bytes:
    document = json.loads(TEXT)
    document["hops"][0] |= hop
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"\xff", b"[]", b"null", b'{"v":1}', b'{"v":1,"hops":[]}', b'{"v":1,"hops":{}}', b'{"v":1,"hops":[1]}',
     TEXT.replace(b'"v":1', b'"v":2'), TEXT.replace(b'"v":1', b'"v":1,"w":1'), changed(to=""), changed(to=1),
     changed(more="x"), b"[" * 100_000],
)  # fmt: skip
def test_what_is_not_understood(text: bytes) -> None:
    assert read(text) is None
