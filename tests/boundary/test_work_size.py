from __future__ import annotations

import pytest

from tests.boundary.kit import batch, chain, context, read_again
from zoneproxy.boundary.chain import Routed
from zoneproxy.boundary.interceptor import Work
from zoneproxy.boundary.work_size import EACH, scan_size, work_size
from zoneproxy.wire.compression import DecompressionLimits
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.fetch_request import FetchPartition, FetchRequest, FetchTopic
from zoneproxy.wire.messages.fetch_response import FetchableTopicResponse, FetchResponse, PartitionData
from zoneproxy.wire.messages.produce_request import PartitionProduceData, ProduceRequest, TopicProduceData

LIMITS = DecompressionLimits()
PLAIN = batch(b"{}")
# Ten thousand addresses in 40 KB: a second of work.
SMALL_BOMB = batch(*[b"a@b.cc"] * 10_000, attributes=1)


def test_what_is_not_compressed_counts_for_its_bytes() -> None:
    assert work_size(PLAIN, LIMITS) == len(PLAIN)
    assert work_size(PLAIN + PLAIN[:70], LIMITS) == len(PLAIN) + 70
    assert work_size(b"", LIMITS) == 0


@pytest.mark.parametrize("codec", [1, 2, 3, 4])
def test_what_is_compressed_counts_for_what_it_may_become(codec: int) -> None:
    compressed = batch(b"{}", attributes=codec)

    assert work_size(compressed, LIMITS) == LIMITS.ratio_free_bytes
    assert work_size(PLAIN + compressed, LIMITS) == LIMITS.ratio_free_bytes


def test_the_operators_limit_holds() -> None:
    assert work_size(batch(b"{}", attributes=1), DecompressionLimits(max_bytes=1000)) == 1000


def test_large_records_are_not_walked() -> None:
    size = 256 * 1024
    assert work_size(batch(b"{}", attributes=1) + b"\x09" * size, LIMITS) > size


def test_records_that_cannot_be_told_apart_count_for_their_bytes() -> None:
    assert work_size(b"\x09" * 100, LIMITS) == 100


def test_a_small_compressed_batch_is_no_small_work_on_either_side() -> None:
    assert len(SMALL_BOMB) < 64 * 1024
    ctx = context("clerk", ApiKey.PRODUCE, 12)
    data = PartitionProduceData(index=0, records=SMALL_BOMB)
    topics = [TopicProduceData(name="open.careful", partition_data=[data])]
    (need,) = next(chain().request(read_again(ProduceRequest(acks=1, topic_data=topics), ctx), ctx))
    assert isinstance(need, Work)
    assert need.size > 64 * 1024

    ctx = context("clerk", ApiKey.FETCH, 12)
    asked = FetchRequest(topics=[FetchTopic(topic="open.careful", partitions=[FetchPartition()])])
    routed = chain().request(read_again(asked, ctx), ctx)
    assert isinstance(routed, Routed)
    fetched = [FetchableTopicResponse(topic="open.careful", partitions=[PartitionData(records=SMALL_BOMB)])]
    (need,) = next(chain().reply(FetchResponse(responses=fetched), routed.thens, ctx))
    assert isinstance(need, Work)
    assert need.size > 64 * 1024


def test_short_records_are_more_work_than_their_bytes_where_each_is_looked_at() -> None:
    many = batch(*[b"x"] * 100)
    assert work_size(many, LIMITS, 64) == len(many) + 100 * 64
    assert work_size(many + many, LIMITS, 64) == 2 * (len(many) + 100 * 64)
    assert work_size(PLAIN, LIMITS, 64) == len(PLAIN) + 64
    lie = bytearray(PLAIN)
    lie[57:61] = b"\x7f\xff\xff\xff"
    assert work_size(lie, LIMITS, 64) <= 65 * len(PLAIN)
    lie[57:61] = b"\xff\xff\xff\xff"
    assert work_size(lie, LIMITS, 64) == len(PLAIN)


def test_a_slow_plan_counts_bytes_several_times_and_each_record_besides():
    assert scan_size(PLAIN, LIMITS, 1) == len(PLAIN)
    assert scan_size(PLAIN, LIMITS, 3) == 3 * (len(PLAIN) + EACH)
