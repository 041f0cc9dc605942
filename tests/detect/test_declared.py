from __future__ import annotations

import pytest

from zoneproxy.detect.declared import keyed, long_number, pattern, words_of
from zoneproxy.detect.detector import Confidence, Detector, Hit
from zoneproxy.detect.patterns import compile_pattern
from zoneproxy.detect.stage_one import StageOne

SURE = Confidence(alone=0.2, valid=0.6, valid_in_context=0.9)


def hits(detector: Detector, text: bytes) -> list[tuple[bytes, bool]]:
    return [
        (text[hit.start : hit.end], hit.valid)
        for stretch in compile_pattern(detector.stretch, longest=True).finditer(text)
        for hit in detector.hits(text, stretch.start(), stretch.end())
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"1234", True),
        (b"x 1234.", True),
        (b"id_1234_x", True),
        (b"a1234", False),
        (b"12345", False),
        (b"1-1234", False),
        (b"1234.5", False),
        (b"a-1234-b", True),
    ],
)
def test_values_stand_alone(text, found):
    assert hits(pattern("X", b"[0-9]{4}", confidence=SURE), text) == ([(b"1234", True)] if found else [])


def test_validators():
    even = pattern("X", b"[0-9]{4}", valid=lambda written: written[-1] % 2 == 0, confidence=SURE)
    assert hits(even, b"1234 1235") == [(b"1234", True)]
    assert even.may_be(b"1234zzz")
    assert not even.may_be(b"1235zzz")
    both = pattern("X", b"[0-9]{4}", valid=lambda written: written[-1] % 2 == 0, confidence=SURE, only_valid=False)
    assert hits(both, b"1234 1235") == [(b"1234", True), (b"1235", False)]
    assert both.may_be(b"1235")


def test_without_edges():
    assert hits(pattern("X", b";[0-9]{4}", confidence=SURE, edges=False), b"a;12345") == [(b";1234", True)]


def test_keyed():
    detector = keyed("X", b"[0-9]{4}", words="one, two words", near=b"[0-9]{4}")
    assert (detector.confidence.valid, detector.confidence.valid_in_context) == (0, 0.85)
    assert detector.words == words_of("one, two words") == {"one", "two words"}
    assert detector.may_be(b'one": 1234, ')
    assert not detector.may_be(b'one": 123, "')
    assert compile_pattern(detector.shape).search(b"two-words")


def test_keyed_and_exact():
    """Stage 1 lets the validator look."""
    detector = keyed(
        "X", b"[0-9]{4}", words="one", near=b"[0-9]{4}", valid=lambda written: written[-1] % 2 == 0, exact=True
    )
    assert detector.may_be(b'one": 1234, "a": "none"}')
    assert not detector.may_be(b'one": 1235, "a": "none"}')


def test_a_long_number_looks_into_runs_of_digits():
    detector = long_number(
        "X",
        b"7[0-9]{13}[0-9X]",
        14,
        b"7",
        words="",
        valid=lambda written: written != b"7" * 15,
        confidence=Confidence(0.1, 0.5, 0.9),
    )
    stage_one = StageOne([detector])
    for text in (b"x70000000000000X,", b"x12 700000000000001 ", b"x700000000000001"):
        assert stage_one.next(text, 0) is not None
    assert stage_one.next(b"x7000000000000012,", 0) is not None  # a length goes on
    for text in (
        b"x777777777777777,",
        b"x800000000000001,",
        b"x70000000000001,",
        b"x7000000-0000001,",
        b"x7000000000000011,",
    ):
        assert stage_one.next(text, 0) is None
    assert list(detector.hits(b"700000000000001", 0, 15)) == [Hit(0, 15, True)]
