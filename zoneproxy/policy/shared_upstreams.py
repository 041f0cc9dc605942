"""Which zones may be on one upstream together: one alone, or any number of which each has a namespace of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zoneproxy.errors import Problem
from zoneproxy.policy.documents.zones import ZoneDocument
from zoneproxy.policy.merge import Entry
from zoneproxy.policy.namespaces import overlap, reserved_behind
from zoneproxy.policy.snapshot import RESERVED_TOPICS

Zones = Sequence[Entry[ZoneDocument]]


def check_sharing(zones: Zones) -> Iterator[Problem]:
    """Every problem with the namespaces of ``zones``, each at the later one of two that do not get on."""
    for number, zone in enumerate(zones):
        if zone.value is None:
            continue
        yield from _reserved(zone, zone.value)
        for other in zones[:number]:
            if other.value is not None and other.value.upstream == zone.value.upstream and other.name != zone.name:
                yield from _together(zone, zone.value, other, other.value)


def _together(
    zone: Entry[ZoneDocument], one: ZoneDocument, other: Entry[ZoneDocument], two: ZoneDocument
) -> Iterator[Problem]:
    both = f"zones `{other.name}` and `{zone.name}` share the upstream `{one.upstream}`"
    if one.namespace is None or two.namespace is None:
        bare = zone.name if one.namespace is None else other.name
        hint = f"give zone `{bare}` a `namespace` too, as in `namespace: {bare}.`, or an upstream of its own"
        place = () if one.namespace is None else ("namespace",)
        yield zone.problem(f"{both}, and `{bare}` has no namespace", hint, *place)
    elif overlap(one.namespace, two.namespace):
        message = f"{both}, and names of `{one.namespace}` could meet names of `{two.namespace}`"
        yield zone.problem(message, "neither may begin with the other; Kafka takes . and _ for the same", "namespace")


def _reserved(zone: Entry[ZoneDocument], written: ZoneDocument) -> Iterator[Problem]:
    if written.namespace is None:
        return
    for topic in reserved_behind(written.namespace, RESERVED_TOPICS):
        message = f"the reserved topic `{topic}` would be in the namespace `{written.namespace}`"
        yield zone.problem(message, f"choose another prefix, as in `{zone.name}.`", "namespace")
        return
