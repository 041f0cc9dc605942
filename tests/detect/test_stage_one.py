from __future__ import annotations

import pytest

from tests.detect.places import places
from tests.detect.samples import CARD, CORE, EMAIL, IBAN, SSN
from zoneproxy.detect.catalogue import DETECTORS
from zoneproxy.detect.stage_one import Later, Place, StageOne, Stops

ALL = StageOne([DETECTORS[type_] for type_ in CORE])
LOOK_ALIKES = f"{CARD[:-1]}2 {IBAN[:-1]}1 000-12-3456 "


def test_nothing():
    assert ALL.next_place(b"", 0) is None
    assert ALL.next_place(b"nothing to see", 0) is None
    assert ALL.next(b"nothing to see", 0) is None


def test_candidates_begin_where_their_shapes_do():
    text = f"..{EMAIL}...{CARD}, {SSN}; {IBAN}".encode()
    assert ALL.next(text, 0) == text.index(b"@")
    for sample in (CARD, SSN, IBAN):
        start = text.index(sample.encode())
        candidate = ALL.next(text, start - 2)
        assert candidate is not None
        assert start - 2 <= candidate <= start


def test_look_alikes_are_refuted():
    text = LOOK_ALIKES.encode()
    assert all(place.joined for place in places(ALL, text))
    assert ALL.next(text, 0) is None


@pytest.mark.parametrize(
    "text",
    [f"AT20 {CARD}", f"5100 {CARD[:4]} {CARD[4:8]} {CARD[8:12]} {CARD[12:]}", f"1.25 {CARD}", f"2026-01-02 {CARD}"],
)
def test_what_overlaps_a_look_alike_is_not_lost(text):
    candidate = ALL.next(text.encode(), 0)
    assert candidate is not None
    assert candidate <= len(text) - len(CARD)


# The digit before the dot may be the end of a key, and the dot a length.
JOINED = f'{{"lat":52.{CARD}}}'.encode()


def test_long_numbers_may_be_joined_to_a_length():
    assert ALL.next_place(b'{"lat":52.52000659999999}', 0) is None
    assert list(places(ALL, JOINED)) == [Place(8, True)]
    assert ALL.next(JOINED, 0) is None


def test_places_come_one_by_one():
    text = JOINED + EMAIL.encode()
    assert ALL.next_place(text, 0) == Place(8, True)
    assert ALL.next_place(text, 9) == Place(len(JOINED) + EMAIL.index("@"), False)
    assert ALL.next_place(text, len(text)) is None


def test_runs_too_long_to_tell_may_be_anything():
    assert ALL.next(b"x" + b"1 " * 100 + CARD.encode(), 0) == 0


def test_words_and_escapes_are_not_refuted():
    assert ALL.next(b"my ssn is 1", 0) == 2
    assert ALL.next(b'{"ssn": null}', 0) is None
    assert ALL.next(rb"\u0034", 0) == 0
    assert StageOne([DETECTORS["EMAIL"]]).next_place(CARD.encode(), 0) is None


def test_where_a_number_cannot_end():
    """After a card number in one piece, a digit can only be the length of what follows, and lengths are even."""
    assert ALL.next(f"x{CARD}7,".encode(), 0) is None
    assert ALL.next(f"x{CARD}8,".encode(), 0) == 0
    assert ALL.next(f"x{CARD} ".encode(), 0) == 0


def test_a_run_is_looked_at_once():
    """A vehicle's number could begin at each digit of a long one. ``0`` is no issuer's, so nothing begins this one."""
    assert ALL.next_place(f"x0{CARD}9999,".encode(), 0) is None
    assert ALL.next(f"0{CARD} {CARD},".encode(), 0) == 0


def test_what_is_longer_than_the_window_is_not_lost():
    urls = StageOne([DETECTORS["URL_CREDENTIALS"]])
    assert urls.next(b"at x://u:" + b"p" * 300 + b"@host", 0) == 4
    assert urls.next(b"at x://u:" + b"p" * 300 + b" host", 0) is None
    assert ALL.next(b'{"c":"x\\u003a"}' + b" " * 200, 0) == 7


def test_whoever_has_no_time_is_told_so_after_a_few_stops():
    text = b"000-12-3456 and " * 100
    for ask in (ALL.next, ALL.next_place):
        with pytest.raises(Later):
            ask(text, 0, Stops(10))
        assert ask(b"nothing to see " * 1_000, 0, Stops(0)) is None
        assert ask(text, 0, Stops(10_000)) is None
