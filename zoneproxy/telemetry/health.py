"""Whether this proxy can be sent clients: the state behind ``/readyz``."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class ZoneHealth:
    """One zone as its clients would find it."""

    upstream: str
    up: bool = False
    brokers: int = 0


@dataclass(slots=True)
class Health:
    """Kept up to date by the application. Ready: policy loaded, listeners bound, any zone's upstream answers.

    One zone is enough: a replica that can serve some of its zones must not be taken away from their clients because
    another zone's cluster is down. Each zone's own state is a metric (``zoneproxy_upstream_up``).
    """

    policy_digest: str = ""
    listeners_bound: bool = False
    draining: bool = False
    zones: dict[str, ZoneHealth] = field(default_factory=dict)

    @property
    def ready(self) -> bool:
        """Whether new clients should be sent here."""
        any_up = any(zone.up for zone in self.zones.values())
        return bool(self.policy_digest) and self.listeners_bound and any_up and not self.draining

    def upstream_state(self, upstream: str, up: bool, brokers: int) -> list[str]:
        """Note what an upstream is now; the zones that it serves."""
        served = [name for name, zone in self.zones.items() if zone.upstream == upstream]
        for name in served:
            self.zones[name].up = up
            self.zones[name].brokers = brokers
        return served

    def body(self) -> dict[str, object]:
        """What ``/readyz`` says."""
        return {
            "ready": self.ready,
            "policy": self.policy_digest or None,
            "listeners_bound": self.listeners_bound,
            "draining": self.draining,
            "zones": {
                name: {"upstream": zone.upstream, "state": "up" if zone.up else "down", "brokers": zone.brokers}
                for name, zone in self.zones.items()
            },
        }
