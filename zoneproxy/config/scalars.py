"""What an unquoted word of YAML means (YAML 1.2, core schema, without its rarer spellings of numbers)."""

from __future__ import annotations

import re

_CONSTANTS: dict[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True,
    "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}", re.ASCII)  # more digits than 64 bits hold stay text
_DECIMAL = re.compile(r"[-+]?(\.[0-9]{1,30}|[0-9]{1,30}\.[0-9]{0,30})([eE][-+]?[0-9]{1,2})?", re.ASCII)


def plain_scalar(text: str) -> str | int | float | bool | None:
    """The value of an unquoted scalar: null, a truth value, a number, or else the text as it stands."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    return text
