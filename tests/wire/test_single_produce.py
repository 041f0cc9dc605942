from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from zoneproxy.errors import ProtocolError
from zoneproxy.wire.batch import BatchHeader, Whole, build_batch, walk
from zoneproxy.wire.buffer import Buffer
from zoneproxy.wire.codec import RequestHeader, encode_request
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.produce_request import PartitionProduceData, ProduceRequest, TopicProduceData
from zoneproxy.wire.reader import Reader
from zoneproxy.wire.single_produce import index_at, index_before, read_single_batch, read_single_produce
from zoneproxy.wire.writer import Writer

AT = 20  # where the body starts: behind some header
VERSIONS = range(ProduceRequest.MIN_VERSION, ProduceRequest.MAX_VERSION + 1)
ID = bytes(range(16))


def request(
    version: int, name: str = "payments", size: int = 100, records: bytes | None = None, **changes: object
) -> ProduceRequest:
    partition = PartitionProduceData(index=3, records=b"r" * size if records is None else records)
    where = {"topic_id": ID} if version >= 13 else {"name": name}
    topic = TopicProduceData(partition_data=[partition], **where)  # type: ignore[arg-type]
    return ProduceRequest(**{"acks": -1, "timeout_ms": 30_000, "topic_data": [topic]} | changes)  # type: ignore[arg-type]


def framed(message: ProduceRequest, version: int) -> bytes:
    writer = Writer(keep_unknown_tags=True)
    message.write(writer, version)
    return bytes(AT - 4) + writer.frame()


def in_general(frame: bytes | bytearray, version: int) -> ProduceRequest | None:
    """What the general way makes of it, None unless that is all there is to it."""
    reader = Reader(frame, AT)
    try:
        message = ProduceRequest.read(reader, version)
    except ProtocolError:
        return None
    return message if reader.pos == reader.end and not reader.saw_unknown_tags else None


@pytest.mark.parametrize("kind", [bytes, bytearray])
@pytest.mark.parametrize("size", [61, 126, 127, 128, 1_000, 16_382])
@pytest.mark.parametrize("version", [9, 12, 13])
def test_a_single_batch_is_read_in_one_go(version: int, size: int, kind: type[bytes]) -> None:
    frame = kind(framed(request(version, size=size), version))
    read = read_single_produce(frame, AT, version)
    assert read is not None
    assert read == in_general(frame, version)
    assert read.topic_data[0].name == ("" if version >= 13 else "payments")
    assert read.topic_data[0].partition_data[0].records == b"r" * size


@pytest.mark.parametrize("version", [9, 13])
@pytest.mark.parametrize(
    "changes",
    [
        {"transactional_id": ""},
        {"transactional_id": "t" * 40},
        {"topic_data": []},
        {"topic_data": request(13).topic_data * 2},
        {"topic_data": [TopicProduceData()]},
        {"topic_data": [TopicProduceData(name="n" * 40, partition_data=[PartitionProduceData()] * 2)]},
        {"topic_data": [TopicProduceData(name="n" * 40, partition_data=[PartitionProduceData(records=None)])]},
        {
            "topic_data": [
                TopicProduceData(name="n" * 40, partition_data=[PartitionProduceData()], unknown_tags=((9, b""),))
            ]
        },
        {"unknown_tags": ((9, b"x"),)},
    ],
)
def test_all_others_are_left_to_the_general_way(version: int, changes: dict[str, object]) -> None:
    assert read_single_produce(framed(request(version, **changes), version), AT, version) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("version", "name", "size"), [(9, "n" * 127, 10), (9, "ü", 10), (13, "", 16_383), (8, "payments", 100)]
)
def test_what_is_longer_older_or_not_ascii_is_left_to_it(version: int, name: str, size: int) -> None:
    frame = framed(request(version, name, size), version)
    assert in_general(frame, version) is not None
    assert read_single_produce(frame, AT, version) is None


def test_what_ends_early_or_late_is_left_to_it() -> None:
    for version in VERSIONS:
        frame = framed(request(version, size=70), version)
        for end in range(AT, len(frame)):
            assert read_single_produce(frame[:end], AT, version) is None
        assert read_single_produce(frame + b"\0", AT, version) is None


