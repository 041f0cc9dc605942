"""Batches that are longer after what was done to them: a topic may take the original and not the result.

That is refused here where the topic's limit is known. Where it is not, the broker refuses; its MESSAGE_TOO_LARGE, on
which Java splits a batch and sends the pieces over and over, becomes POLICY_VIOLATION as well, which is final.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zoneproxy.boundary.cut import Refusal
from zoneproxy.boundary.facts import Blocked
from zoneproxy.boundary.interceptor import Context, Eventually, LookUp, Then
from zoneproxy.boundary.may import leave
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.produce_response import ProduceResponse

TOO_LARGE = Refusal(
    ErrorCode.POLICY_VIOLATION, "What the policy makes of the batch is larger than the topic's max.message.bytes."
)


@dataclass(frozen=True, slots=True)
class Grown:
    """A rewritten batch that is longer than the original; ``size`` in bytes."""

    topic: str
    topic_id: bytes
    partition: int
    size: int
    records: int

    def fits(self, ctx: Context) -> bool:
        """False if the topic is known not to take it."""
        limit = ctx.session.cluster.max_message_bytes(self.topic, ctx.now)
        return limit is None or self.size <= limit

    def tell(self, ctx: Context) -> None:
        """Leave it behind that it was refused."""
        leave(ctx, Blocked("", "produce", "too_large", self.topic, self.partition, self.records))


def unknown_limits(grown: Sequence[Grown], ctx: Context) -> tuple[LookUp, ...]:
    """What to ask first."""
    cluster = ctx.session.cluster
    topics = frozenset(g.topic for g in grown if cluster.max_message_bytes(g.topic, ctx.now) is None)
    return (LookUp(sizes=topics),) if topics else ()


def final(grown: Sequence[Grown], then: Then | None) -> Then:
    """Before ``then``: what the broker finds too large of ``grown`` is refused for good."""
    by_place = {(g.topic_id, g.topic, g.partition): g for g in grown}
    by_place |= {(g.topic_id, "", g.partition): g for g in grown}  # a reply has ids or names

    def finally_(response: ProduceResponse, ctx: Context) -> Eventually[bool]:
        edited = False
        for topic in response.responses:
            for partition in topic.partition_responses:
                found = by_place.get((topic.topic_id, topic.name, partition.index))
                if found is not None and partition.error_code == ErrorCode.MESSAGE_TOO_LARGE:
                    partition.error_code, partition.error_message = TOO_LARGE.error, TOO_LARGE.message
                    partition.record_errors = []
                    ctx.session.cluster.forget_message_bytes([found.topic])
                    found.tell(ctx)
                    edited = True
        if then is None:
            return edited
        changed = then(response, ctx)
        return changed or edited if isinstance(changed, bool) else changed

    return finally_
