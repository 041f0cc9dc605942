"""A place at which other threads may run.

Python lets go of its lock between two steps of interpreted code, and of compiled code nowhere. So long loops of modules
that may be compiled call this now and then, and it is not compiled itself: an event loop waits beside them.
"""

from __future__ import annotations

from typing import Final

RECORDS: Final = 0xFF
"""So many records, and one, are gone through in less than a millisecond, unless they are large."""


def give_way() -> None:
    """Does nothing; that it is called is enough."""
