from __future__ import annotations

from datetime import date

import pytest

from tests.transform.changes import make
from zoneproxy.policy.transforms import Transform, TransformKind
from zoneproxy.transform.shift_date import ShiftDate


def shift(days: int, key: bytes) -> int:
    change = ShiftDate(Transform(TransformKind.SHIFT_DATE, key="k", days=days), {"k": key})
    return (date.fromisoformat(change.text(b"2024-03-17").decode()) - date(2024, 3, 17)).days


def test_all_dates_under_a_key_are_moved_alike():
    change = make("shift_date", key="one", days=30)
    first, second = (date.fromisoformat(change.text(text).decode()) for text in (b"2024-02-17", b"2024-03-01"))
    assert (second - first).days == 13
    assert change.value(b'"2024-02-17"') == b'"' + first.isoformat().encode() + b'"'
    seconds = int(change.value(b"1700000000"))
    assert seconds - 1_700_000_000 == (first - date(2024, 2, 17)).days * 86_400


def test_a_date_never_stays_and_goes_no_further_than_said():
    seen = {shift(3, b"%032d" % number) for number in range(200)}
    assert seen == {-3, -2, -1, 1, 2, 3}


def test_what_is_no_date_is_hidden():
    change = make("shift_date", key="one", days=30)
    assert change.text(b"soon") == change.text(b"") == b"****"
    both = {ShiftDate(Transform(TransformKind.SHIFT_DATE, key="k", days=1), {"k": b"%032d" % n}).text(b"9999-12-31")
            for n in range(20)}  # fmt: skip
    assert both == {b"****", b"9999-12-30"}


def test_a_key_must_be_there():
    with pytest.raises(KeyError):
        make("shift_date", key="three", days=30)
