from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.policy.transforms import Unit
from zoneproxy.transform.dates import read_date

FEBRUARY = int(datetime(2024, 2, 1, tzinfo=UTC).timestamp())
MOMENT = FEBRUARY + 16 * 86_400 + 10 * 3_600 + 1_234


def coarse(text: str, unit: Unit = Unit.MONTH) -> str | None:
    found = read_date(text.encode())
    return found.at_start_of(unit).decode() if found else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-02-17", "2024-02-01"),
        ("2024-02-17T10:20:30Z", "2024-02-01T00:00:00Z"),
        ("2024-02-17 10:20", "2024-02-01 00:00"),
        ("2024-02-17t10:20:30.123456+01:00", "2024-02-01t00:00:00.000000+01:00"),
        ("2024-02-17T10:20:30,5 -0130", "2024-02-01T00:00:00,0 -0130"),
        (" 2024-02-17\n", "2024-02-01"),
        ("20240217", "20240201"),
        (str(MOMENT), str(FEBRUARY)),
        (f"{MOMENT}123", f"{FEBRUARY}000"),
        (f"{MOMENT}123456", f"{FEBRUARY}000000"),
        (f"{MOMENT}123456789", f"{FEBRUARY}000000000"),
        (f"{MOMENT}.25", f"{FEBRUARY}.00"),
        ("-1", str(-31 * 86_400)),
        ("99999999", "99792000"),  # no month has 99 days: seconds
        ("2024-02-30", None),
        ("2024-13-01", None),
        ("2024-02", None),
        ("2024-02-17T25", None),
        ("17.02.2024", None),
        ("02/17/2024", None),
        ("2024-02-17 or so", None),
        ("-1.5", None),
        ("0123456789", None),
        ("9" * 20, None),
        ("tomorrow", None),
        ("", None),
    ],
)
def test_the_month_as_it_was_written(text, expected):
    assert coarse(text) == expected


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        (Unit.YEAR, "2024-01-01T00:00:00.000+01:00"),
        (Unit.MONTH, "2024-02-01T00:00:00.000+01:00"),
        (Unit.DAY, "2024-02-17T00:00:00.000+01:00"),
        (Unit.HOUR, "2024-02-17T10:00:00.000+01:00"),
    ],
)
def test_units(unit, expected):
    assert coarse("2024-02-17T10:20:30.123+01:00", unit) == expected


@given(st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1)), st.sampled_from(list(Unit)[:4]))
def test_seconds_since_1970(time, unit):
    text = str(int(time.replace(tzinfo=UTC).timestamp()))
    if len(text) == 8:
        return  # may be a date
    expected = coarse(f"{time:%Y-%m-%dT%H:%M:%S}", unit)
    assert datetime.fromtimestamp(int(coarse(text, unit) or ""), UTC).strftime("%Y-%m-%dT%H:%M:%S") == expected


@given(st.dates(date(1000, 1, 1), date(9000, 1, 1)), st.integers(-400, 400))
def test_dates_are_shifted(day, days):
    found = read_date(f"{day.isoformat()}T10:20:30.5Z".encode())
    assert found is not None
    assert found.shifted(days).decode() == f"{(day + timedelta(days)).isoformat()}T10:20:30.5Z"


@pytest.mark.parametrize("text", ["0", "1700000000", "1700000000123", "-5", "1700000000.125"])
def test_elapsed_time_is_shifted(text):
    found = read_date(text.encode())
    assert found is not None
    scale = 1000 if len(text) == 13 else 1
    assert float(found.shifted(-3)) == float(text) - 3 * 86_400 * scale


def test_there_are_no_other_dates():
    last = read_date(b"9999-12-31")
    assert last is not None
    with pytest.raises(OverflowError):
        last.shifted(1)
    far = read_date(b"-99999999999")
    assert far is not None
    with pytest.raises(OverflowError):
        far.at_start_of(Unit.DAY)
