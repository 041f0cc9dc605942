"""What a listener tells its clients a broker's address is (design: `ports` and `sni`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Addresses(Protocol):
    """Addresses of one listener."""

    def advertised(self, node_id: int) -> tuple[str, int] | None:
        """Host and port that stand for the broker; None if it is outside the range that the listener has bound."""
        ...


@dataclass(frozen=True, slots=True)
class PortAddresses:
    """One port for each broker: node N is at ``first_port + (N - lowest)``; bootstrap has a port of its own."""

    host: str
    first_port: int
    lowest: int = 0
    highest: int = 31

    def advertised(self, node_id: int) -> tuple[str, int] | None:
        """See Addresses."""
        if not self.lowest <= node_id <= self.highest:
            return None
        return self.host, self.first_port + node_id - self.lowest

    def node_at(self, port: int) -> int | None:
        """The node that a port stands for; None for any other port (bootstrap's too)."""
        node = port - self.first_port + self.lowest
        return node if self.lowest <= node <= self.highest else None


@dataclass(frozen=True, slots=True)
class SniAddresses:
    """One port for all, told apart by TLS server name: ``b<N>.<zone>.<domain>``.

    Any broker will do for ``bootstrap.<zone>.<domain>``; so one wildcard certificate covers all of a zone.
    """

    zone: str
    domain: str
    port: int

    @property
    def bootstrap(self) -> str:
        """The name that stands for any broker."""
        return f"bootstrap.{self.zone}.{self.domain}"

    def advertised(self, node_id: int) -> tuple[str, int] | None:
        """See Addresses. Every broker has a name."""
        return (f"b{node_id}.{self.zone}.{self.domain}", self.port) if node_id >= 0 else None

    def node_at(self, server_name: str) -> int | None:
        """The node that a server name stands for; None for any other name (bootstrap's too)."""
        label, _, rest = server_name.lower().partition(".")
        if rest != f"{self.zone}.{self.domain}".lower() or label[:1] != "b":
            return None
        digits = label[1:]
        if not digits.isascii() or not digits.isdecimal() or len(digits) > 10 or str(int(digits)) != digits:
            return None
        return int(digits)
