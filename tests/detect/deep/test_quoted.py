from __future__ import annotations

import quopri

import pytest

from zoneproxy.detect.deep.pieces import View
from zoneproxy.detect.deep.quoted import SHAPE, pieces
from zoneproxy.detect.patterns import compile_pattern


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (b"=34=31", b"41"),
        (b"4111=\r\n1111", b"41111111"),
        (b"4=  \n1", b"41"),
        (b"a=b", b"a=b"),
        (b"=EF=BC=94", "\uff14".encode()),
        (quopri.encodestring(b"caf\xc3\xa9 4111 " * 9), b"caf\xc3\xa9 4111 " * 9),
    ],
)
def test_quoted_printable_is_undone(written, says):
    found = list(pieces(written))
    assert View(written, found).text.rstrip(b" ") == says.rstrip(b" ")
    assert bool(found) == bool(compile_pattern(SHAPE).search(written))
