"""Configuration → where violation events and sealed copies go. Nothing is dialled here."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zoneproxy.audit.violations import Violations
from zoneproxy.errors import InvalidConfiguration, Problem
from zoneproxy.keys.sealing import Seal, load_seal
from zoneproxy.net.publishing.publisher import Destination, Publisher
from zoneproxy.net.publishing.reporter import Events, Reporter, Vault
from zoneproxy.policy.namespaces import Namespace

if TYPE_CHECKING:
    from zoneproxy.config.audit import AuditConfig, QuarantineConfig
    from zoneproxy.config.model import Config
    from zoneproxy.net.assembly import Upstream
    from zoneproxy.net.observer import Observer
    from zoneproxy.policy.model import Zone

VIOLATIONS = "security.violations"
QUARANTINE = "security.quarantine"

MAX_COPIES = 10_000  # that wait


@dataclass(frozen=True, slots=True)
class Trail:
    """What reports, and what has to run for it."""

    reporter: Reporter
    publishers: tuple[Publisher, ...] = ()


def load_seals(config: Config) -> dict[str, Seal]:
    """The public key of each zone with a quarantine. Raises InvalidConfiguration with all faults."""
    seals: dict[str, Seal] = {}
    problems: list[Problem] = []
    for zone, quarantine in config.quarantine.items():
        try:
            seals[zone] = load_seal(f"quarantine of zone `{zone}`", Path(quarantine.public_key))
        except InvalidConfiguration as error:
            problems += error.problems
    if problems:
        raise InvalidConfiguration(problems)
    return seals


def make_trail(
    config: Config,
    zones: Mapping[str, Zone],
    upstreams: Mapping[str, Upstream],
    seals: Mapping[str, Seal],
    observer: Observer,
    clock: Callable[[], float],
    executor: Executor,
) -> Trail | None:
    """None where nothing of it is configured. Zones that the policy does not have (any more) are passed over.

    ``executor`` is for what takes long.
    """

    def publisher(upstream: Upstream, to: Destination) -> Publisher:
        return Publisher(to, upstream.cluster, upstream.diallers.own, observer, clock, executor=executor)

    events = None
    if config.audit is not None:
        to = publisher(upstreams[config.audit.upstream], _violations(config.audit))
        events = Events(Violations(secrets.token_hex(8)), to, config.audit.actions)
    vaults = {
        name: Vault(seals[name], publisher(upstreams[zones[name].upstream], _quarantine(zones[name], quarantine)))
        for name, quarantine in config.quarantine.items()
        if name in zones
    }
    if events is None and not vaults:
        return None
    publishers = (*((events.publisher,) if events else ()), *(vault.publisher for vault in vaults.values()))
    return Trail(Reporter(events, vaults, observer, clock), publishers)


def _violations(audit: AuditConfig) -> Destination:
    return Destination(
        name="violations",
        topic=VIOLATIONS,
        create=audit.create_topic,
        max_records=audit.max_buffered_events,
        max_bytes=audit.max_buffered_events * _EVENT,
        per_second=audit.max_events_per_second,
    )


def _quarantine(zone: Zone, quarantine: QuarantineConfig) -> Destination:
    return Destination(
        name=f"quarantine {zone.name}",
        topic=QUARANTINE if zone.namespace is None else Namespace(zone.namespace).physical(QUARANTINE),
        create=quarantine.create_topic,
        max_records=MAX_COPIES,
        max_bytes=quarantine.max_buffered_bytes,
        per_second=quarantine.max_copies_per_second,
    )


_EVENT = 4 * 1024  # bytes, at most: an event names eight records
