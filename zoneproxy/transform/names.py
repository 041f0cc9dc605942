"""Names as people write them: ``cardNumber``, ``card_number`` and ``Card-Number`` are one name."""

from __future__ import annotations

import re
import unicodedata

_CONTROLS = bytes((*range(0x20), 0x7F))
_SEPARATORS = b"_- .@" + _CONTROLS
_NOT_SEEN = frozenset({"Cf", "Cc", "Zs", "Zl", "Zp", "Pd", "Pc"})
# Nobody sees these either, whatever their category: fillers, joiners, variation selectors.
_FILLERS = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_LOWER = bytes(range(256)).lower()


def normal_name(name: bytes) -> bytes:
    """``name`` (UTF-8) without what people vary: letter case, ``_``, ``-``, dots and spaces, and how Unicode has it.

    Letters in full width, and characters that nobody sees, make no other name; nor does the @ that attributes of XML
    have in front, in paths and in JSON that was made of XML.
    """
    if name.isascii():
        return name.translate(_LOWER, _SEPARATORS)
    text = unicodedata.normalize("NFKC", name.decode(errors="replace")).casefold()
    seen = "".join(sign for sign in _FILLERS.sub("", text) if unicodedata.category(sign) not in _NOT_SEEN)
    return seen.encode().translate(None, _SEPARATORS)
