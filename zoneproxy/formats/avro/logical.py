"""Logical types: numbers and bytes that stand for something else, said as people write it.

Dates and times are ISO 8601, to the last digit that the type has; changed ones may leave out what comes last:
``2024-05`` is the first day of that month. Where a value is none (the year 300000), the number is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

from zoneproxy.formats.avro.scalars import BytesType, FixedType, IntegerType, whole
from zoneproxy.formats.avro.walk import Null, Tags, Walk
from zoneproxy.formats.document import CannotChange, Kind, Path
from zoneproxy.formats.numbers import of_fraction
from zoneproxy.formats.varints import zigzag

MAX_DECIMAL_BYTES = 64
"""Longer decimals are read as bytes: turning them into digits would take ever more time."""
MAX_SCALE = 160

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 -- UTC or local, as the type says
_EPOCH_DAY = _EPOCH.toordinal()
_DATE = rb"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?"
_TIME = rb"([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?"
_is_date = re.compile(_DATE).fullmatch
_is_time = re.compile(_TIME).fullmatch
_is_timestamp = re.compile(_DATE + rb"(?:[T ]" + _TIME + rb")?(?:Z|\+00:00)?").fullmatch
_is_decimal = re.compile(rb"(-?)([0-9]+)(?:\.([0-9]+))?").fullmatch

Say = Callable[[int], bytes]
Mean = Callable[[bytes], int]


class MeantInteger(IntegerType):
    """An int or long that stands for something."""

    def __init__(self, bits: int, say: Say, mean: Mean) -> None:
        """``say`` raises OverflowError or ValueError for what is none, ``mean`` ValueError."""
        super().__init__(bits)
        self._say = say
        self._mean = mean

    def read(self, walk: Walk, pos: int, path: Path, tags: Tags, null: Null | None) -> int:
        """See Type."""
        number, end = walk.number(pos)
        self.check(number)
        try:
            text, kind = self._say(number), Kind.TEXT
        except (OverflowError, ValueError):
            text, kind = b"%d" % number, Kind.NUMBER
        return walk.leaf(path, text, kind, tags, pos, end, self, null)

    def written(self, text: bytes | None) -> bytes:
        """See Writer."""
        if text is None:
            return self.encoded(0)
        try:
            return self.encoded(self._mean(text))
        except (OverflowError, ValueError):
            return self.encoded(whole(text))


def date_type() -> MeantInteger:
    """Days since 1970."""
    return MeantInteger(32, _say_date, _mean_date)


def time_type(bits: int, digits: int) -> MeantInteger:
    """Time of the day, with ``digits`` behind the seconds."""
    unit = int(10**digits)

    def say(number: int) -> bytes:
        seconds, fraction = divmod(number, unit)
        if not 0 <= seconds < _DAY:
            raise ValueError
        moment = _EPOCH + timedelta(seconds=seconds)
        return b"%s.%0*d" % (moment.time().isoformat().encode(), digits, fraction)

    def mean(text: bytes) -> int:
        match = _is_time(text)
        if match is None:
            raise ValueError
        return _seconds(match.group(1), match.group(2), match.group(3)) * unit + _fraction(match.group(4), digits)

    return MeantInteger(bits, say, mean)


def timestamp_type(digits: int, *, local: bool) -> MeantInteger:
    """Time since 1970, in UTC (``Z``) or anywhere, with ``digits`` behind the seconds."""
    unit, zone = int(10**digits), b"" if local else b"Z"

    def say(number: int) -> bytes:
        seconds, fraction = divmod(number, unit)
        moment = _EPOCH + timedelta(seconds=seconds)
        return b"%s.%0*d%s" % (moment.isoformat().encode(), digits, fraction, zone)

    def mean(text: bytes) -> int:
        match = _is_timestamp(text)
        if match is None:
            raise ValueError
        days = _days(*match.groups()[:3])
        seconds = _seconds(*match.groups()[3:6])
        return (days * _DAY + seconds) * unit + _fraction(match.group(7), digits)

    return MeantInteger(64, say, mean)


_DAY = 86_400


def _say_date(days: int) -> bytes:
    return date.fromordinal(_EPOCH_DAY + days).isoformat().encode()


def _mean_date(text: bytes) -> int:
    match = _is_date(text)
    if match is None:
        raise ValueError
    return _days(*match.groups())


def _days(year: bytes, month: bytes | None, day: bytes | None) -> int:
    return date(int(year), int(month or 1), int(day or 1)).toordinal() - _EPOCH_DAY


def _seconds(hours: bytes | None, minutes: bytes | None, seconds: bytes | None) -> int:
    of_day = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    if of_day >= _DAY:
        raise ValueError
    return of_day


def _fraction(text: bytes | None, digits: int) -> int:
    return int((text or b"").ljust(digits, b"0")[:digits] or 0)


# --- decimals ------------------------------------------------------------------------------------------------


class _Scale:
    """``unscaled`` times ten to the power of minus ``scale``; ``precision`` digits in all."""

    def __init__(self, precision: int, scale: int) -> None:
        self._precision = precision
        self._scale = scale

    def said(self, unscaled: bytes) -> bytes:
        text = of_fraction(int.from_bytes(unscaled, signed=True), 10, -self._scale)
        assert text is not None  # the schema was looked at
        return text

    def meant(self, text: bytes) -> int:
        match = _is_decimal(text)
        if match is None or len(text) > self._precision + 3:
            raise CannotChange
        sign, digits, fraction = match.groups()
        fraction = fraction or b""
        if len(fraction) > self._scale:
            raise CannotChange
        unscaled = int(digits + fraction.ljust(self._scale, b"0"))
        if unscaled >= 10**self._precision:
            raise CannotChange
        return -unscaled if sign else unscaled


class DecimalBytes(BytesType):
    """A decimal in bytes of any number."""

    def __init__(self, precision: int, scale: int) -> None:
        self._scale = _Scale(precision, scale)

    def read(self, walk: Walk, pos: int, path: Path, tags: Tags, null: Null | None) -> int:
        """See Type."""
        size, begin = walk.number(pos)
        end = walk.after(begin, size)
        if not 0 < size <= MAX_DECIMAL_BYTES:
            return super().read(walk, pos, path, tags, null)
        return walk.leaf(path, self._scale.said(walk.data[begin:end]), Kind.NUMBER, tags, pos, end, self, null)

    def written(self, text: bytes | None) -> bytes:
        """See Writer."""
        unscaled = self._scale.meant(b"0" if text is None else text)
        length = (unscaled + (unscaled < 0)).bit_length() // 8 + 1
        return zigzag(length) + unscaled.to_bytes(length, signed=True)


class DecimalFixed(FixedType):
    """A decimal in as many bytes as the schema says, at most MAX_DECIMAL_BYTES."""

    def __init__(self, size: int, precision: int, scale: int) -> None:
        super().__init__(size)
        self._scale = _Scale(precision, scale)

    def read(self, walk: Walk, pos: int, path: Path, tags: Tags, null: Null | None) -> int:
        """See Type."""
        end = walk.after(pos, self.size)
        return walk.leaf(path, self._scale.said(walk.data[pos:end]), Kind.NUMBER, tags, pos, end, self, null)

    def written(self, text: bytes | None) -> bytes:
        """See Writer."""
        try:
            return self._scale.meant(b"0" if text is None else text).to_bytes(self.size, signed=True)
        except OverflowError:
            raise CannotChange from None


class UuidFixed(FixedType):
    """A UUID in 16 bytes."""

    def __init__(self) -> None:
        super().__init__(16)

    def read(self, walk: Walk, pos: int, path: Path, tags: Tags, null: Null | None) -> int:
        """See Type."""
        end = walk.after(pos, self.size)
        text = str(UUID(bytes=walk.data[pos:end])).encode()
        return walk.leaf(path, text, Kind.TEXT, tags, pos, end, self, null)

    def written(self, text: bytes | None) -> bytes:
        """See Writer."""
        try:
            return bytes(16) if text is None else UUID(text.decode("ascii")).bytes
        except ValueError:
            raise CannotChange from None
