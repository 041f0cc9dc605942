"""Facts: what the decision core tells the shell about a decision. Never a payload, never a value that was found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from zoneproxy.formats.framing import SchemaId

Mode = Literal["enforced", "observed"]
"""Whether what is told was done, or would have been: a rule or a zone that is only tried out changes nothing."""

MAX_PLACES = 8
"""How many records a fact names, at most; ``count`` and ``records`` say how many there were."""


@dataclass(frozen=True, slots=True)
class RecordAt:
    """Which record: its number in its batch from 0, its time (ms since the epoch), and its offset if it has one yet."""

    index: int
    timestamp: int
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Denied:
    """A resource was refused. ``error`` is Kafka's error code; ``resource`` is for the log only, never a label."""

    api: str
    operation: str
    resource_type: str
    resource: str
    error: int
    why: str  # a fixed word: acl, flow, unknown_topic_id, unsupported_version, policy_error...


@dataclass(frozen=True, slots=True)
class Found:
    """Detector hits in one batch that a control acted on; ``confidence`` is the highest of them."""

    rule: str
    type: str
    place: str  # value, key, header_name, header_value; split: over several parts or records
    action: str
    confidence: float
    topic: str
    partition: int
    count: int = 1
    mode: Mode = "enforced"
    at: tuple[RecordAt, ...] = field(default=(), compare=False)  # the first ones


@dataclass(frozen=True, slots=True)
class Transformed:
    """Values of a batch were rewritten."""

    rule: str
    kind: str
    topic: str
    partition: int
    count: int
    mode: Mode = "enforced"


@dataclass(frozen=True, slots=True)
class Blocked:
    """A partition of a Produce was refused, or records or a batch were taken out of a Fetch."""

    rule: str
    side: str  # produce, fetch
    reason: str  # finding, unscannable, bomb, malformed, out_of_order...
    topic: str
    partition: int
    records: int
    mode: Mode = "enforced"
    at: tuple[RecordAt, ...] = field(default=(), compare=False)  # the first ones


@dataclass(frozen=True, slots=True)
class Unscannable:
    """Records of which a part cannot be looked into, where the policy asks for another action than to block them."""

    rule: str
    reason: str  # dense, budget, malformed, unscannable, unknown_schema
    place: str
    action: str
    topic: str
    partition: int
    count: int
    mode: Mode = "enforced"
    at: tuple[RecordAt, ...] = field(default=(), compare=False)  # the first ones


@dataclass(frozen=True, slots=True)
class Filtered:
    """Records of a Fetch that a row filter keeps for others. No violation: nobody asked for them by name."""

    rule: str
    topic: str
    partition: int
    records: int
    mode: Mode = "enforced"


@dataclass(frozen=True, slots=True)
class Scanned:
    """Decompressed bytes that were looked through."""

    bytes: int
    batches: int


@dataclass(frozen=True, slots=True)
class CacheUsed:
    """Fetched batches whose result was kept, or is from now on; ``size`` is all that is kept, in bytes."""

    hits: int
    misses: int
    size: int


@dataclass(frozen=True, slots=True)
class SchemaWanted:
    """Records of one batch are of a schema that its registry has not told yet. Its number came from a record."""

    registry: str
    schema: SchemaId
    topic: str
    partition: int
    mode: Mode = "enforced"


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something odd that changed no decision: trailing bytes cut, unknown tags dropped, a node out of range..."""

    what: str


@dataclass(frozen=True, slots=True)
class GlassBroken:
    """A request of somebody who has a break-glass grant in force, whether or not it was needed for this one."""

    role: str
    reason: str


Fact = (
    Denied
    | Found
    | Transformed
    | Blocked
    | Unscannable
    | Filtered
    | Scanned
    | CacheUsed
    | SchemaWanted
    | Noticed
    | GlassBroken
)
