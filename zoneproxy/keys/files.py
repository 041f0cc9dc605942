"""Keys from files, one key each: the simplest provider, and what Kubernetes and systemd mount secrets as."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from zoneproxy.errors import InvalidConfiguration, Problem
from zoneproxy.keys.ring import KeyRing

MINIMUM_KEY_BYTES = 32
"""HMAC-SHA-256 wants a key of at least its output's length (RFC 2104, section 3)."""
MAXIMUM_FILE_BYTES = 4096
MINIMUM_DIFFERENT_BYTES = 8  # of random bytes, 32 nearly always have over 24; hexadecimal digits there are 16

_MAKE_ONE = "make one: openssl rand -hex 32"


class FileKeys:
    """The provider for which each key is in a file of its own (see ``KeyProvider``)."""

    def __init__(self, files: Mapping[str, str | Path]) -> None:
        """``files``: name → file."""
        self._files = dict(files)

    def load(self) -> KeyRing:
        """See KeyProvider; ``load_keys`` says how files are read."""
        return load_keys(self._files)


def load_keys(files: Mapping[str, str | Path]) -> KeyRing:
    """Read a key from each file.

    The key is the file's bytes; of a text the white space at both ends is not part of it.

    Args:
        files: name → file.

    Raises:
        InvalidConfiguration: a file cannot be read or holds no fit key; lists all of them, and never any key.
    """
    keys: dict[str, bytes] = {}
    problems: list[Problem] = []
    for name, file in files.items():
        key = _read(name, Path(file), problems)
        fault = _fault(key) if key is not None else ""
        if fault:
            problems.append(Problem(str(file), 0, 0, f"key `{name}` {fault}", _MAKE_ONE))
        elif key is not None:
            keys[name] = key
    if problems:
        raise InvalidConfiguration(problems)
    return KeyRing(keys)


def _read(name: str, file: Path, problems: list[Problem]) -> bytes | None:
    try:
        with file.open("rb") as stream:
            content = stream.read(MAXIMUM_FILE_BYTES + 1)
    except OSError as error:
        hint = _MAKE_ONE + f" > {file}" if isinstance(error, FileNotFoundError) else ""
        problems.append(Problem(str(file), 0, 0, f"key `{name}` cannot be read: {error.strerror}", hint))
        return None
    return content.strip() if content.isascii() else content


def _fault(key: bytes) -> str:
    if len(key) > MAXIMUM_FILE_BYTES:
        return f"is longer than {MAXIMUM_FILE_BYTES} bytes: that is no key file"
    if len(key) < MINIMUM_KEY_BYTES:
        return f"has {len(key)} bytes, at least {MINIMUM_KEY_BYTES} are needed"
    if len(set(key)) < MINIMUM_DIFFERENT_BYTES:
        return f"repeats fewer than {MINIMUM_DIFFERENT_BYTES} different bytes: it can be guessed"
    return ""
