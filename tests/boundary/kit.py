"""What tests of the boundary share: a small policy, contexts of its principals, and a way to run the chain."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar, cast

from zoneproxy.boundary.advertised import Addresses, PortAddresses
from zoneproxy.boundary.chain import Chain, Routed
from zoneproxy.boundary.cluster import ClusterView
from zoneproxy.boundary.holes import ProducerHoles
from zoneproxy.boundary.interceptor import Context, LookUp, Need, Schemas, SessionFacts, Work
from zoneproxy.boundary.node_versions import NodeVersions
from zoneproxy.config.model import Limits
from zoneproxy.policy.load import load_policy
from zoneproxy.policy.model import Principal
from zoneproxy.policy.snapshot import PolicySnapshot
from zoneproxy.wire.batch import BatchHeader, build_batch
from zoneproxy.wire.codec import (
    RequestHeader,
    decode_request,
    decode_response,
    encode_request,
    encode_response,
    read_request_header,
)
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.describe_configs_response import (
    DescribeConfigsResourceResult,
    DescribeConfigsResponse,
    DescribeConfigsResult,
)
from zoneproxy.wire.messages.metadata_response import (
    MetadataResponse,
    MetadataResponseBroker,
    MetadataResponsePartition,
    MetadataResponseTopic,
)
from zoneproxy.wire.messages.registry import APIS
from zoneproxy.wire.record import Record, write_records

NOW = 1_000.0
UPSTREAM_HOST = "broker-1.inside.example"
CARD = b"4111111111111111"

POLICY = """
zones:
  payments: {level: restricted, owner: a@example.com, upstream: kafka-1}
  analytics: {level: internal, owner: b@example.com, upstream: kafka-2}
principals:
  - {name: clerk, zone: payments, match: {subject: {CN: clerk}}, roles: [clerk]}
  - {name: operator, zone: payments, match: {subject: {CN: operator}}, roles: [unrestricted]}
  - {name: dashboards, zone: analytics, match: {subject: {CN: dashboards}}, roles: [reader]}
  - {name: nobody, zone: payments, match: {subject: {CN: nobody}}, roles: []}
roles:
  clerk:
    - {allow: [read, write], topic: {prefix: open.}}
    - {allow: [describe], topic: {prefix: seen.}}
    - {allow: [describe, create], topic: {prefix: new.}}
    - {allow: [write], transactional_id: {prefix: clerk.}}
    - {allow: [describe, create], cluster: true}
    - {deny: [create], cluster: true}
  reader:
    - {allow: [read, write], topic: {prefix: open.}}
flows:
  - name: completed
    from: payments
    to: analytics
    topics: [open.completed]
    controls:
      - detect: {types: [PAYMENT_CARD], confidence: 0.5, action: block}
      - redact: {types: [EMAIL], with: mask}
  - name: careful
    from: payments
    to: payments
    topics: [open.careful]
    controls:
      - detect: {types: [PAYMENT_CARD], confidence: 0.5, action: block}
      - redact: {field: $.email, with: mask}
