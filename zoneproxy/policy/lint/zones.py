"""Zones without people: no real owner, nobody at home, more of them than there is to keep apart."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zoneproxy.policy.lint.finding import Finding
from zoneproxy.policy.lint.survey import Survey, finding

_PLACEHOLDER = re.compile(
    r"(to-?do|tbd|tba|fixme|xxx+|change-?me|replace-?me|unknown|none|null|nil|n/?a|nobody|someone|somebody|anyone"
    r"|owner|team|test|foo|bar|me|you|admin|root|placeholder|your[ -]?(name|team|e-?mail)|\W+|.)",
    re.IGNORECASE,
)
MANY_ZONES = 3  # up to here, zones may well be ahead of those who will use them


def unowned(survey: Survey) -> Iterator[Finding]:
    """ZP009: when something crosses that should not have, somebody must be there to be asked."""
    for zone in survey.policy.zones:
        name, _, host = zone.owner.strip().partition("@")
        if _PLACEHOLDER.fullmatch(name.strip()) and not host:
            message = f"zone `{zone.name}` has no owner: `{zone.owner[:40]}` is nobody"
            yield finding("ZP009", survey.origin("zones", zone.name), message, "name a team or an address")


def uninhabited(survey: Survey) -> Iterator[Finding]:
    """ZP011: nobody is at home there and no flow leads there: nobody can reach it."""
    joined = {end for flow in survey.policy.flows for end in (flow.from_zone, flow.to_zone)}
    for zone in survey.policy.zones:
        if not survey.at_home(zone.name, certain=True) and zone.name not in joined:
            hint = "add its principals or a flow, or remove the zone"
            message = f"nobody belongs to zone `{zone.name}` and no flow leads there"
            yield finding("ZP011", survey.origin("zones", zone.name), message, hint)


def too_many(survey: Survey) -> Iterator[Finding]:
    """ZP012: each zone costs flows to every other; a zone for each application is what roles are for."""
    zones, principals = survey.policy.zones, survey.policy.principals
    if len(zones) > MANY_ZONES and len(zones) > len(principals) and not survey.policy.identities:
        message = f"there are {len(zones)} zones for {len(principals)} principals"
        hint = "principals of one owner and level can share a zone; roles keep them apart in it"
        yield finding("ZP012", survey.origin("zones", zones[-1].name), message, hint)


def weak_encryption(survey: Survey) -> Iterator[Finding]:
    """ZP016: the highest level with less than TLS 1.3 and certificates."""
    for zone in survey.policy.zones:
        if survey.most_sensitive(zone) and zone.min_tls != "1.3":
            allows = f"TLS {zone.min_tls}" if zone.min_tls else "connections without encryption"
            message = f"zone `{zone.name}` has the highest level ({zone.level}) and allows {allows}"
            hint = 'leave `encryption` out: transport mtls and min_tls "1.3" are the default'
            yield finding("ZP016", survey.origin("zones", zone.name), message, hint)
