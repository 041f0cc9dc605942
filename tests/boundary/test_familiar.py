from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.boundary.kit import CARD, NOW, POLICY, batch, chain, context, metadata, snapshot, topic_id
from zoneproxy.boundary.chain import Routed
from zoneproxy.boundary.familiar import MAX_REMEMBERED, recall
from zoneproxy.boundary.holes import ProducerHoles, Sequenced
from zoneproxy.boundary.interceptor import Context, SessionFacts
from zoneproxy.errors import ProtocolError
from zoneproxy.policy.snapshot import PolicySnapshot
from zoneproxy.wire.codec import Decoded, RequestHeader, decode_request, encode_request, read_request_header
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.fetch_request import FetchRequest
from zoneproxy.wire.messages.message import Message
from zoneproxy.wire.messages.produce_request import PartitionProduceData, ProduceRequest, TopicProduceData

VERSIONS = [9, 12, 13]
ALONE = batch(b"value")
OTHER = batch(b"another", b"value")
TTL = 300.0  # how long a topic's name is believed


def session(who: str = "clerk", zone: str = "payments") -> SessionFacts:
    made = context(who, ApiKey.PRODUCE, 13, zone=zone).session
    made.cluster.learn_metadata(metadata(["open.a", "open.b", "open.careful", "seen.a"]), NOW)
    return made


def produce(
    version: int,
    records: bytes | None = ALONE,
    *,
    topic: str = "open.a",
    index: int = 0,
    number: int = 7,
    client: str | None = "producer",
    **more: Any,
) -> bytes:
    named: dict[str, Any] = {"topic_id": topic_id(topic)} if version >= 13 else {"name": topic}
    data = TopicProduceData(partition_data=[PartitionProduceData(index=index, records=records)], **named)
    message = ProduceRequest(**{"acks": -1, "timeout_ms": 30_000, "topic_data": [data]} | more)
    return encode_request(RequestHeader(ApiKey.PRODUCE, version, number, client), message)


def decide(
    frame: bytes, facts: SessionFacts, policy: PolicySnapshot | None = None, now: float = NOW
) -> tuple[Routed | None, Context]:
    """As a session does it that remembers nothing yet; None: something is to be waited for."""
    policy = policy or snapshot()
    ctx = Context(facts, read_request_header(frame), policy, now)
    admitted = chain().admit(ctx)
    if admitted is not None:
        return admitted, ctx
    decoded = decode_request(frame, ctx.header)
    routed = chain().request(decoded.message, ctx)
    if not isinstance(routed, Routed):
        return None, ctx
    chain().remember(frame, decoded, ctx, routed)
    return routed, ctx


def decided(frame: bytes, facts: SessionFacts) -> tuple[Decoded[Message], Context, Routed]:
    """A request that the chain has decided about, before anything is remembered of it."""
    ctx = Context(facts, read_request_header(frame), snapshot(), NOW)
    chain().admit(ctx)
    decoded = decode_request(frame, ctx.header)
    routed = chain().request(decoded.message, ctx)
    assert isinstance(routed, Routed)
    return decoded, ctx, routed


def is_familiar(frame: bytes, facts: SessionFacts, policy: PolicySnapshot | None = None, now: float = NOW) -> bool:
    return recall(frame, facts, policy or snapshot(), now) is not None


def remembered(facts: SessionFacts) -> bool:
    return facts.familiar is not None and bool(facts.familiar.known)


def after(frame: bytes, facts: SessionFacts | None = None) -> SessionFacts:
    """A session that has decided about ``frame``."""
    facts = facts or session()
    decide(frame, facts)
    return facts


# --- what is remembered --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [bytes, bytearray])
@pytest.mark.parametrize("acks", [-1, 0, 1])
@pytest.mark.parametrize("version", VERSIONS)
def test_the_same_with_other_records_is_not_decided_again(version: int, acks: int, kind: type[bytes]) -> None:
    first = produce(version, acks=acks)
    facts = session()
    assert not is_familiar(first, facts)
    routed, _ = decide(first, facts)

    again = recall(kind(produce(version, OTHER, index=5, number=-8, acks=acks)), facts, snapshot(), NOW + 1)

    assert again is not None
    ctx, known = again
    assert known is routed
    assert known.forward
    assert known.expects_reply == (acks != 0)
    assert ctx.header == read_request_header(produce(version, number=-8))
    assert (ctx.session, ctx.snapshot, ctx.now, ctx.facts, ctx.kept) == (facts, snapshot(), NOW + 1, [], [])


@pytest.mark.parametrize("size", [30, 100, 5_000])
def test_records_of_any_length_are_familiar(size: int) -> None:
    facts = after(produce(13))

    assert is_familiar(produce(13, batch(b"v" * size)), facts)


