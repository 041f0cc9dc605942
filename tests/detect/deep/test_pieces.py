from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.detect.deep import pieces
from zoneproxy.detect.deep.pieces import Piece, View
from zoneproxy.errors import ProtocolError


def test_a_reading_leads_back_to_where_it_stands():
    source = b"a%34%31b"
    view = View(source, [Piece(1, 4, b"4"), Piece(4, 7, b"1")])
    assert view.text == b"a41b"
    assert view.value_span(0, 1) == (0, 1)
    assert view.value_span(1, 2) == (1, 4)
    assert view.value_span(1, 3) == (1, 7)
    assert view.value_span(0, 4) == (0, 8)
    assert view.value_span(3, 4) == (7, 8)


def test_a_run_can_only_be_taken_whole():
    view = View(b"x NDEx y", [Piece(2, 6, b" 411 ")])
    assert view.text == b"x  411  y"
    assert view.value_span(3, 4) == (2, 6)
    assert view.value_span(0, 4) == (0, 6)
    assert view.value_span(4, 9) == (2, 8)


def test_wide_characters_are_taken_one_by_one():
    view = View(b"..4\x001\x001\x00.", [Piece(2, 8, b"411", step=2)])
    assert view.value_span(2, 3) == (2, 4)
    assert view.value_span(3, 5) == (4, 8)
    assert view.value_span(4, 6) == (6, 9)


def test_what_is_left_out_belongs_to_what_is_on_both_sides():
    view = View(b"4<b>1", [Piece(1, 4, b"")])
    assert view.text == b"41"
    assert view.value_span(0, 1) == (0, 1)
    assert view.value_span(1, 2) == (4, 5)
    assert view.value_span(0, 2) == (0, 5)


def test_a_reading_of_a_reading_leads_back_all_the_way():
    outer = View(b"x%2534y", [Piece(1, 4, b"%")])
    inner = View(outer.text, [Piece(1, 4, b"4")], outer)
    assert inner.text == b"x4y"
    assert inner.value_span(1, 2) == (1, 6)
    assert inner.value_span(2, 3) == (6, 7)


def test_what_stands_there_as_it_is():
    outer = View(b"x%2534y41", [Piece(1, 4, b"%")])
    inner = View(outer.text, [Piece(1, 4, b"4")], outer)
    assert inner.is_copy(2, 5)
    assert not inner.is_copy(1, 3)
    assert not View(outer.text, [Piece(6, 7, b"")], outer).is_copy(1, 2)  # the % was another one
    assert not View(b"4<b>1", [Piece(1, 4, b"")]).is_copy(0, 2)


def test_what_is_near_a_replacement_concerns_it():
    view = View(b"%34" + b"." * 40 + b"&#52;", [Piece(0, 3, b"4")])
    assert view.concerns([Piece(1, 2, b"")], 10)
    assert view.concerns([Piece(0, 1, b"")], 10)
    assert not view.concerns([Piece(41, 46, b"4")], 10)
    assert view.concerns([Piece(41, 46, b"4"), Piece(9, 10, b"")], 10)
    within = View(b"NDEx", [Piece(0, 4, b"." * 100)])
    assert within.concerns([Piece(50, 52, b"")], 10)


def test_too_many_pieces_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pieces, "MAX_PIECES", 2)
    View(b"abc", [Piece(0, 1, b""), Piece(1, 2, b"")])
    with pytest.raises(ProtocolError, match="dense"):
        View(b"abc", [Piece(0, 1, b""), Piece(1, 2, b""), Piece(2, 3, b"")])


@given(st.lists(st.tuples(st.binary(max_size=3), st.binary(min_size=1, max_size=3), st.binary(max_size=3)), max_size=5))
def test_every_byte_leads_to_the_part_it_comes_from(parts):
    source, said, owners, made = b"", b"", [], []
    for copied, written, says in parts:
        owners += [(len(source) + at, len(source) + at + 1) for at in range(len(copied))]
        source += copied
        said += copied + says
        made.append(Piece(len(source), len(source) + len(written), says))
        owners += [(len(source), len(source) + len(written))] * len(says)
        source += written
    view = View(source, made)
    assert view.text == said
    assert [view.value_span(at, at + 1) for at in range(len(said))] == owners
