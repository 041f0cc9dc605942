"""Values made coarser: a date to its month, a number to its range, a postcode to its area, an address to its network.

A date keeps the way it is written, and a number of JSON stays a number.
"""

from __future__ import annotations

import re
from decimal import ROUND_FLOOR, Context, Decimal

from zoneproxy.policy.transforms import Transform, Unit
from zoneproxy.transform.address import network
from zoneproxy.transform.change import WHOLE, Change, Rank
from zoneproxy.transform.dates import read_date

_UNITS = (Unit.HOUR, Unit.DAY, Unit.MONTH, Unit.YEAR)  # the later, the less is left
_NUMBER = re.compile(rb"\s*(-?[0-9]{1,40}(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,2})?)\s*").fullmatch
_EXACT = Context(prec=400)
_SIGN = re.compile(r"[A-Za-z0-9]|[^\x00-\x7f]")


class CoarseDate(Change):
    """The beginning of its year, month, day or hour."""

    keeps_numbers = True
    looks_alike = True

    def __init__(self, transform: Transform) -> None:
        super().__init__(transform)
        assert transform.to
        self._unit = transform.to
        self.strictness = (Rank.GENERALISE, _UNITS.index(self._unit))

    def text(self, text: bytes) -> bytes:
        """See Change."""
        found = read_date(text)
        try:
            return WHOLE if found is None else found.at_start_of(self._unit)
        except OverflowError:
            return WHOLE


class CoarseNumber(Change):
    """The greatest multiple of a step that is not above it: 37 and a step of 10 give 30."""

    keeps_numbers = True
    looks_alike = True
    strictness: tuple[int, int] = (Rank.GENERALISE, 0)

    def __init__(self, transform: Transform) -> None:
        super().__init__(transform)
        self._step = Decimal(transform.step)

    def text(self, text: bytes) -> bytes:
        """See Change."""
        match = _NUMBER(text)
        if match is None:
            return WHOLE
        steps = _EXACT.divide(Decimal(match[1].decode()), self._step).to_integral_value(ROUND_FLOOR)
        below = _EXACT.multiply(steps, self._step)
        return f"{below if below else abs(below):f}".encode()


class Area(Change):
    """The first letters and digits of a postcode; one that has no more than these is hidden whole."""

    def __init__(self, transform: Transform) -> None:
        super().__init__(transform)
        self._count = transform.keep_first
        self.strictness = (Rank.GENERALISE, -self._count)

    def text(self, text: bytes) -> bytes:
        """See Change."""
        decoded = text.decode(errors="replace")
        ends = [match.end() for match in _SIGN.finditer(decoded)]
        if len(ends) <= self._count:
            return WHOLE
        return decoded[: ends[self._count - 1]].encode()


class Network(Change):
    """``192.0.2.77`` becomes ``192.0.2.0/24``."""

    strictness: tuple[int, int] = (Rank.GENERALISE, 0)
    looks_alike = True

    def __init__(self, transform: Transform) -> None:
        super().__init__(transform)
        self._bits = {4: transform.bits_v4, 6: transform.bits_v6}

    def text(self, text: bytes) -> bytes:
        """See Change."""
        found = network(text, self._bits)
        return WHOLE if found is None else str(found).encode()


def coarse(transform: Transform) -> Change:
    """The one that ``transform`` means."""
    if transform.to is Unit.NETWORK:
        return Network(transform)
    if transform.to is not None:
        return CoarseDate(transform)
    return CoarseNumber(transform) if transform.step else Area(transform)