@pytest.mark.parametrize("version", VERSIONS)
def test_each_topic_of_a_producer_is_remembered(version: int) -> None:
    facts = after(produce(version))
    assert not is_familiar(produce(version, topic="open.b"), facts)
    after(produce(version, topic="open.b"), facts)
    assert is_familiar(produce(version, topic="open.b"), facts)
    assert is_familiar(produce(version), facts)


def test_so_many_are_remembered_and_no_more_until_the_policy_changes() -> None:
    facts = session()
    frames = [produce(9, topic=f"open.{n}") for n in range(MAX_REMEMBERED + 1)]
    for frame in frames:
        decide(frame, facts)
    assert [is_familiar(frame, facts) for frame in frames] == [True] * MAX_REMEMBERED + [False]

    changed = snapshot(POLICY + "\n")
    decide(frames[-1], facts, changed)
    assert is_familiar(frames[-1], facts, changed)
    assert not is_familiar(frames[0], facts, changed)


def test_a_client_with_a_very_long_name_is_not_remembered() -> None:
    assert is_familiar(produce(13, client="n" * 300), after(produce(13, client="n" * 300)))
    assert not is_familiar(produce(13, client="n" * 400), after(produce(13, client="n" * 400)))


def test_what_a_producer_of_transactions_asks_is_decided_each_time() -> None:
    for records in (ALONE, batch(b"v", attributes=0x10)):
        frame = produce(13, records, transactional_id="clerk.1")
        assert not is_familiar(frame, after(frame))


# --- what is not --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "frame",
    [
        produce(8),
        produce(13, client=None),
        produce(13, client=""),
        produce(13, topic="seen.a"),
        produce(13, topic="not.known"),
        produce(13, topic="open.careful"),
        produce(13, batch(b"v", attributes=0x10)),
        produce(13, batch(b"v", attributes=0x20)),
        produce(13, ALONE + ALONE),
        produce(13, None),
        produce(13, acks=2),
        produce(13, topic_data=[]),
        produce(12, topic_data=[TopicProduceData(name="open.a", partition_data=[])]),
        produce(13, batch(b"v" * 20_000)),
        produce(13, ALONE) + b"\0",
        encode_request(RequestHeader(ApiKey.FETCH, 13, 7, "producer"), FetchRequest()),
    ],
)
def test_all_else_is_decided_each_time(frame: bytes) -> None:
    facts = after(frame)

    assert not remembered(facts)
    assert not is_familiar(frame, facts)


def test_what_left_something_behind_is_decided_each_time() -> None:
    for leave in ("facts", "kept"):
        facts, frame = session(), produce(13)
        decoded, ctx, routed = decided(frame, facts)
        getattr(ctx, leave).append("something")
        chain().remember(frame, decoded, ctx, routed)
        assert not remembered(facts)


@pytest.mark.parametrize(
    "changed",
    [
        {"forward": False},
        {"edited": True},
        {"thens": [lambda response, ctx: False]},
    ],
)
def test_what_is_done_to_the_request_or_its_reply_alone_is_decided_each_time(changed: dict[str, Any]) -> None:
    facts, frame = session(), produce(13)
    decoded, ctx, routed = decided(frame, facts)
    chain().remember(frame, decoded, ctx, replace(routed, **changed))
    assert not remembered(facts)


def test_neither_in_namespaces_nor_while_glass_is_broken_or_there_are_holes() -> None:
    facts = session()
    facts.namespace = SimpleNamespace()  # type: ignore[assignment]
    frame = produce(13)
    ctx = Context(facts, read_request_header(frame), snapshot(), NOW)
    decoded = decode_request(frame, ctx.header)
    facts.client_id, facts.client_id_under = ctx.header.client_id, ctx.snapshot
    chain().remember(frame, decoded, ctx, Routed(forward=True))
    assert not remembered(facts)

    facts.namespace = None
    ctx.snapshot = facts.client_id_under = SimpleNamespace(glass_is_broken=True)  # type: ignore[assignment]
    chain().remember(frame, decoded, ctx, Routed(forward=True))
    assert not remembered(facts)

    ctx.snapshot = facts.client_id_under = snapshot()
    facts.holes.note(Sequenced(9, 0, "open.z", 0, 3, "somebody"))
    chain().remember(frame, decoded, ctx, Routed(forward=True))
    assert not remembered(facts)

    facts.holes = ProducerHoles()
    facts.client_id_under = None
    chain().remember(frame, decoded, ctx, Routed(forward=True))
    assert not remembered(facts)

    facts.client_id_under = snapshot()
    chain().remember(frame, decoded, ctx, Routed(forward=True))
    assert remembered(facts)


# --- what it rests on ----------------------------------------------------------------------------------------


