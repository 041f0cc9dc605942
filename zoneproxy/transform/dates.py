"""Dates as they are written in data, changed without changing how they are written.

ISO 8601 and RFC 3339 (``2024-03-17``, ``2024-03-17T10:20:30.123+01:00``), ``20240317``, and the time since 1970 in
seconds, milli-, micro- or nanoseconds, told apart by their size.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from zoneproxy.policy.transforms import Unit

_ISO = re.compile(
    rb"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
    rb"(?:(?P<hour>[Tt ][0-9]{2})(?P<minutes>:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?)"
    rb"(?P<zone> ?(?:[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?))?)?"
).fullmatch
_COMPACT = re.compile(rb"(?P<year>(?:19|20)[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})").fullmatch
_EPOCH = re.compile(rb"(?P<whole>-?(?:0|[1-9][0-9]{0,18}))(?P<fraction>\.[0-9]{1,9})?").fullmatch

_DIGIT = re.compile(rb"[0-9]")
_START = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = 86_400  # seconds
_SCALES = ((10**11, 1), (10**14, 10**3), (10**17, 10**6), (10**20, 10**9))  # numbers below the first: so many a second


@dataclass(frozen=True, slots=True)
class Written:
    """A calendar date, and how it and what follows it were written."""

    day: date
    form: str
    hour: bytes = b""  # with what separates it from the date
    minutes: bytes = b""
    zone: bytes = b""

    def at_start_of(self, unit: Unit) -> bytes:
        """The beginning of the year, month, day or hour that it is in, where it was written."""
        start = self.day
        if unit in (Unit.YEAR, Unit.MONTH):
            start = start.replace(day=1, month=1 if unit is Unit.YEAR else start.month)
        hour = self.hour if unit is Unit.HOUR else _DIGIT.sub(b"0", self.hour)
        return self._written(start) + hour + _DIGIT.sub(b"0", self.minutes) + self.zone

    def shifted(self, days: int) -> bytes:
        """So many days later. Raises OverflowError: there is no such date."""
        return self._written(self.day + timedelta(days)) + self.hour + self.minutes + self.zone

    def _written(self, day: date) -> bytes:
        return self.form.format(day.year, day.month, day.day).encode()


@dataclass(frozen=True, slots=True)
class Elapsed:
    """A time since 1970, UTC."""

    count: int
    per_second: int
    fraction: bytes = b""  # behind the count, with its point

    def at_start_of(self, unit: Unit) -> bytes:
        """As Written. Raises OverflowError: no such date."""
        time = _START + timedelta(seconds=self.count // self.per_second)
        start = time.replace(minute=0, second=0)
        if unit is not Unit.HOUR:
            start = start.replace(hour=0)
        if unit in (Unit.YEAR, Unit.MONTH):
            start = start.replace(day=1, month=1 if unit is Unit.YEAR else start.month)
        seconds = (start - _START) // timedelta(seconds=1)
        return b"%d%b" % (seconds * self.per_second, _DIGIT.sub(b"0", self.fraction))

    def shifted(self, days: int) -> bytes:
        """As Written."""
        return b"%d%b" % (self.count + days * _DAY * self.per_second, self.fraction)


def read_date(text: bytes) -> Written | Elapsed | None:
    """The date that ``text`` is, from end to end; None if it is none."""
    text = text.strip()
    if (match := _ISO(text)) is not None:
        return _written(match, "{:04}-{:02}-{:02}", match["hour"] or b"", match["minutes"] or b"", match["zone"] or b"")
    if (match := _COMPACT(text)) is not None and (compact := _written(match, "{:04}{:02}{:02}")) is not None:
        return compact
    match = _EPOCH(text)
    return None if match is None else _elapsed(int(match["whole"]), match["fraction"] or b"")


def _written(
    match: re.Match[bytes], form: str, hour: bytes = b"", minutes: bytes = b"", zone: bytes = b""
) -> Written | None:
    try:
        day = date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None
    return Written(day, form, hour, minutes, zone)


def _elapsed(count: int, fraction: bytes) -> Elapsed | None:
    if fraction and count <= 0:
        return None  # below zero the digits behind the point count the other way
    per_second = next((scale for limit, scale in _SCALES if abs(count) < limit), 0)
    return Elapsed(count, per_second, fraction) if per_second else None
