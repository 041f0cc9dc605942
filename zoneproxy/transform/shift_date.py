"""Dates moved by some days that only the key tells: how much time lies between two of them stays."""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from zoneproxy.policy.transforms import Transform
from zoneproxy.transform.change import WHOLE, Change, Rank
from zoneproxy.transform.dates import read_date


class ShiftDate(Change):
    """All dates under one key are moved by the same number of days, by at least one and at most so many.

    Whoever knows one of the dates, or has the key, knows all of them.
    """

    keeps_numbers = True
    looks_alike = True

    def __init__(self, transform: Transform, keys: Mapping[str, bytes]) -> None:
        """Raises KeyError: the key is not among ``keys``."""
        super().__init__(transform)
        name = transform.key or ""
        mac = hmac.digest(keys[name], b"zoneproxy shift 1\0" + name.encode(), "sha256")
        number = int.from_bytes(mac, "big") % (2 * transform.days)
        self._days = number - transform.days if number < transform.days else number - transform.days + 1
        self.strictness = (Rank.SHIFT_DATE, transform.days)

    def text(self, text: bytes) -> bytes:
        """See Change."""
        found = read_date(text)
        try:
            return WHOLE if found is None else found.shifted(self._days)
        except OverflowError:
            return WHOLE
