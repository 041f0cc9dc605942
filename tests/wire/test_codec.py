from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.errors import ProtocolError
from zoneproxy.wire import codec
from zoneproxy.wire.codec import (
    UNREADABLE,
    RequestHeader,
    decode_request,
    decode_response,
    encode_request,
    encode_response,
    is_known,
    read_request_header,
)
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.api_versions_request import ApiVersionsRequest
from zoneproxy.wire.messages.api_versions_response import ApiVersion, ApiVersionsResponse
from zoneproxy.wire.messages.heartbeat_request import HeartbeatRequest
from zoneproxy.wire.messages.heartbeat_response import HeartbeatResponse
from zoneproxy.wire.messages.metadata_request import MetadataRequest, MetadataRequestTopic
from zoneproxy.wire.messages.produce_request import PartitionProduceData, ProduceRequest, TopicProduceData

OLD, FLEXIBLE = 8, 12  # versions of Metadata
METADATA = MetadataRequest(topics=[MetadataRequestTopic(name="payments")])


def header(key: int, version: int) -> bytes:
    """A length, key, version, correlation id 7 and client id "me"."""
    return bytes(4) + key.to_bytes(2, "big") + version.to_bytes(2, "big") + b"\x00\x00\x00\x07\x00\x02me"


def with_tag(frame: bytes, at: int, tag: bytes = b"\x01\x63\x01x") -> bytes:
    """The frame with one unknown tagged field where there was none."""
    assert frame[at] == 0
    payload = frame[4:at] + tag + frame[at + 1 :]
    return len(payload).to_bytes(4, "big") + payload


# --- headers -------------------------------------------------------------------------------------------------


def test_headers_of_old_versions_have_no_tags() -> None:
    read = read_request_header(header(ApiKey.METADATA, OLD) + b"body")
    assert read == RequestHeader(ApiKey.METADATA, OLD, 7, "me", body=16)


def test_headers_of_flexible_versions_have_tags() -> None:
    read = read_request_header(header(ApiKey.METADATA, FLEXIBLE) + b"\x00body")
    assert read == RequestHeader(ApiKey.METADATA, FLEXIBLE, 7, "me", body=17)


def test_unknown_tags_of_a_header_are_noticed() -> None:
    read = read_request_header(header(ApiKey.METADATA, FLEXIBLE) + b"\x01\x63\x01xbody")
    assert (read.body, read.exact) == (20, False)


def test_a_client_may_have_no_name() -> None:
    read = read_request_header(header(ApiKey.METADATA, OLD)[:12] + b"\xff\xff")
    assert read.client_id is None


@pytest.mark.parametrize(
    ("key", "version"),
    [
        (ApiKey.API_VERSIONS, 5),  # KIP-511: from the future
        (ApiKey.PRODUCE, 2),  # too old
        (ApiKey.PRODUCE, 0x7FFF),
        (ApiKey.PRODUCE, 0xFFFF),
        (4, 0),  # between brokers
        (9999, 0),
        (0xFFFF, 0),
    ],
)
def test_headers_of_what_we_do_not_know_are_read_as_far_as_all_are_alike(key: int, version: int) -> None:
    frame = header(key, version) + b"\xff\xff\xff"
    read = read_request_header(frame)
    assert (read.correlation_id, read.client_id, read.body) == (7, "me", UNREADABLE)
    assert not is_known(read.api_key, read.api_version)
    with pytest.raises(ProtocolError, match="version"):
        decode_request(frame, read)
    with pytest.raises(ProtocolError, match="version"):
        decode_response(frame, read.api_key, read.api_version)


@pytest.mark.parametrize("end", range(16))
def test_headers_cut_short_are_refused(end: int) -> None:
    with pytest.raises(ProtocolError, match="truncated"):
        read_request_header(header(ApiKey.METADATA, OLD)[:end])


@given(st.binary(max_size=30))
def test_any_bytes_are_a_header_or_refused(frame: bytes) -> None:
    try:
        read = read_request_header(frame)
    except ProtocolError:
        return
    assert read.body == UNREADABLE or 14 <= read.body <= len(frame)


# --- requests ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [OLD, FLEXIBLE])
def test_requests_come_back(version: int) -> None:
    frame = encode_request(RequestHeader(ApiKey.METADATA, version, 7, "me"), METADATA)
    assert int.from_bytes(frame[:4], "big") == len(frame) - 4
    read = read_request_header(frame)
    assert (read.correlation_id, read.client_id) == (7, "me")
    decoded = decode_request(frame, read)
    assert decoded.message == METADATA
    assert (decoded.exact, decoded.trailing, decoded.unknown_tags) == (True, 0, False)


def test_stale_bytes_behind_a_request_are_cut() -> None:
    """librdkafka 2.16 sends three with Metadata of version 13."""
    frame = encode_request(RequestHeader(ApiKey.METADATA, 13, 7, "me"), METADATA)
    longer = frame + b"\x01\x02\x03"
    read = read_request_header(longer)
    decoded = decode_request(longer, read)
    assert (decoded.exact, decoded.trailing, decoded.unknown_tags) == (False, 3, False)
    assert encode_request(read, decoded.message) == frame