@given(
    st.sampled_from(VERSIONS),
    st.text("aü\0", max_size=130),
    st.integers(0, 300),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 255)), max_size=3),
)
@example(9, "", 70, [(8, 0)])  # a name that is null
def test_what_is_read_is_what_the_general_way_reads(
    version: int, name: str, size: int, changes: list[tuple[int, int]]
) -> None:
    frame = bytearray(framed(request(version, name, size), version))
    for at, value in changes:
        frame[min(AT + at, len(frame) - 1)] = value
    read = read_single_produce(frame, AT, version)
    assert read is None or read == in_general(frame, version)


@given(st.sampled_from(VERSIONS), st.binary(max_size=80))
def test_any_bytes_are_read_or_left(version: int, body: bytes) -> None:
    frame = bytes(AT) + body
    read = read_single_produce(frame, AT, version)
    assert read is None or read == in_general(frame, version)


# --- the batch alone -----------------------------------------------------------------------------------------


def batch(payload: bytes) -> bytes:
    return build_batch(BatchHeader(0, 0, -1, 2, 0, 0, 0, 1_000, 1_000, -1, -1, -1, 1), payload, 1)


def only_batch(records: Buffer) -> BatchHeader:
    (entry,) = walk(records)
    assert isinstance(entry, Whole)
    return entry.header


@pytest.mark.parametrize("size", [1, 50, 55, 56, 57, 58, 100, 16_300])
@pytest.mark.parametrize("version", [9, 12, 13])
def test_the_batch_of_a_request_is_found_behind_the_partitions_index(version: int, size: int) -> None:
    records = batch(b"v" * size)
    frame = framed(request(version, records=records), version)

    at = index_before(frame, records)

    assert frame[at : at + 4] == b"\0\0\0\3"
    assert read_single_batch(frame, at) == only_batch(records)
    assert read_single_batch(bytearray(frame), at) == only_batch(records)


@given(
    st.sampled_from([batch(b"v"), batch(b"v" * 60), batch(b"v")[:61], batch(b"v")[:60], b"v" * 61, b""]),
    st.lists(st.tuples(st.integers(0, 90), st.integers(0, 255)), max_size=3),
    st.sampled_from([0, 0, 0, 1, 2, 30]),
)
def test_whatever_is_found_is_the_only_batch_of_the_only_partition(
    records: bytes, changes: list[tuple[int, int]], cut: int
) -> None:
    whole = framed(request(13, records=records), 13)
    at = index_before(whole, records)
    frame = bytearray(whole[: len(whole) - cut])
    for place, value in changes:
        frame[min(at + place, len(frame) - 1)] = value
    header = read_single_batch(frame, at)
    if header is not None:
        read = in_general(frame, 13)
        assert read is not None
        found = read.topic_data[0].partition_data[0].records
        assert found is not None
        assert header == only_batch(found)


@given(st.binary(max_size=90), st.integers(-100, 100))
def test_any_bytes_hold_a_batch_or_none(frame: bytes, at: int) -> None:
    header = read_single_batch(frame, at)
    assert header is None or header.magic == 2


@pytest.mark.parametrize("client", ["", "p", "producer-1", "n" * 300])
@pytest.mark.parametrize("version", [9, 12, 13])
def test_the_index_is_where_all_before_it_ends(version: int, client: str) -> None:
    records = batch(b"v" * 70)
    for name in ("p", "payments"):
        message = request(version, name, records=records)
        frame = encode_request(RequestHeader(ApiKey.PRODUCE, version, 7, client), message)
        assert index_at(frame) == index_at(bytearray(frame)) == index_before(frame, records)


@given(st.binary(max_size=80))
def test_any_frame_has_some_place_or_none(frame: bytes) -> None:
    assert index_at(frame) >= 0
    assert index_at(b"\0\0\0\0\0\0\0\x0c" + frame) >= 0
    assert index_at(b"\0\0\0\0\0\1" + frame) == index_at(b"\0\0\0\0\1\0" + frame) == 0
