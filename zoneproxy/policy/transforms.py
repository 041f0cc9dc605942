"""What `redact` makes of a value, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class TransformKind(Enum):
    """How a value is changed."""

    MASK = "mask"
    MASK_EMAIL = "mask_email"
    MASK_IP = "mask_ip"
    TRUNCATE = "truncate"
    GENERALISE = "generalise"
    SHIFT_DATE = "shift_date"
    HASH = "hash"
    TOKENISE = "tokenise"
    REPLACE = "replace"
    NULL = "null"
    REMOVE = "remove"


class Unit(Enum):
    """What GENERALISE makes a date the beginning of, or an address a part of."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    HOUR = "hour"
    NETWORK = "network"


@dataclass(frozen=True, slots=True)
class Transform:
    """A change of one value; whatever is about another kind than ``kind`` stays at its default.

    Everything that the output depends on is in here, but for the bytes of the key. ``keep_first`` and ``keep_last``
    count characters. ``zone`` and ``domain`` are for TOKENISE: equal values have equal tokens within one domain of one
    zone; without a domain it is the type of data, or the name of the field.
    """

    kind: TransformKind
    keep_first: int = 0  # MASK, GENERALISE (letters and digits of a postcode)
    keep_last: int = 0  # MASK
    mask_with: str = "*"  # MASK
    keep_format: bool = False  # MASK: letters become x and X, digits #, and the rest stays
    length: int = 0  # TRUNCATE: characters
    key: str | None = None  # the name of the key of HASH, TOKENISE, SHIFT_DATE (HMAC-SHA-256)
    zone: str = ""  # TOKENISE: where the tokens are read
    domain: str = ""  # TOKENISE
    prefix: str = ""  # TOKENISE: what tokens begin with
    value: str = ""  # REPLACE: a string, number or truth value of JSON
    to: Unit | None = None  # GENERALISE
    step: str = ""  # GENERALISE: a decimal number, and values become multiples of it
    bits_v4: int = 24  # MASK_IP, GENERALISE: how much of an address is left
    bits_v6: int = 48
    days: int = 0  # SHIFT_DATE: at most so many, back or forth

    @property
    def keys(self) -> frozenset[str]:
        """The names of the keys that it needs."""
        return frozenset() if self.key is None else frozenset({self.key})