@pytest.mark.parametrize("where", ["header", "body"])
def test_unknown_tags_of_a_request_are_dropped(where: str) -> None:
    frame = encode_request(RequestHeader(ApiKey.METADATA, FLEXIBLE, 7, "me"), METADATA)
    tagged = with_tag(frame, 16 if where == "header" else len(frame) - 1)
    read = read_request_header(tagged)
    decoded = decode_request(tagged, read)
    assert (decoded.exact, decoded.trailing, decoded.unknown_tags) == (False, 0, True)
    assert encode_request(read, decoded.message) == frame


# --- responses -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [0, 4])
def test_responses_come_back(version: int) -> None:
    message = HeartbeatResponse(error_code=27)
    frame = encode_response(7, ApiKey.HEARTBEAT, version, message)
    assert (int.from_bytes(frame[:4], "big"), frame[4:8]) == (len(frame) - 4, b"\x00\x00\x00\x07")
    decoded = decode_response(frame, ApiKey.HEARTBEAT, version)
    assert decoded.message == message
    assert (decoded.exact, decoded.trailing, decoded.unknown_tags) == (True, 0, False)


def test_unknown_tags_of_a_response_are_kept_or_dropped() -> None:
    frame = encode_response(7, ApiKey.HEARTBEAT, 4, HeartbeatResponse())
    tagged = with_tag(frame, len(frame) - 1)
    decoded = decode_response(tagged, ApiKey.HEARTBEAT, 4)
    assert (decoded.exact, decoded.trailing, decoded.unknown_tags) == (False, 0, True)
    assert encode_response(7, ApiKey.HEARTBEAT, 4, decoded.message) == tagged
    assert encode_response(7, ApiKey.HEARTBEAT, 4, decoded.message, keep_unknown_tags=False) == frame


def test_unknown_tags_of_a_response_header_are_dropped() -> None:
    frame = encode_response(7, ApiKey.HEARTBEAT, 4, HeartbeatResponse())
    decoded = decode_response(with_tag(frame, 8), ApiKey.HEARTBEAT, 4)
    assert decoded.unknown_tags
    assert encode_response(7, ApiKey.HEARTBEAT, 4, decoded.message) == frame


def test_bytes_behind_a_response_are_counted() -> None:
    frame = encode_response(7, ApiKey.HEARTBEAT, 0, HeartbeatResponse())
    decoded = decode_response(frame + b"\x00\x00", ApiKey.HEARTBEAT, 0)
    assert (decoded.exact, decoded.trailing) == (False, 2)


@pytest.mark.parametrize("version", range(5))
def test_an_api_versions_response_never_has_tags_in_its_header(version: int) -> None:
    message = ApiVersionsResponse(error_code=35, api_keys=[ApiVersion(api_key=18, min_version=0, max_version=4)])
    frame = encode_response(7, ApiKey.API_VERSIONS, version, message)
    assert frame[8:10] == b"\x00\x23"
    assert decode_response(frame, ApiKey.API_VERSIONS, version).message == message


def test_an_api_versions_request_has_tags_in_its_header() -> None:
    message = ApiVersionsRequest(client_software_name="me", client_software_version="1")
    frame = encode_request(RequestHeader(ApiKey.API_VERSIONS, 3, 7, None), message)
    assert decode_request(frame, read_request_header(frame)).message == message


def test_a_request_keeps_its_correlation_id_whatever_it_is() -> None:
    frame = encode_request(RequestHeader(ApiKey.HEARTBEAT, 0, -5, None), HeartbeatRequest())
    assert read_request_header(frame).correlation_id == -5


@given(
    st.one_of(
        st.binary(min_size=4, max_size=60),
        st.builds(lambda n, rest: bytes(4) + n.to_bytes(2, "big") + rest, st.integers(0, 12), st.binary(max_size=20)),
    ),
    st.sampled_from([(18, 0), (18, 3), (3, 8), (3, 12), (0, 13), (99, 0)]),
)
def test_the_quick_way_reads_headers_as_the_plain_one_does(rest: bytes, api: tuple[int, int]) -> None:
    frame = struct.pack(">ihh", 4 + len(rest), *api) + rest
    results = []
    for read in (read_request_header, codec._read_unusual_header):
        try:
            results.append(read(frame))
        except ProtocolError as error:
            results.append(error.reason)
    assert results[0] == results[1]


# --- the commonest request -----------------------------------------------------------------------------------


def test_a_produce_request_of_one_batch_is_read_in_one_go_unless_its_header_says_more() -> None:
    partition = PartitionProduceData(index=1, records=b"r" * 70)
    message = ProduceRequest(acks=1, topic_data=[TopicProduceData(name="t", partition_data=[partition])])
    frame = encode_request(RequestHeader(ApiKey.PRODUCE, 9, 7, "me"), message)
    with_more = with_tag(frame, at=16)
    for each, is_exact in [(frame, True), (with_more, False), (frame + b"x", False)]:
        decoded = decode_request(each, read_request_header(each))
        assert decoded.message == message
        assert decoded.exact is is_exact
        assert encode_request(read_request_header(each), decoded.message) == frame
