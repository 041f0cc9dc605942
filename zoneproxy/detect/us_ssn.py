"""US Social Security numbers: area, group, serial (SSA rules as of the randomisation of 2011).

Written with separators they stand for themselves; nine digits alone could be anything, and count only where a word or
a field name says what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from zoneproxy.detect.columns import HL7_SHAPE
from zoneproxy.detect.detector import Confidence, Detector, Hit
from zoneproxy.detect.word_shapes import may_be_near

_AREA, _GROUP, _SERIAL = slice(0, 3), slice(3, 5), slice(5, 9)
_DIGITS = bytes(range(0x30, 0x3A))
_JOINERS = b"-."
# Printed on specimen cards and in advertisements, and never issued to anyone.
_SPECIMENS = frozenset({b"078051120", b"219099999"})


def is_issued(digits: bytes) -> bool:
    """Nine digits that the SSA could have issued."""
    area = digits[_AREA]
    return (
        area not in (b"000", b"666")
        and area < b"900"
        and digits[_GROUP] != b"00"
        and digits[_SERIAL] != b"0000"
        and digits not in _SPECIMENS
    )


def _hits(text: bytes, start: int, end: int) -> Iterator[Hit]:
    digits = text[start:end].translate(None, b" .-")
    if is_issued(digits) and _stands_alone(text, start, end):
        yield Hit(start, end, end - start > len(digits))


def _stands_alone(text: bytes, start: int, end: int) -> bool:
    """Not within a longer dashed or dotted number."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    return not (
        (len(before) > 1 and before[1] in _JOINERS and before[0] in _DIGITS)
        or (len(after) > 1 and after[0] in _JOINERS and after[1] in _DIGITS)
    )


APART = rb"[0-9]{3}(?:[ \-][0-9]{2}[ \-]|\.[0-9]{2}\.)[0-9]{4}"
_WRITTEN = re.compile(APART)
_WORDS = frozenset({"ssn", "social security", "socialsecurity", "soc sec", "socsec"})
_NEAR_A_WORD = may_be_near(rb"[0-9]{3}[ .\-]?[0-9]{2}[ .\-]?[0-9]{4}", _WORDS)


def _may_be(window: bytes) -> bool:
    """Of the numbers those that may have been issued, of the words those that one may be near."""
    written = _WRITTEN.match(window)
    return is_issued(written.group().translate(None, b" .-")) if written else _NEAR_A_WORD(window)


# The words that bare digits need, wherever in the batch they stand. Lower-case letters beside `ssn` tell it from
# `classname`, but one side may be where the value begins or ends, and the byte there part of the record format.
_SHAPE_OF_WORDS = rb"[^A-Za-z]ssn|ssn[^a-z]|Ssn|SSN|(?i:soc(?:ial)?(?:[^a-z\\]|\\u[0-9a-f]{4}|\\.)*sec)"

US_SSN = Detector(
    type="US_SSN",
    shape=APART,
    other_shapes=(_SHAPE_OF_WORDS, HL7_SHAPE),
    may_be=_may_be,
    stretch=rb"\b(?:" + APART + rb"|[0-9]{9})\b",
    hits=_hits,
    words=_WORDS,
    confidence=Confidence(alone=0.0, valid=0.75, valid_in_context=0.95, alone_in_context=0.75),
)