"""

T = TypeVar("T")
Pending = Generator[Sequence[Need], None, T]
Fulfil = Callable[[LookUp], None]


@cache
def snapshot(text: str = POLICY) -> PolicySnapshot:
    """The policy of these tests, or another one."""
    return load_policy([("policy.yaml", text)])


def topic_id(name: str) -> bytes:
    """The id that the upstream of these tests gives to a topic."""
    return name.encode().ljust(16, b"#")[:16]


def broker_versions(**changes: tuple[int, int]) -> NodeVersions:
    """A broker that speaks all that we do. ``changes``: names of ApiKey and their ranges; (0, -1): it does not."""
    apis = {key: (api.min_version, api.max_version) for key, api in APIS.items()}
    apis[ApiKey.PRODUCE] = (0, apis[ApiKey.PRODUCE][1])
    apis |= {ApiKey[name]: span for name, span in changes.items()}
    supported = {"transaction.version": (0, 2), "group.version": (0, 1), "share.version": (0, 1)}
    finalized = {"transaction.version": (2, 2), "group.version": (1, 1), "streams.version": (1, 1)}
    return NodeVersions(apis, supported | {"metadata.version": (7, 30)}, finalized | {"metadata.version": (30, 30)}, 95)


def metadata(topics: Sequence[str] = (), *, ids: bool = True, nodes: Sequence[int] = (1,)) -> MetadataResponse:
    """What the upstream of these tests says of itself."""
    return MetadataResponse(
        brokers=[MetadataResponseBroker(node_id=n, host=UPSTREAM_HOST, port=9000 + n) for n in nodes],
        controller_id=nodes[0] if nodes else -1,
        topics=[MetadataResponseTopic(name=name, topic_id=topic_id(name) if ids else bytes(16)) for name in topics],
    )


def sizes(topic: str, limit: str | None, *, error: int = 0, kind: int = 2) -> DescribeConfigsResponse:
    """What the upstream of these tests says of the settings of a topic."""
    configs = [DescribeConfigsResourceResult(name="max.message.bytes", value=limit)]
    result = DescribeConfigsResult(error_code=error, resource_type=kind, resource_name=topic, configs=configs)
    return DescribeConfigsResponse(results=[result])


class Upstream:
    """Fulfils look-ups: knows these topics."""

    def __init__(self, *topics: str, silent: bool = False) -> None:
        self.topics = topics
        self.silent = silent
        self.limits: dict[str, int] = {}  # the largest batches of topics
        self.asked: list[LookUp] = []

    def look_up(self, need: LookUp, cluster: ClusterView) -> None:
        """Teach ``cluster`` what was asked for, as the control connection does."""
        self.asked.append(need)
        if self.silent:
            return
        for name in need.sizes & self.limits.keys():
            cluster.learn_sizes(sizes(name, str(self.limits[name])), NOW)
        ids = {topic_id(name): name for name in self.topics}
        found = [name for name in self.topics if name in need.names or topic_id(name) in need.ids]
        response = metadata(found)
        missing = [
            MetadataResponseTopic(error_code=ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, name=name)
            for name in need.names - set(self.topics)
        ]
        unknown = [
            MetadataResponseTopic(error_code=ErrorCode.UNKNOWN_TOPIC_ID, name=None, topic_id=id_)
            for id_ in need.ids - ids.keys()
        ]
        response.topics += missing + unknown
        cluster.learn_metadata(response, NOW)
        if need.every:
            everything = metadata(self.topics)
            for topic in everything.topics:
                topic.partitions = [MetadataResponsePartition(partition_index=i) for i in range(2)]
            cluster.learn_every(everything, NOW)


def context(
    who: str,
    api: ApiKey,
    version: int,
    *,
    zone: str = "payments",
    policy: str = POLICY,
    cluster: ClusterView | None = None,
    versions: NodeVersions | None = None,
    holes: ProducerHoles | None = None,
    addresses: Addresses | None = None,
) -> Context:
    """A request of ``who`` at the listener of ``zone``."""
    session = SessionFacts(
        principal=snapshot(policy).principal(who) or Principal(who, zone),
        zone=zone,
        listener=zone,
        host="192.0.2.7",
        cluster=cluster or ClusterView(),
        addresses=addresses or PortAddresses("proxy.example", 9100),
        versions=versions or broker_versions(),
        holes=holes or ProducerHoles(),
    )
    return Context(session, RequestHeader(api, version, 7, "test"), snapshot(policy), NOW)


def finish(
    pending: T | Pending[T],
    ctx: Context,
    upstream: Upstream | None = None,
    registries: Callable[[Schemas], None] = lambda need: None,
) -> T:
    """Run a request or a reply to its end, fulfilling its needs. No registry has an answer, unless ``registries``."""
    if not isinstance(pending, Generator):
        return pending
    try:
        needs = next(pending)
        while True:
            for need in needs:
                if isinstance(need, Work):
                    assert need.size > 0
                    for job in need.jobs:
                        job()
                elif isinstance(need, Schemas):
                    registries(need)
                elif upstream is not None or not need.sizes:  # how large topics are, none of most tests' upstreams says
                    assert upstream is not None, "a look-up where none was expected"
                    upstream.look_up(need, ctx.session.cluster)
            needs = pending.send(None)
    except StopIteration as end:
        return cast(T, end.value)


@cache
def chain(keys: Mapping[str, bytes] | None = None) -> Chain:
    """The chain under its default limits, but it keeps no results: tests are to make no difference to each other."""
    return Chain(keys or {}, Limits(max_cached_bytes=0))


def request(message: Any, ctx: Context, upstream: Upstream | None = None) -> Routed:
    """What the chain does with a request, which has crossed the wire before."""
    return finish(chain().request(read_again(message, ctx), ctx), ctx, upstream)


def read_again(message: Any, ctx: Context) -> Any:
    """The message as the other end reads it."""
    frame = encode_request(ctx.header, message)
    return decode_request(frame, read_request_header(frame)).message


def reply(routed: Routed, response: Any, ctx: Context) -> Any:
    """The upstream's response after it went back up the chain, as the client reads it."""
    message = through_the_wire(response, ctx)
    finish(chain().reply(message, routed.thens, ctx), ctx)
    return through_the_wire(message, ctx)


def through_the_wire(response: Any, ctx: Context, version: int | None = None) -> Any:
    """The response as the other end reads it."""
    version = ctx.header.api_version if version is None else version
    frame = encode_response(ctx.header.correlation_id, ctx.header.api_key, version, response)
    return decode_response(frame, ctx.header.api_key, version).message


def answered(routed: Routed, ctx: Context) -> Any:
    """What a request was answered with here, as the client reads it."""
    assert routed.reply is not None
    assert not routed.forward
    return through_the_wire(routed.reply, ctx, routed.reply_version)


def batch(
    *values: bytes,
    attributes: int = 0,
    producer_id: int = -1,
    epoch: int = -1,
    sequence: int = -1,
    key: bytes | None = None,
) -> bytes:
    """A record batch that a producer may send, with one record for each value."""
    records = [Record(0, i, i, key, value, []) for i, value in enumerate(values)]
    count = len(values)
    header = BatchHeader(
        0, 0, -1, 2, 0, attributes, count - 1, 1_000, 1_000 + count, producer_id, epoch, sequence, count
    )
    return build_batch(header, write_records(records), count)
