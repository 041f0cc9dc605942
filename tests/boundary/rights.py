"""A policy for tests of groups and transactions, and what they say of the outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.boundary.kit import Upstream, answered, context, reply, request

if TYPE_CHECKING:
    from zoneproxy.boundary.interceptor import Context
    from zoneproxy.wire.messages.api_keys import ApiKey

POLICY = """
zones:
  payments: {level: restricted, owner: a@example.com, upstream: kafka-1}
  analytics: {level: internal, owner: b@example.com, upstream: kafka-2}
  lonely: {level: internal, owner: c@example.com, upstream: kafka-3}
principals:
  - {name: member, zone: payments, match: {subject: {CN: member}}, roles: [member]}
  - {name: janitor, zone: payments, match: {subject: {CN: janitor}}, roles: [janitor]}
  - {name: viewer, zone: payments, match: {subject: {CN: viewer}}, roles: [viewer]}
  - {name: reader, zone: payments, match: {subject: {CN: reader}}, roles: [reader]}
  - {name: guest, zone: analytics, match: {subject: {CN: guest}}, roles: [member]}
  - {name: operator, zone: payments, match: {subject: {CN: operator}}, roles: [unrestricted]}
  - {name: nobody, zone: payments, match: {subject: {CN: nobody}}, roles: []}
roles:
  member:
    - {allow: [read], group: {prefix: team.}}
    - {allow: [describe], group: {prefix: other.}}
    - {allow: [read, write], topic: {prefix: open.}}
    - {allow: [describe], topic: {prefix: seen.}}
    - {allow: [write], transactional_id: {prefix: team.}}
    - {allow: [describe], transactional_id: {prefix: other.}}
  janitor:
    - {allow: [delete], group: {prefix: team.}}
    - {allow: [read], topic: {prefix: open.}}
    - {allow: [write, two_phase_commit], transactional_id: {prefix: team.}}
  viewer:
    - {allow: [describe, cluster_action], cluster: true}
  reader:
    - {allow: [read], group: "*"}
    - {allow: [describe], topic: "*"}
    - {deny: [describe], topic: {prefix: closed.}}
flows:
  - {name: completed, from: payments, to: analytics, topics: [open.completed]}
"""

HIDDEN = "hidden.a"  # a topic that nobody but the operator knows of
OFFSETS = "__consumer_offsets"


def asks(who: str, api: ApiKey, version: int, *, zone: str = "payments") -> Context:
    """A request of ``who`` under this policy."""
    return context(who, api, version, zone=zone, policy=POLICY)


def refusal(message: Any, ctx: Context, upstream: Upstream | None = None) -> Any:
    """What the client reads if the broker never sees the request."""
    return answered(request(message, ctx, upstream), ctx)


def passes(message: Any, ctx: Context, upstream: Upstream | None = None) -> None:
    """Check that the request goes on byte for byte and its reply is not looked at."""
    routed = request(message, ctx, upstream)
    assert routed.forward
    assert not routed.edited
    assert not routed.thens
    assert not ctx.facts


def merged(message: Any, response: Any, ctx: Context) -> Any:
    """What the client reads if the broker gives ``response`` to what is left of the request."""
    routed = request(message, ctx)
    assert routed.forward
    return reply(routed, response, ctx)
