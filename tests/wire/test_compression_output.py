from __future__ import annotations

import pytest

from zoneproxy.errors import ProtocolError
from zoneproxy.wire.compression_output import Output


def test_one_chunk_is_not_copied():
    chunk = b"x" * 100
    out = Output(100)
    out.add(b"")
    out.add(chunk)
    assert out.data is chunk


def test_chunks_are_put_together():
    out = Output(6)
    for chunk in (b"ab", b"cd", b"ef"):
        out.add(chunk)
    assert bytes(out.data) == b"abcdef"


@pytest.mark.parametrize("chunks", [[b"abcd"], [b"ab", b"cd"], [b"abc", b"d"]])
def test_more_than_the_cap_is_refused(chunks):
    out = Output(3)
    *first, last = chunks
    for chunk in first:
        out.add(chunk)
    with pytest.raises(ProtocolError, match="bomb"):
        out.add(last)
    assert len(out.data) <= 3


def test_one_byte_more_than_the_cap_may_be_asked_for():
    out = Output(3)
    assert out.room(2) == 2
    assert out.room(100) == 4
    out.add(b"abc")
    assert out.room(100) == 1
