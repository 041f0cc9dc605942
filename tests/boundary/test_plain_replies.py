from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.boundary.addresses import rewrite_node_endpoints
from zoneproxy.boundary.plain_replies import is_plain
from zoneproxy.boundary.produce import check_ids
from zoneproxy.wire.codec import decode_response, encode_response
from zoneproxy.wire.messages.produce_response import (
    BatchIndexAndErrorMessage,
    LeaderIdAndEpoch,
    NodeEndpoint,
    PartitionProduceResponse,
    ProduceResponse,
    TopicProduceResponse,
)

FLEXIBLE = [9, 10, 11, 12, 13]
TAG = ((99, b"x"),)


def topic(version: int, *partitions: PartitionProduceResponse, name: str = "payments", **more: Any) -> Any:
    named: dict[str, Any] = {"topic_id": b"i" * 16} if version >= 13 else {"name": name}
    return TopicProduceResponse(**named, partition_responses=list(partitions), **more)


def stored(**fields: Any) -> PartitionProduceResponse:
    return PartitionProduceResponse(**{"index": 7, "base_offset": 1 << 40, "log_start_offset": 3} | fields)


def frame(version: int, *topics: Any, **more: Any) -> bytes:
    return encode_response(-5, 0, version, ProduceResponse(responses=list(topics), throttle_time_ms=9, **more))


def is_plain_produce(reply: bytes | bytearray, version: int) -> bool:
    ctx: Any = SimpleNamespace(header=SimpleNamespace(api_key=0, api_version=version))
    return is_plain(reply, [], ctx)


@pytest.mark.parametrize("version", FLEXIBLE)
def test_one_partition_stored_and_nothing_else(version: int) -> None:
    assert is_plain_produce(frame(version, topic(version, stored())), version)
    assert is_plain_produce(frame(version, topic(version, stored(), name="x" * 126)), version)


@pytest.mark.parametrize("version", FLEXIBLE)
def test_everything_else_is_to_be_read(version: int) -> None:
    plain = topic(version, stored())
    others = [
        frame(version),
        frame(version, plain, plain),
        frame(version, topic(version)),
        frame(version, topic(version, stored(), stored())),
        frame(version, topic(version, stored(error_code=3))),
        frame(version, topic(version, stored(error_message="text"))),
        frame(version, topic(version, stored(error_message=""))),
        frame(version, topic(version, stored(record_errors=[BatchIndexAndErrorMessage()]))),
        frame(version, topic(version, stored(unknown_tags=TAG))),
        frame(version, topic(version, stored(), unknown_tags=TAG)),
        frame(version, plain, unknown_tags=TAG),
        frame(version, plain)[:-1],
        frame(version, plain) + b"\0",
        b"\0\0\0\4\0\0\0\1",
        b"\0\0\0\6\0\0\0\1\0\2",
    ]
    if version >= 10:
        leader = LeaderIdAndEpoch(leader_id=1, leader_epoch=2)
        others.append(frame(version, topic(version, stored(current_leader=leader))))
        others.append(frame(version, plain, node_endpoints=[NodeEndpoint(node_id=1, host="kafka-1", port=9092)]))
    if version < 13:
        others.append(frame(version, topic(version, stored(), name="")))
        others.append(frame(version, topic(version, stored(), name="x" * 127)))
        others.append(frame(version, topic(version, stored(), name="\u00e9")))
    assert [is_plain_produce(other, version) for other in others] == [False] * len(others)


@given(st.data())
def test_whatever_is_plain_says_nothing_that_anything_is_done_with(data: st.DataObject) -> None:
    version = data.draw(st.sampled_from(FLEXIBLE))
    damaged = bytearray(frame(version, topic(version, stored(), name=data.draw(st.text("ab.", max_size=4)))))
    for _ in range(data.draw(st.integers(0, 4))):
        damaged[data.draw(st.integers(8, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    if is_plain_produce(damaged, version):
        decoded: Any = decode_response(damaged, 0, version)
        assert decoded.exact
        ((partition,),) = ([*t.partition_responses] for t in decoded.message.responses)
        assert (partition.error_code, partition.error_message, partition.record_errors) == (0, None, [])
        assert not decoded.message.node_endpoints
        ctx: Any = SimpleNamespace(home="green", session=SimpleNamespace(zone="red"))
        assert not rewrite_node_endpoints(decoded.message, ctx)
        assert not check_ids(decoded.message, ctx)


def test_only_where_nobody_else_wants_to_see_it() -> None:
    def another(response: object, ctx: object) -> bool:
        return False

    plain = frame(12, topic(12, stored()))

    def ask(thens: list[Any], key: int = 0, version: int = 12) -> bool:
        ctx: Any = SimpleNamespace(header=SimpleNamespace(api_key=key, api_version=version))
        return is_plain(plain, thens, ctx)

    assert ask([rewrite_node_endpoints])
    assert ask([check_ids, rewrite_node_endpoints])
    assert not ask([rewrite_node_endpoints, another])
    assert not ask([rewrite_node_endpoints], key=1)
    assert not ask([rewrite_node_endpoints], version=8)
