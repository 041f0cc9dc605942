"""What a verdict follows from, and how it does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from zoneproxy.policy.model import Origin


class Kind(Enum):
    """What a reason is; the text is for people, this is for programs."""

    ALLOWED = "allowed"  # a rule that allows it
    DENIED = "denied"  # a rule that denies it
    NO_RULE = "no rule"
    NEAR = "near"  # a rule that almost allows it
    GRANT = "grant"  # one that would allow it at another time
    FLOW = "flow"  # a flow that carries it
    NO_FLOW = "no flow"
    WEAK_TLS = "weak tls"  # flows are there, for better connections
    SUPER_USER = "super user"
    RESERVED = "reserved"  # a name that no client reaches
    NOT_FROM_OUTSIDE = "not from outside"
    UNKNOWN = "unknown"  # no such principal, or no such zone
    NO_SUCH_OPERATION = "no such operation"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that a verdict follows from. ``name`` is that of the role or flow, if it is one of them."""

    kind: Kind
    text: str
    origin: Origin | None = None
    name: str = ""


def verdict(found: Iterable[Reason]) -> bool:
    """What follows from reasons: the way they are to be read."""
    kinds = {reason.kind for reason in found}
    if Kind.SUPER_USER in kinds:
        return True
    against = {Kind.DENIED, Kind.NO_FLOW, Kind.WEAK_TLS, Kind.RESERVED, Kind.NOT_FROM_OUTSIDE, Kind.UNKNOWN}
    return Kind.ALLOWED in kinds and not kinds & (against | {Kind.NO_SUCH_OPERATION})
