"""Characters beyond ASCII that people, or programs, take for ASCII: digits of all scripts, compatibility forms (NFKC),
letters that look the same (the table of Unicode TS 39 for what e-mail addresses and IBANs are written with), spaces,
dashes and dots. What is not seen at all stands for nothing: zero-width and bidirectional controls, soft hyphens,
combining marks, variation selectors.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from zoneproxy.detect.deep.shapes import one_of

_LOOK_THE_SAME = {
    "-": "\u2043\u2212",
    ".": "\u00b7\u2024\u2219\u3002\ua4f8",
    "/": "\u2044\u2215",
    "3": "\u01b7\u0417\u04e0",
    "6": "\u0431",
    ":": "\u2236",
    "A": "\u0391\u0410",
    "B": "\u0392\u0412",
    "C": "\u03f9\u0421",
    "E": "\u0395\u0415",
    "G": "\u050c",
    "H": "\u0397\u041d",
    "I": "\u0399\u0406",
    "J": "\u0408",
    "K": "\u039a\u041a",
    "M": "\u039c\u041c",
    "N": "\u039d",
    "O": "\u039f\u041e\u0555",
    "P": "\u03a1\u0420",
    "Q": "\u051a",
    "S": "\u0405",
    "T": "\u03a4\u0422",
    "U": "\u054d",
    "V": "\u0474",
    "W": "\u051c",
    "X": "\u03a7\u0425",
    "Y": "\u03a5\u0423",
    "Z": "\u0396",
    "a": "\u03b1\u0430",
    "b": "\u0432",
    "c": "\u03f2\u0441",
    "d": "\u0501",
    "e": "\u0435",
    "g": "\u0261",
    "h": "\u04bb",
    "i": "\u0131\u03b9\u0456",
    "j": "\u0458",
    "k": "\u03ba\u043a",
    "l": "\u04cf",
    "m": "\u043c",
    "n": "\u0578",
    "o": "\u03bf\u043e\u0585",
    "p": "\u03c1\u0440",
    "q": "\u051b",
    "r": "\u0433",
    "s": "\u0455",
    "t": "\u0442",
    "u": "\u03c5\u057d",
    "v": "\u03bd\u0475",
    "w": "\u0461\u051d",
    "x": "\u0445",
    "y": "\u03b3\u0443",
    "z": "\u1d22",
}
_PLAIN = {char: plain for plain, chars in _LOOK_THE_SAME.items() for char in chars}
_SEEN_AS_NOTHING = frozenset({"Cf", "Mn", "Me"})
_SPACES, _DASHES = "Zs", "Pd"
_FIRST = 0x80
# What is left out are ideographs, Hangul, and what is for private use.
_RANGES = ((_FIRST, 0x3400), (0xA000, 0xAC00), (0xF900, 0x17000), (0x1D000, 0x20000), (0xE0000, 0xE01F0))


@cache
def table() -> Mapping[bytes, bytes]:
    """What each such character is taken for, both in UTF-8."""
    found = {}
    for first, last in _RANGES:
        for code in range(first, last):
            taken_for = _taken_for(chr(code))
            if taken_for is not None:
                found[chr(code).encode()] = taken_for.encode()
    return found


def _taken_for(char: str) -> str | None:
    """None: for itself."""
    category = unicodedata.category(char)
    if category in _SEEN_AS_NOTHING:
        return ""
    if category == _SPACES:
        return " "
    if category == _DASHES:
        return "-"
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    plain = _PLAIN.get(char) or unicodedata.normalize("NFKC", char)
    return plain if plain.isascii() and plain.strip() else None


@cache
def shape() -> bytes:
    """A pattern for the characters of the table, and for some others."""
    by_lead: dict[bytes, set[int]] = {}
    for char in table():
        by_lead.setdefault(char[:-1], set()).add(char[-1])
    return b"|".join(re.escape(lead) + one_of(lasts) for lead, lasts in by_lead.items())
