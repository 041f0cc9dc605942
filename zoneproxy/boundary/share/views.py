"""Views: what members of a share group are shown of a topic's records.

A record that one member was given is gone for all, so all of them have to be shown the same, and nothing may be kept
from them: what a rule would block is neither delivered nor left for somebody else. Redactions are the same for
everybody with the same controls; lineage is not, for it says to which zone a record goes. (A record that a redaction
cannot be sure of is kept from the group as from any consumer: there is no member who might see it.)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from zoneproxy.policy.acl import Rule
from zoneproxy.policy.controls import Control
from zoneproxy.policy.model import UNRESTRICTED, Operation, ResourceType
from zoneproxy.policy.snapshot import PolicySnapshot

_READS = frozenset({Operation.READ, Operation.ALL})


def is_shareable(snapshot: PolicySnapshot, zone: str, home: str, group: str, topic: str) -> bool:
    """Whether members from ``home`` may be given records of the ``zone``'s topic through a share group."""
    controls = snapshot.controls(zone, home, topic)
    if not all(control.keeps_records or control.dry_run for control in controls):
        return False
    view = _view(controls)
    one_for_all = not any(control.signs or control.per_principal for control in view)
    return all(
        (one_for_all and _view(snapshot.controls(zone, other, topic)) == view)
        or not _may_join(snapshot, zone, other, group)
        for other in _readers(snapshot, zone, topic)
        if other != home
    )


def _view(controls: tuple[Control, ...]) -> tuple[Control, ...]:
    """What is done, whichever rules say so."""
    return tuple(dict.fromkeys(replace(control, rule="") for control in controls if not control.dry_run))


def _readers(snapshot: PolicySnapshot, zone: str, topic: str) -> set[str]:
    """The zones whose principals could read the topic, as far as flows go."""
    flows = snapshot.policy.flows
    return {zone} | {
        flow.to_zone
        for flow in flows
        if flow.from_zone == zone and any(pattern.matches(topic) for pattern in flow.topics)
    }


def _may_join(snapshot: PolicySnapshot, zone: str, home: str, group: str) -> bool:
    """Whether anybody at home in ``home`` could be allowed to read as the group; denials are left out of account."""
    policy = snapshot.policy
    for name in _roles(snapshot, home):
        if name == UNRESTRICTED and home == zone:
            return True
        if any(_lets_read(rule, group) for rule in policy.roles.get(name, ())):
            return True
    return False


def _roles(snapshot: PolicySnapshot, home: str) -> Iterator[str]:
    """All roles that a principal of the zone could have; who is in a group is known only to whoever lets it in."""
    policy = snapshot.policy
    yield from (role for who, _ in policy.principals if who.zone == home for role in who.roles)
    yield from (role for made, _ in policy.identities if made.zone == home for role in made.roles)
    yield from (role for group in policy.groups if group.zone in (None, home) for role in group.roles)
    for grant in snapshot.grants:
        who = snapshot.principal(grant.principal) if grant.principal else None
        if who is None or who.zone == home:
            yield grant.role


def _lets_read(rule: Rule, group: str) -> bool:
    return (
        rule.allow
        and rule.resource is ResourceType.GROUP
        and not _READS.isdisjoint(rule.operations)
        and any(pattern.matches(group) for pattern in rule.patterns)
    )
