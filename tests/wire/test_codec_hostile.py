"""Requests that are nothing but work."""

from __future__ import annotations

import pytest

from zoneproxy.errors import ProtocolError
from zoneproxy.wire.codec import RequestHeader, decode_request, encode_request, read_request_header
from zoneproxy.wire.messages.fetch_request import FetchPartition, FetchRequest, FetchTopic
from zoneproxy.wire.messages.produce_request import PartitionProduceData, ProduceRequest, TopicProduceData

FETCH, PRODUCE = 1, 0


def fetch_of(partitions: int) -> bytes:
    asked = [FetchPartition(partition=index) for index in range(partitions)]
    message = FetchRequest(topics=[FetchTopic(topic="t", partitions=asked)])
    return encode_request(RequestHeader(FETCH, 12, 1, "c"), message)


def test_a_request_of_very_many_elements_is_refused_however_long_it_is() -> None:
    frame = fetch_of(50_000)

    with pytest.raises(ProtocolError, match="memory"):
        decode_request(frame, read_request_header(frame))


def test_what_clients_ask_for_is_read() -> None:
    frame = fetch_of(40_000)

    assert decode_request(frame, read_request_header(frame)).exact


def test_records_do_not_count() -> None:
    data = PartitionProduceData(records=b"r" * (20 << 20))
    message = ProduceRequest(topic_data=[TopicProduceData(name="t", partition_data=[data])])
    frame = encode_request(RequestHeader(PRODUCE, 9, 1, "c"), message)

    assert decode_request(frame, read_request_header(frame)).exact
