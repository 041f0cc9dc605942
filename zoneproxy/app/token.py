"""The token that admin calls must bring: one line of a file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from zoneproxy.errors import Problem

if TYPE_CHECKING:
    from pathlib import Path

SHORTEST = 32  # characters: `openssl rand -hex 32` gives 64
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{32,512}")  # RFC 6750, b64token


def read_token(path: Path) -> str | None:
    """The token. None: there is none, or what there is cannot be one."""
    try:
        text = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return text if _TOKEN.fullmatch(text) else None


def check_token(path: Path) -> list[Problem]:
    """What is wrong with the file; never shows any of it."""
    if read_token(path) is not None:
        return []
    hint = f"one line of {SHORTEST} to 512 letters, digits or any of . _ ~ + / = -, as from: openssl rand -hex 32"
    message = "cannot be read" if not path.is_file() else "is no token for admin calls"
    return [Problem(str(path), 0, 0, message, hint)]
