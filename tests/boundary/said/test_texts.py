from __future__ import annotations

from zoneproxy.boundary.said.texts import readings, texts_of
from zoneproxy.wire.messages.join_group_request import JoinGroupRequest, JoinGroupRequestProtocol
from zoneproxy.wire.messages.offset_commit_request import OffsetCommitRequest, OffsetCommitRequestTopic
from zoneproxy.wire.messages.streams_group_heartbeat_request import (
    KeyValue,
    StreamsGroupHeartbeatRequest,
    Subtopology,
    Topology,
)


def test_strings_and_bytes_wherever_they_stand() -> None:
    protocols = [JoinGroupRequestProtocol(name="range", metadata=b"\x00a"), JoinGroupRequestProtocol(name="")]
    request = JoinGroupRequest(group_id="g", group_instance_id=None, protocols=protocols, reason="é")
    assert list(texts_of(request)) == [
        ("group_id", b"g"),
        ("name", b"range"),
        ("metadata", b"\x00a"),
        ("reason", "é".encode()),
    ]


def test_structs_in_structs_and_lists_of_strings() -> None:
    topology = Topology(subtopologies=[Subtopology(subtopology_id="0", source_topics=["a", "b"])])
    tags = [KeyValue(key="zone", value="eu")]
    request = StreamsGroupHeartbeatRequest(group_id="g", member_id="m", topology=topology, client_tags=tags)
    texts = [text for _, text in texts_of(request)]
    assert texts == [b"g", b"m", b"0", b"a", b"b", b"zone", b"eu"]


def test_ids_of_topics_are_no_texts() -> None:
    topic = OffsetCommitRequestTopic(topic_id=b"4111111111111111")
    assert list(texts_of(OffsetCommitRequest(topics=[topic]))) == []


def test_a_length_before_a_number_is_no_digit_of_it() -> None:
    assert list(readings(b"")) == []
    assert list(readings(b"\x00a")) == [b"\x00a"]
    assert list(readings(b"\x00Qmail")) == [b"\x00Qmail", b"\x00\x00mail"]
    assert list(readings(b"\x00\x00\x00\x3041111")) == [b"\x00\x00\x00\x3041111", b"\x00\x00\x00\x0041111"]
    assert list(readings(b"no0123")) == [b"no0123"]
