"""How somebody has come to a role: it is its own, of a group, of a rule of identities, or granted for a while."""

from __future__ import annotations

from datetime import UTC, datetime

from zoneproxy.policy.model import Grant, Principal
from zoneproxy.policy.snapshot import PolicySnapshot


def way(snapshot: PolicySnapshot, who: Principal, role: str) -> str:
    """How somebody has come to a role, to be said after its name; "" if it is simply its own."""
    policy = snapshot.policy
    if role in who.roles:
        return f", through the identity rule {who.rule}" if who.rule else ""
    groups = snapshot.groups_of(who)
    for group in policy.groups:
        if group.name in groups and role in group.roles:
            return f", through group {group.name}"
    grant = next(each for each in snapshot.grants if each.role == role and is_for(each, who, groups))
    kind = "break-glass grant" if grant.break_glass else "grant"
    where = f" at {grant.origin}" if grant.origin else ""
    return f", by the {kind}{where} ({grant.reason}) until {told(grant.until)}"


def is_for(grant: Grant, who: Principal, groups: frozenset[str]) -> bool:
    """Whether a grant is for somebody in these groups."""
    return grant.principal == who.name or grant.group in groups


def told(seconds: float) -> str:
    """Seconds since the epoch, as people write them."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
