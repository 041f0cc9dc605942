from __future__ import annotations

from dataclasses import replace

from zoneproxy.detect.detector import Confidence, Detector, Finding, Hit, Number


def test_an_entry_is_a_plain_value():
    def hits(text, start, end):
        return [Hit(start, end, valid=text[start] == 0x78)]

    detector = Detector("X", b"x+", b"x+", hits, frozenset({"ex"}), Confidence(0.1, 0.5, 0.9))
    assert detector.shapes == (b"x+",)
    assert replace(detector, other_shapes=(b"y",)).shapes == (b"x+", b"y")
    assert detector.may_be(b"anything")
    assert list(detector.hits(b"xx", 0, 2)) == [Hit(0, 2, True)]
    assert detector.confidence.alone_in_context == 0.5


def test_a_finding_has_no_room_for_the_value():
    assert Finding._fields == ("type", "start", "end", "confidence")


def test_a_type_of_numbers_knows_its_first_digits():
    asked = []
    number = Number(12, lambda window, start, end: not asked.append((window, start, end)), b"47")
    assert [digit for digit in b"0123456789" if number.firsts >> digit & 1] == list(b"47")
    assert number.begins(b"x4", 1, 2)
    assert asked == [(b"x4", 1, 2)]
