from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.detect.samples import AMEX, CARD, luhn_digit, written_cards
from zoneproxy.detect.patterns import compile_pattern
from zoneproxy.detect.payment_card import PAYMENT_CARD
from zoneproxy.detect.stage_one import StageOne

STRETCH = compile_pattern(PAYMENT_CARD.stretch)
GROUPED = " ".join(CARD[at : at + 4] for at in range(0, 16, 4))


def hits(text: str | bytes) -> list[tuple[str, bool]]:
    """What is found, and whether the validators agree."""
    data = text.encode() if isinstance(text, str) else text
    return [
        (data[hit.start : hit.end].decode(), hit.valid)
        for stretch in STRETCH.finditer(data)
        for hit in PAYMENT_CARD.hits(data, stretch.start(), stretch.end())
    ]


@given(written_cards(), st.sampled_from(["", "pan ", "(", "\n", "Nr.", ":", '"', "é"]), st.sampled_from(["", " ", "x"]))
def test_written_in_any_usual_way(card, before, after):
    if len(set(card) - set(" .-")) > 1:
        assert [found for found, _ in hits(before + card + after)] == [card]


@pytest.mark.parametrize(
    "text",
    [
        "54.3766563508973851",  # a latitude
        f"0.{CARD}",
        f"1.{CARD}",
        f"7{CARD}",
        f"{CARD}00000000",
        "2026-04-10 10-28-22",
        f"{CARD[:8]}  {CARD[8:]}",  # two spaces
        "41 11 1111 1111 11 11 7",  # odd groups, and not the whole run
        "1790000000123",
        f"{CARD[:4]}.{CARD[4:]}",
    ],
)
def test_other_numbers_are_left_alone(text):
    assert hits(text) == []


def test_several_in_one_run():
    assert [found for found, _ in hits(f"{GROUPED} {GROUPED}")] == [GROUPED, GROUPED]
    assert [found for found, _ in hits(f"no 12 {GROUPED} 7")] == [GROUPED]
    assert [found for found, _ in hits(f"{CARD},{AMEX}")] == [CARD, AMEX]


def test_the_longest_number_is_taken():
    body = CARD + "00"
    long = body + luhn_digit(body)
    assert [found for found, _ in hits(" ".join((long[:16], long[16:])))] == [long[:16] + " " + long[16:]]


@pytest.mark.parametrize("text", [f"ab{CARD}", f"{CARD}e1", f"0c{CARD}d2"])
def test_within_a_hexadecimal_id_it_is_doubtful(text):
    assert hits(text) == [(CARD, False)]


@pytest.mark.parametrize("text", [f"pan{CARD}", f"id_{CARD}", f"{CARD}xyz", f"x{CARD}"])
def test_beside_other_letters_it_is_not(text):
    assert hits(text) == [(CARD, True)]


# --- the closer look of stage 1 ------------------------------------------------------------------------------

STAGE_ONE = StageOne([PAYMENT_CARD])


@given(
    written_cards(),
    st.sampled_from([b" ", b"x", b"]", b'":"', b"-."]),
    st.sampled_from([b"", b"0", b"8", b" 1", b"\xff", b"x"]),
)
def test_a_number_is_never_refuted(card, before, after):
    if len(set(card) - set(" .-")) > 1:
        assert STAGE_ONE.next(before + card.encode() + after, 0) is not None


@pytest.mark.parametrize("text", ["", "x", CARD[:-1] + "2", CARD[:11], f" {CARD}1", f" {CARD}3", " 1790000000123"])
def test_look_alikes_are_refuted(text):
    assert STAGE_ONE.next(text.encode(), 0) is None


def test_a_piece_of_a_uuid_is_no_valid_number():
    piece = "8259-831931549819"
    assert hits(f'{{"v":"consumer-d1c07a55-9e1f-4b6c-{piece}"}}') == [(piece, False)]
    assert hits(f"at {piece} ok") == [(piece, True)]


@pytest.mark.parametrize("behind", ["", " ", "x", "_", "-"])
def test_digits_behind_a_plus_are_hits_but_not_valid(behind):
    assert hits("+" + CARD + behind) == [(CARD, False)]
    assert hits(" " + CARD + behind + "+") == [(CARD, True)]
