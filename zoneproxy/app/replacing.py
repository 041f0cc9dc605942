"""Replaces a policy file: one writer at a time, the whole new text or the whole old one, whatever happens meanwhile."""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from zoneproxy.errors import InvalidConfiguration, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCK = ".zoneproxy.lock"  # hidden, so that it is no policy file; it stays, as removing it would let two in at once
PATIENCE_SECONDS = 10.0
_PAUSE_SECONDS = 0.05


@contextmanager
def locked(directory: Path, patience: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Hold the directory's lock. Raises InvalidConfiguration if another has it for longer than ``patience`` seconds."""
    path = directory / LOCK
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise _impossible(path, f"cannot be locked: {error.strerror}") from error
    try:
        _acquire(descriptor, path, time.monotonic() + patience)
        yield
    finally:
        os.close(descriptor)  # which also unlocks


def _acquire(descriptor: int, path: Path, until: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise _impossible(path, "somebody else is changing the policies", "try again") from None
            time.sleep(_PAUSE_SECONDS)
        else:
            return


def stamp(path: Path) -> tuple[int, int, int] | None:
    """What tells one state of a file from another; None: it is not there."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def replace(path: Path, text: str, seen: tuple[int, int, int] | None) -> None:
    """Put ``text`` in the place of a file, which must still be as ``seen``. It keeps its mode; a link stays a link.

    Raises:
        InvalidConfiguration: it has changed meanwhile (an editor does not ask for our lock), or cannot be written.
    """
    real = path.resolve()
    try:
        mode = real.stat().st_mode & 0o7777 if seen else 0o644
        handle, name = tempfile.mkstemp(prefix=f".{real.name}.", dir=real.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fchmod(file.fileno(), mode)
                os.fsync(file.fileno())
            if stamp(path) != seen:
                raise _impossible(path, "has been changed by somebody else meanwhile", "nothing was written: try again")
            Path(name).replace(real)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise
        _sync(real.parent)
    except OSError as error:
        raise _impossible(path, f"cannot be written: {error.strerror}") from error


def _sync(directory: Path) -> None:
    """Make sure that the new name is on disk, too."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _impossible(path: Path, message: str, hint: str = "") -> InvalidConfiguration:
    return InvalidConfiguration([Problem(str(path), 0, 0, message, hint)])
