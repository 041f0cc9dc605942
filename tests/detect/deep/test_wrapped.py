from __future__ import annotations

import base64

import pytest

from zoneproxy.detect.deep.pieces import View
from zoneproxy.detect.deep.wrapped import SHAPE, pieces
from zoneproxy.detect.patterns import compile_pattern

SECRET = base64.b64encode(b"4111111111111111 and more")


@pytest.mark.parametrize("newline", [b"\n", b"\r\n", b"\r\n\t"])
@pytest.mark.parametrize("width", [4, 8, 20])
def test_line_breaks_in_coded_text_are_left_out(newline, width):
    written = b"x: " + newline.join(SECRET[at : at + width] for at in range(0, len(SECRET), width))
    assert View(written, list(pieces(written))).text == b"x: " + SECRET
    assert compile_pattern(SHAPE).search(written)


@pytest.mark.parametrize("text", [b"two words\nand more of them", b'{\n  "a": 1,\n  "b": 2\n}', b"ends.\nBegins", b""])
def test_other_line_breaks_stay(text):
    assert list(pieces(text)) == []
