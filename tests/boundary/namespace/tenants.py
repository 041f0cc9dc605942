"""Two zones on one upstream, for tests of what either sees."""

from __future__ import annotations

from typing import Any

from tests.boundary.kit import POLICY, context, through_the_wire
from zoneproxy.boundary.cluster import ClusterView
from zoneproxy.boundary.interceptor import Context, Forward, Reply
from zoneproxy.boundary.namespace.cluster_view import view_within
from zoneproxy.boundary.namespace.interceptor import NamespaceInterceptor
from zoneproxy.policy.namespaces import Namespace
from zoneproxy.wire.codec import decode_request, encode_request, read_request_header
from zoneproxy.wire.messages.api_keys import ApiKey

OURS, THEIRS = Namespace("ours."), Namespace("theirs.")
SHARED = POLICY.replace("upstream: kafka-1", "upstream: kafka, namespace: ours.").replace(
    "upstream: kafka-2", "upstream: kafka, namespace: theirs."
)


def tenant(api: ApiKey, version: int, *, who: str = "operator", cluster: ClusterView | None = None) -> Context:
    """A request of a principal of the zone payments, whose namespace is ``ours.``."""
    ctx = context(who, api, version, policy=SHARED)
    ctx.session.namespace = OURS
    ctx.session.cluster = view_within(cluster or ClusterView(), OURS)
    return ctx


def sent(message: Any, ctx: Context) -> tuple[Any, Forward]:
    """What the interceptor lets go upstream, as the broker reads it, and what it leaves for the reply."""
    outcome = NamespaceInterceptor().request(message, ctx)
    assert isinstance(outcome, Forward), outcome
    frame = encode_request(ctx.header, message)
    return decode_request(frame, read_request_header(frame)).message, outcome


def answered(message: Any, ctx: Context) -> Any:
    """What the interceptor answers itself, as the client reads it."""
    outcome = NamespaceInterceptor().request(message, ctx)
    assert isinstance(outcome, Reply), outcome
    return through_the_wire(outcome.message, ctx)


def received(outcome: Forward, response: Any, ctx: Context) -> Any:
    """What becomes of the broker's response, as the client reads it."""
    message = through_the_wire(response, ctx)
    if outcome.then is not None:
        assert outcome.then(message, ctx) is True
    return through_the_wire(message, ctx)
