"""How many records a second: whoever may cause one may cause a million."""

from __future__ import annotations

from collections.abc import Callable


class Pace:
    """At most ``per_second`` in the long run, a second's worth at once. ``ticks`` gives seconds of any origin."""

    def __init__(self, per_second: float, ticks: Callable[[], float]) -> None:
        self._per_second = per_second
        self._ticks = ticks
        self._left = per_second
        self._since = ticks()

    def take(self) -> bool:
        """Whether there may be one more now; if so it is taken."""
        if not self.ready():
            return False
        self._left -= 1
        return True

    def ready(self) -> bool:
        """Whether there may be one more now."""
        now = self._ticks()
        self._left = min(self._per_second, self._left + (now - self._since) * self._per_second)
        self._since = now
        return self._left >= 1
