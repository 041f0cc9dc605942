"""Texts and lists of them, as YAML."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

_PLAIN = re.compile(r"(?!(?:true|false|null|yes|no|on|off)$)[A-Za-z][A-Za-z0-9._-]*", re.IGNORECASE)


def text(value: str) -> str:
    """A text as YAML, quoted if it must be."""
    return value if _PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)


def names(several: Sequence[str]) -> str:
    """A list of texts."""
    return f"[{', '.join(map(text, several))}]"
