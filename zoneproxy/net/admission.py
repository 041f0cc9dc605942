"""How many connections are let in, all together and from one address."""

from __future__ import annotations


class Admission:
    """Counts connections from accept to the end. ``crowded`` is set while too much memory waits to be written."""

    def __init__(self, most: int, most_per_host: int) -> None:
        self.crowded = False
        self._most = most
        self._most_per_host = most_per_host
        self._total = 0
        self._by_host: dict[str, int] = {}

    def __len__(self) -> int:
        return self._total

    def enter(self, host: str) -> str | None:
        """Let a connection in; ``leave`` when it is over. Otherwise a fixed word for why not."""
        if self.crowded:
            return "memory"
        if self._total >= self._most:
            return "too_many"
        count = self._by_host.get(host, 0)
        if count >= self._most_per_host:
            return "too_many_from_host"
        self._total += 1
        self._by_host[host] = count + 1
        return None

    def leave(self, host: str) -> None:
        """One connection less."""
        self._total -= 1
        self._by_host[host] -= 1
        if not self._by_host[host]:
            del self._by_host[host]
