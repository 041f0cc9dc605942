"""What zoneproxy.yaml says of the trail: where violation events go, and sealed copies of what is quarantined."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from zoneproxy.config.names import Name
from zoneproxy.config.validation import Flag, Section, Text

Told = Literal["alert", "redact", "block", "quarantine"]

_CREATE = Field(description="make the topic if there is none, as the brokers make topics by default")


class AuditConfig(Section):
    """Where violation events are written: the topic ``security.violations`` of an upstream."""

    upstream: Name
    create_topic: Annotated[Flag, _CREATE] = False
    actions: Annotated[
        frozenset[Told], Field(min_length=1, description="of which actions there are events; default: of all")
    ] = frozenset({"alert", "redact", "block", "quarantine"})
    max_events_per_second: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] = 1_000
    max_buffered_events: Annotated[
        int, Field(strict=True, ge=1, le=10_000_000, description="that wait while the upstream is away")
    ] = 10_000


class QuarantineConfig(Section):
    """Sealed copies for one zone: the topic ``security.quarantine`` of its upstream, in its namespace if it has one."""

    public_key: Annotated[Text, Field(description="a file with a public X25519 key; the private one is not here")]
    create_topic: Annotated[Flag, _CREATE] = False
    max_copies_per_second: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] = 100
    max_buffered_bytes: Annotated[
        int, Field(strict=True, ge=1024, le=2**40, description="of copies that wait while the upstream is away")
    ] = 64 * 1024 * 1024
