from __future__ import annotations

import pytest

from zoneproxy.detect.deep.pieces import View
from zoneproxy.detect.deep.spelled import SHAPE, pieces
from zoneproxy.detect.patterns import compile_pattern


def read(text: bytes) -> bytes:
    found = sorted(pieces(text))
    assert not found or compile_pattern(SHAPE).search(text)
    return View(text, found).text


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (b"4.111111111111111e15", b"4111111111111111"),
        (b"4.111111111111111E+15,", b"4111111111111111,"),
        (b"411111111111111.1e1", b"4111111111111111"),
        (b'"0004111111111111111"', b'"4111111111111111"'),
        (b"4<b></b>111<!-- x -->1111", b"41111111"),
        (b"4<span class=x>111</span>", b"4111"),
        (b"4111_1111_1111_1111", b"4111-1111-1111-1111"),
        (b"4111\n1111\n1111\n1111", b"4111-1111-1111-1111"),
        (b"4111 / 1111 / 1111 / 1111", b"4111-1111-1111-1111"),
        (b"3782:822463:10005", b"3782-822463-10005"),
        (b"219/09/9998", b"219-09-9998"),
        (b"4,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1", b"4111111111111111"),
        (b"4_111_111_111_111_111", b"4111111111111111"),
        (b"4,111,111,111,111,111", b"4111111111111111"),
        (b"DE89_3704_0044_0532_0130_00", b"DE89 3704 0044 0532 0130 00"),
        (b"DE89/3704/0044/0532/0130/00", b"DE89 3704 0044 0532 0130 00"),
    ],
)
def test_other_ways_to_write_numbers(written, says):
    assert read(written) == says


@pytest.mark.parametrize(
    "text",
    [
        b"1.5e3",
        b"1.23456789e3",
        b"1234567e99",
        b"12:34:56:78",
        b"2026/11/22 08:30:23.123",
        b"[4500, 2300, 1200, 9900]",
        b"1,2,3",
        b"1111_1111_1111_1111_1111_1111_1111_1111_1111_1111_1111_1111_1111_1111_1111_1111_1111_1111_1111_1111",
        b"8da8c1ab77b8e4201",
        b"<p>4111</p><p>1111</p>",
        b"4111 1111 1111 1111",
        b"4111-1111-1111-1111",
        b"0000000012",
        b"4111_1111_1111_1111_11111",
        b"219/09/99981",
    ],
)
def test_other_numbers_stay(text):
    assert read(text) == text
