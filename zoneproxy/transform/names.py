"""Names as people write them: ``cardNumber``, ``card_number`` and ``Card-Number`` are one name."""

from __future__ import annotations

import unicodedata

_SEPARATORS = b"_- ."
_LOWER = bytes(range(256)).lower()


def normal_name(name: bytes) -> bytes:
    """``name`` (UTF-8) without what people vary: letter case, ``_``, ``-``, dots and spaces, and how Unicode has it.

    Letters in full width, and characters that nobody sees, make no other name.
    """
    if name.isascii():
        return name.translate(_LOWER, _SEPARATORS)
    text = unicodedata.normalize("NFKC", name.decode(errors="replace")).casefold()
    seen = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    return seen.encode().translate(None, _SEPARATORS)
