"""Secrets from files, read anew for each login, so that whoever rotates them only has to replace the file."""

from __future__ import annotations

from pathlib import Path

from zoneproxy.identity.login.exchange import LoginFailed

MAX_SECRET = 64 * 1024  # bytes: tokens with many claims are long


def read_secret(file: str | Path) -> str:
    """The text of a file without the white space around it. Raises LoginFailed (``secret``), never with its content."""
    try:
        with Path(file).open("rb") as stream:
            content = stream.read(MAX_SECRET + 1)
        text = content.decode().strip()
    except (OSError, UnicodeDecodeError):
        raise LoginFailed("secret") from None
    if not text or len(content) > MAX_SECRET or "\0" in text:
        raise LoginFailed("secret")
    return text