Change = Callable[[SessionFacts], object]


def _other_principal(facts: SessionFacts) -> None:
    facts.principal = replace(facts.principal)


def _called_otherwise(facts: SessionFacts) -> None:
    decide(produce(13, client="another"), facts)
    decide(produce(13), facts)
    facts.client_id = "".join(["prod", "ucer"])


def _looked_at_under_another_policy(facts: SessionFacts) -> None:
    facts.client_id_under = snapshot(POLICY + "\n")


def _a_hole(facts: SessionFacts) -> None:
    facts.holes.note(Sequenced(9, 0, "open.z", 0, 3, "somebody"))


def _topic_forgotten(facts: SessionFacts) -> None:
    facts.cluster.forget_id(topic_id("open.a"))


@pytest.mark.parametrize(
    "change", [_other_principal, _called_otherwise, _looked_at_under_another_policy, _a_hole, _topic_forgotten]
)
def test_whatever_the_decision_rests_on_is_compared(change: Change) -> None:
    facts = after(produce(13))
    assert is_familiar(produce(13), facts)
    change(facts)
    assert not is_familiar(produce(13), facts)


def test_another_policy_and_another_moment_are_decided_under_anew() -> None:
    facts = after(produce(13))
    assert not is_familiar(produce(13), facts, snapshot(POLICY + "\n"))
    assert is_familiar(produce(13), facts, now=NOW + TTL)
    assert not is_familiar(produce(13), facts, now=NOW + TTL + 1)  # whose id that is must be asked again


@pytest.mark.parametrize(
    "frame",
    [
        produce(12),
        produce(13, client="producers"),
        produce(13, client="produce"),
        produce(13, acks=0),
        produce(13, timeout_ms=1),
        produce(13, topic="open.b"),
        produce(13, transactional_id="clerk.1"),
        produce(13, batch(b"v", attributes=1)),
        produce(13, batch(b"v", attributes=8)),
        produce(13, batch(b"v", attributes=0x10)),
        produce(13, batch(b"v", producer_id=5)),
        produce(13, batch()),
        produce(13, ALONE + b"x"),
        produce(13, ALONE[:-1]),
        produce(13, ALONE[:16] + b"\1" + ALONE[17:]),
        produce(13, b""),
        produce(13) + b"\0",
    ],
)
def test_whatever_differs_is_decided_anew(frame: bytes) -> None:
    assert not is_familiar(frame, after(produce(13)))


def test_any_part_of_a_frame_is_decided_anew() -> None:
    frame, facts = produce(13), after(produce(13))
    for end in range(len(frame)):
        assert not is_familiar(frame[:end], facts)


def test_nobody_else_decides_about_produce() -> None:
    """Whoever comes to decide about it, too, must say by what, and ``familiar`` has to compare that."""
    deciding = [type(each).__name__ for each in chain()._by_api[ApiKey.PRODUCE]]
    assert deciding == ["ProduceInterceptor", "ProduceRecordsInterceptor", "AddressInterceptor", "TextsInterceptor"]


# --- the same as the chain says ------------------------------------------------------------------------------

RECORDS = st.sampled_from(
    [
        ALONE,
        OTHER,
        batch(CARD),
        batch(b"v", producer_id=5, epoch=1, sequence=0),
        batch(b"v", producer_id=5),
        batch(b"v", attributes=0x10),
        batch(b"v", attributes=4),
        ALONE + OTHER,
        ALONE[:40],
        None,
    ]
)
FRAMES = st.builds(
    produce,
    st.sampled_from(VERSIONS),
    RECORDS,
    topic=st.sampled_from(["open.a", "open.b", "open.careful", "seen.a"]),
    index=st.integers(0, 3),
    client=st.sampled_from(["producer", "p", "", None]),
    acks=st.sampled_from([-1, 0, 1, 2]),
)
CHANGES = st.lists(st.tuples(st.integers(4, 200), st.integers(0, 255)), max_size=2)


@given(st.lists(st.tuples(FRAMES, CHANGES), min_size=1, max_size=6))
def test_what_is_remembered_is_what_the_chain_would_decide(asked: list[tuple[bytes, list[tuple[int, int]]]]) -> None:
    facts = session()
    for whole, changes in [each for each in asked for _ in range(2)]:
        frame = bytearray(whole)
        for at, value in changes:
            frame[min(at, len(frame) - 1)] = value
        known = recall(frame, facts, snapshot(), NOW)
        alone = session()
        try:
            routed, ctx = decide(bytes(frame), alone)
            decide(bytes(frame), facts)
        except ProtocolError:
            assert known is None
            continue
        if known is not None:
            assert known[1] == routed
            assert known[0].header == ctx.header
            assert not ctx.facts
