"""Checked entries → the values that a snapshot is made from."""

from __future__ import annotations

from math import inf

from zoneproxy.policy.acl import Rule
from zoneproxy.policy.controls import Depth
from zoneproxy.policy.definitions import NO_DEFINITIONS, Definitions
from zoneproxy.policy.derivation import Derivation
from zoneproxy.policy.documents.controls.section import Surroundings
from zoneproxy.policy.documents.flows import FlowDocument
from zoneproxy.policy.documents.grants import GrantDocument
from zoneproxy.policy.documents.identities import IdentityDocument
from zoneproxy.policy.documents.principals import PrincipalDocument
from zoneproxy.policy.documents.roles import RuleDocument
from zoneproxy.policy.documents.zones import ZoneDocument
from zoneproxy.policy.flows import Flow
from zoneproxy.policy.identities import Match
from zoneproxy.policy.lineage import with_keys
from zoneproxy.policy.merge import Entries, Entry, level_names
from zoneproxy.policy.model import PLAINTEXT, Grant, Group, Origin, Principal, Zone
from zoneproxy.policy.snapshot import Policy


def compile_policy(entries: Entries, digest: str) -> Policy:
    """``entries`` must be free of problems."""
    levels = level_names(entries)
    definitions = definitions_of(entries)
    return Policy(
        zones=tuple(_zone(e.name, e.value, levels, definitions) for e in entries.zones if e.value),
        principals=tuple(_principal(e.value) for e in entries.principals if e.value),
        identities=tuple(_identity(e.value) for e in entries.identities if e.value),
        roles={e.name: rules_of(e) for e in entries.roles},
        flows=with_keys(
            [flow_of(e.value, e.origin, definitions, _depth(e.value, entries)) for e in entries.flows if e.value],
            {e.name: e.value.lineage_keys for e in entries.zones if e.value},
        ),
        origins=_origins(entries),
        digest=digest,
        groups=tuple(Group(e.name, frozenset(e.value.roles), e.value.zone) for e in entries.groups if e.value),
        members={e.name: frozenset(e.value.groups) for e in entries.principals if e.value and e.value.groups},
        grants=tuple(_grant(e.value, e.origin) for e in entries.grants if e.value),
        revoked=frozenset(e.value.certificate for e in entries.revoked if e.value),
        definitions=definitions,
    )


def definitions_of(entries: Entries) -> Definitions:
    """Detectors and allow-lists."""
    return Definitions(
        tuple(e.value.as_value() for e in entries.detectors if e.value),
        tuple(e.value.as_value() for e in entries.allow_lists if e.value),
    )


def _zone(name: str, written: ZoneDocument, levels: tuple[str, ...], definitions: Definitions) -> Zone:
    encryption = written.encryption
    return Zone(
        name=name,
        level=written.level,
        rank=levels.index(written.level),
        owner=written.owner,
        upstream=written.upstream,
        min_tls=None if encryption.transport == "plaintext" else encryption.min_tls or "1.3",
        namespace=written.namespace,
        named_principals_only=written.names_needed(levels[-1]),
        client_certificates=encryption.transport == "mtls",
        topic_names=written.topic_names,
        observe=written.observe,
        beside_records=written.beside_records.as_controls(Surroundings(f"zone {name}", definitions=definitions))
        if written.beside_records
        else (),
    )


def _principal(written: PrincipalDocument) -> tuple[Principal, tuple[Match, ...]]:
    principal = Principal(written.name, written.zone, frozenset(written.roles))
    return principal, tuple(match.as_match() for match in written.match)


def _identity(written: IdentityDocument) -> tuple[Derivation, tuple[Match, ...]]:
    return written.as_derivation(), tuple(match.as_match() for match in written.match)


def rules_of(role: Entry[tuple[RuleDocument, ...]]) -> tuple[Rule, ...]:
    """The rules of a role."""
    return tuple(
        Rule(
            allow=written.allow is not None,
            operations=frozenset(written.operations),
            resource=written.resource,
            patterns=written.patterns,
            hosts=frozenset(written.host),
            origin=Origin(role.located.file, *role.located.place((*role.path, index))),
        )
        for index, written in enumerate(role.value or ())
    )


def flow_of(
    written: FlowDocument, origin: Origin, definitions: Definitions = NO_DEFINITIONS, depth: Depth = Depth.FAST
) -> Flow:
    """A flow rule. ``depth`` is that of its detectors, where nothing else is written."""
    default = Surroundings(depth=depth).depth_of(written.depth)
    within = Surroundings(written.name, written.observe, definitions, written.to, default)
    controls = tuple(each for control in written.controls for each in control.as_controls(within))
    min_tls = written.encryption.min_tls if written.encryption else PLAINTEXT
    return Flow(written.name, written.from_, written.to, written.topics, controls, origin, min_tls)


def _depth(flow: FlowDocument, entries: Entries) -> Depth:
    """Deep for what comes down from the highest level."""
    levels = level_names(entries)
    of_zone = {e.name: e.value.level for e in entries.zones if e.value}
    upper, lower = (levels.index(of_zone[zone]) for zone in (flow.from_, flow.to))
    return Depth.DEEP if upper == len(levels) - 1 > lower else Depth.FAST


def _grant(written: GrantDocument, origin: Origin) -> Grant:
    return Grant(
        role=written.role,
        since=-inf if written.from_ is None else written.from_.timestamp(),
        until=written.until.timestamp(),
        reason=written.reason,
        principal=written.principal,
        group=written.group,
        approved_by=written.approved_by,
        break_glass=written.break_glass,
        origin=origin,
    )


def _origins(entries: Entries) -> dict[tuple[str, str], Origin]:
    origins = {("zones", e.name): e.origin for e in entries.zones}
    origins |= {("roles", e.name): e.origin for e in entries.roles}
    origins |= {("groups", e.name): e.origin for e in entries.groups}
    origins |= {("principals", e.name): e.origin for e in entries.principals}
    origins |= {("identities", e.name): e.origin for e in entries.identities}
    return origins | {("flows", e.name): e.origin for e in entries.flows}
