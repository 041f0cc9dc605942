"""Text that comes from a peer or an exception, made fit for a log line.

A peer chooses its client id, its certificate's subject and the topics it asks for. Shown as they are, they could
forge log lines (CR, LF), drive a terminal (ESC) or turn text around (bidirectional controls).
"""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType

MAX_TEXT = 200  # characters; Kafka's longest topic name is 249, and a cut one still tells which it was


def escape(text: str, limit: int = MAX_TEXT) -> str:
    """The text with everything unprintable as ``\\n``, ``\\x1b``, ``\\u202e``...; cut to ``limit`` characters."""
    cut = text[:limit]
    if not cut.isprintable():
        cut = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in cut)
    return f"{cut}... ({len(text)} characters)" if len(text) > limit else cut


def describe(error: BaseException, frames: int = 8) -> str:
    """What an exception is and where it came from, without its message.

    A message may quote what could not be understood (``int()`` does), and that may be a payload.
    Messages of OSError are the kernel's or OpenSSL's and are kept.
    """
    name = type(error).__name__
    text = f"{name}: {escape(str(error))}" if isinstance(error, OSError) else name
    return f"{text} at {where(error.__traceback__, frames)}" if error.__traceback__ else text


def where(trace: TracebackType | None, frames: int = 8) -> str:
    """The innermost ``frames`` places of a traceback, outermost first: ``module.py:12 in name > ...``."""
    places = traceback.extract_tb(trace)[-frames:]
    return " > ".join(f"{place.filename.rsplit('/', 1)[-1]}:{place.lineno} in {place.name}" for place in places)
