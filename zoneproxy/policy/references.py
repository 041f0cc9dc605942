"""Policy against zoneproxy.yaml: each names things of the other, and what a zone demands its listeners must give."""

from __future__ import annotations

from collections.abc import Iterator

from zoneproxy.config.expected import did_you_mean
from zoneproxy.config.model import Config, ListenerConfig
from zoneproxy.errors import Problem
from zoneproxy.policy.controls import Control
from zoneproxy.policy.model import Zone
from zoneproxy.policy.snapshot import PolicySnapshot
from zoneproxy.policy.value_rules import Format


def check_references(config: Config, snapshot: PolicySnapshot) -> list[Problem]:
    """Everything that does not fit together; empty if the proxy may run with the two."""
    return [
        *_listeners(config, snapshot),
        *_upstreams(config, snapshot),
        *_keys(config, snapshot),
        *_schemas(config, snapshot),
        *_trail(config, snapshot),
        *_issuers(config, snapshot),
    ]


def _listeners(config: Config, snapshot: PolicySnapshot) -> Iterator[Problem]:
    for index, listener in enumerate(config.listeners):
        path = ("listeners", index)
        zone = snapshot.zones.get(listener.zone)
        if zone is None:
            message = f"listener `{listener.name}`: there is no zone `{listener.zone}`"
            yield config.source.problem((*path, "zone"), message, did_you_mean(listener.zone, snapshot.zones))
        else:
            yield from _encryption(config, index, listener, zone)
        if listener.plaintext is not None and listener.plaintext.principal is not None:
            yield from _whoever_connects(config, index, listener.plaintext.principal, snapshot)


def _whoever_connects(config: Config, index: int, name: str, snapshot: PolicySnapshot) -> Iterator[Problem]:
    """The one principal that all clients of a plaintext listener are."""
    path, listener = ("listeners", index, "plaintext", "principal"), config.listeners[index]
    principal = snapshot.principal(name)
    home = snapshot.zones.get(principal.zone) if principal else None
    if principal is None:
        message = f"listener `{listener.name}`: there is no principal `{name}`"
        known = [each.name for each, _ in snapshot.policy.principals]
        yield config.source.problem(path, message, did_you_mean(name, known))
    elif home is not None and home.named_principals_only:
        message = f"listener `{listener.name}`: whoever connects would be `{name}` of zone `{home.name}`"
        hint = f"that zone is for named principals only: name one of another zone, such as `{listener.zone}`"
        yield config.source.problem(path, message, hint)


def _encryption(config: Config, index: int, listener: ListenerConfig, zone: Zone) -> Iterator[Problem]:
    if zone.min_tls is None:
        return
    path, demand = ("listeners", index), f"zone `{zone.name}` demands TLS {zone.min_tls} or newer"
    if listener.tls is None:
        hint = "give the listener `tls`, or the zone `encryption: {transport: plaintext}`"
        message = f"listener `{listener.name}` is plaintext, but {demand}"
        yield config.source.problem((*path, "plaintext"), message, hint)
    elif listener.tls.min_version < zone.min_tls:
        message = f"listener `{listener.name}` accepts TLS {listener.tls.min_version}, but {demand}"
        yield config.source.problem((*path, "tls", "min_version"), message, f'min_version: "{zone.min_tls}"')
    if listener.auth == "sasl" and zone.client_certificates:
        hint = "auth: both, or the zone `encryption: {transport: tls}`"
        message = f"listener `{listener.name}` asks for no certificate, but zone `{zone.name}` demands one"
        yield config.source.problem((*path, "auth"), message, hint)


def _upstreams(config: Config, snapshot: PolicySnapshot) -> Iterator[Problem]:
    for zone in snapshot.zones.values():
        if zone.upstream not in config.upstreams:
            message = f"zone `{zone.name}`: {config.source.file} has no upstream `{zone.upstream}`"
            yield _at(snapshot, "zones", zone.name, message, did_you_mean(zone.upstream, config.upstreams))


def _keys(config: Config, snapshot: PolicySnapshot) -> Iterator[Problem]:
    for flow in snapshot.policy.flows:
        for control in flow.controls:
            for key in sorted(control.keys - config.keys.keys()):
                message = f"flow `{flow.name}`: {config.source.file} has no key `{key}`"
                yield _at(snapshot, "flows", flow.name, message, did_you_mean(key, config.keys))


def _schemas(config: Config, snapshot: PolicySnapshot) -> Iterator[Problem]:
    for flow in snapshot.policy.flows:
        for control in flow.controls:
            if isinstance(control, Format) and control.schemas is not None and control.schemas not in config.schemas:
                message = f"flow `{flow.name}`: {config.source.file} has no schemas `{control.schemas}`"
                yield _at(snapshot, "flows", flow.name, message, did_you_mean(control.schemas, config.schemas))


def _trail(config: Config, snapshot: PolicySnapshot) -> Iterator[Problem]:
    """Where violation events and sealed copies go."""
    if config.audit is not None and config.audit.upstream not in config.upstreams:
        message = f"there is no upstream `{config.audit.upstream}`"
        hint = did_you_mean(config.audit.upstream, config.upstreams)
        yield config.source.problem(("audit", "upstream"), message, hint)
    for zone in config.quarantine.keys() - snapshot.zones.keys():
        hint = did_you_mean(zone, snapshot.zones)
        yield config.source.problem(("quarantine", zone), f"there is no zone `{zone}`", hint, key=True)
    for flow in snapshot.policy.flows:
        if flow.from_zone not in config.quarantine and any(_makes_copies(control) for control in flow.controls):
            message = f"flow `{flow.name}` puts records of zone `{flow.from_zone}` into quarantine, and it has none"
            hint = f"quarantine: {{{flow.from_zone}: {{public_key: ...}}}} in {config.source.file}, or `block`"
            yield _at(snapshot, "flows", flow.name, message, hint)


def _makes_copies(control: Control) -> bool:
    return control.quarantines and not control.dry_run


def _issuers(config: Config, snapshot: PolicySnapshot) -> Iterator[Problem]:
    known = {provider.issuer for provider in config.oauth.values()}
    policy = snapshot.policy
    rules = [("principals", who.name, matches) for who, matches in policy.principals]
    rules += [("identities", made.rule, matches) for made, matches in policy.identities]
    for section, name, matches in rules:
        for match in matches:
            if match.token is not None and match.token.issuer not in known:
                message = f"`{name}`: {config.source.file} has no oauth provider with the issuer `{match.token.issuer}`"
                yield _at(snapshot, section, name, message, did_you_mean(match.token.issuer, known))


def _at(snapshot: PolicySnapshot, section: str, name: str, message: str, hint: str) -> Problem:
    origin = snapshot.policy.origins.get((section, name))
    if origin is None:
        return Problem("policies", 0, 0, message, hint)
    return Problem(origin.file, origin.line, origin.column, message, hint)
