from __future__ import annotations

import pytest

from zoneproxy.detect.deep.pieces import View
from zoneproxy.detect.deep.wide import SHAPE, pieces
from zoneproxy.detect.patterns import compile_pattern

TEXT = "card 4111111111111111, thanks"


def view(data: bytes) -> View:
    assert compile_pattern(SHAPE).search(data)
    return View(data, list(pieces(data)))


@pytest.mark.parametrize(
    "charset", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "cp037", "cp500"]
)
def test_text_in_other_character_sets_is_read(charset):
    data = TEXT.encode(charset)
    read = view(data)
    assert TEXT in read.text.decode()
    start = read.text.decode().index("4111")
    begin, finish = read.value_span(start, start + 16)
    assert (
        data[begin:finish].decode(charset.replace("utf-16", "utf-16-le") if charset == "utf-16" else charset)
        in (
            "4111111111111111",
            "\ufeff4111111111111111",
        )
        or charset == "utf-32"
    )
    assert finish - begin == len("4111111111111111".encode(charset)) - (charset in ("utf-16", "utf-32")) * (
        4 if charset == "utf-32" else 2
    )


def test_other_letters_in_utf_16_are_taken_one_by_one():
    data = "\u00e9\u0664\u0661\u0661 plain ascii".encode("utf-16")
    read = view(data)
    assert read.text.decode() == "\u00e9\u0664\u0661\u0661 plain ascii"
    at = read.text.index("\u0661".encode())
    assert read.value_span(at, at + 2) == (6, 8)


def test_wide_runs_within_something_else_are_read():
    data = b"\x00\x01\x02id=" + "4111111111".encode("utf-16-le") + b"\x07odd"
    assert b"4111111111" in view(data).text
    assert b"12345678" in view("\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18".encode("utf-16-be")).text
    assert b"12345678" in view("\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18".encode("utf-16-le")).text
    assert b"4111111111" in view(b"\x01\x02\x03" + "4111111111".encode("utf-32-be")).text


def test_broken_text_is_read_as_far_as_it_goes():
    data = TEXT.encode("utf-16")[:-1]
    assert TEXT[:-1] in view(data).text.decode()
    assert view(data).value_span(0, len(view(data).text))[1] <= len(data)


def test_what_only_holds_something_like_ebcdic_is_none():
    noise = bytes(range(256)) * 4
    assert list(pieces(noise + "4111111111111111".encode("cp037"))) == []
