"""What was decided about all the partitions of one fetch, those that only its session remembers as well."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from zoneproxy.boundary.cut import TopicKey
from zoneproxy.boundary.fetch_partitions import Partition
from zoneproxy.boundary.interceptor import Context
from zoneproxy.boundary.may import denied, may_topic
from zoneproxy.policy.model import Operation, Principal
from zoneproxy.policy.snapshot import PolicySnapshot
from zoneproxy.wire.error_codes import ErrorCode


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """Immutable: a reply is held against the verdict of its own request, whatever has been decided since."""

    allowed: frozenset[Partition]
    refused: tuple[Partition, ...]
    errors: Mapping[TopicKey, ErrorCode]  # of the topics that are refused
    names: Mapping[TopicKey, str]  # of all topics; empty for an id that has none
    snapshot: PolicySnapshot
    principal: Principal
    nameless: bool  # whether the name of an id is not known yet

    def holds(self, ctx: Context) -> bool:
        """Whether deciding again would come to the same."""
        return self.snapshot is ctx.snapshot and self.principal == ctx.session.principal and not self.nameless

    def tell(self, ctx: Context) -> None:
        """Leave the refusals behind as facts."""
        for key, error in self.errors.items():
            why = "unknown_topic_id" if error == ErrorCode.UNKNOWN_TOPIC_ID else "acl"
            denied(ctx, Operation.READ, self.names[key], error, why=why)


def judge(
    partitions: Collection[Partition],
    names: Mapping[TopicKey, str],
    ctx: Context,
    may_fetch: Callable[[str, Context], bool] | None = None,
) -> Verdict:
    """READ on every topic, and whatever ``may_fetch`` asks for besides; ``names`` has all of them."""
    errors: dict[TopicKey, ErrorCode] = {}
    for key, name in names.items():
        if not name and isinstance(key, bytes):
            errors[key] = ErrorCode.UNKNOWN_TOPIC_ID
        elif not may_topic(ctx, Operation.READ, name) or (may_fetch is not None and not may_fetch(name, ctx)):
            errors[key] = ErrorCode.TOPIC_AUTHORIZATION_FAILED
    if errors:
        allowed = frozenset(place for place in partitions if place[0] not in errors)
        refused = tuple(place for place in partitions if place[0] in errors)
    else:
        allowed, refused = frozenset(partitions), ()
    nameless = ErrorCode.UNKNOWN_TOPIC_ID in errors.values()
    return Verdict(allowed, refused, errors, names, ctx.snapshot, ctx.session.principal, nameless)
