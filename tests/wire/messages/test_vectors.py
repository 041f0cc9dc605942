"""Every API and version against what Kafka's own classes wrote."""

from __future__ import annotations

import pytest

from tests.wire.messages.vectors import Vector, by_message, differences, load_vectors, of_apis
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.messages.consumer_protocol_assignment import ConsumerProtocolAssignment
from zoneproxy.wire.messages.consumer_protocol_subscription import ConsumerProtocolSubscription
from zoneproxy.wire.messages.registry import APIS
from zoneproxy.wire.reader import Reader
from zoneproxy.wire.writer import Writer

MESSAGES = by_message()
REQUESTS = [name for name in MESSAGES if name.endswith("request")]


def test_vectors_cover_every_api_and_version() -> None:
    expected = {
        (key, version, kind)
        for key, api in APIS.items()
        for version in range(api.min_version, api.max_version + 1)
        for kind in ("request", "response")
    }
    assert {(v.key, v.version, v.kind) for v in of_apis()} == expected


@pytest.mark.parametrize("name", MESSAGES)
def test_messages_are_read_and_written_as_kafka_does(name: str) -> None:
    for vector in MESSAGES[name]:
        decoded = vector.decode(vector.frame)
        assert differences(decoded.message, vector.fields) == [], vector
        assert decoded.trailing == 0, vector
        assert decoded.exact is not decoded.unknown_tags, vector
        if decoded.unknown_tags:
            assert vector.variant == "unknown_tags", vector
        else:
            assert vector.encode(decoded.message, vector.frame) == vector.frame, vector


@pytest.mark.parametrize("name", MESSAGES)
def test_a_body_with_unknown_tags_is_written_as_it_was(name: str) -> None:
    for vector in MESSAGES[name]:
        w = Writer()
        vector.decode(vector.frame).message.write(w, vector.version)
        assert vector.frame.endswith(w.getvalue()), vector


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_is_encoded_without_unknown_tags(name: str) -> None:
    for vector in MESSAGES[name]:
        encoded = vector.encode(vector.decode(vector.frame).message, vector.frame)
        assert vector.decode(encoded).exact, vector


@pytest.mark.parametrize("name", MESSAGES)
def test_a_frame_that_lacks_its_last_byte_is_refused(name: str) -> None:
    for vector in MESSAGES[name]:
        with pytest.raises(ProtocolError):
            vector.decode(vector.frame[:-1])


@pytest.mark.parametrize("name", MESSAGES)
def test_trailing_bytes_are_counted_and_not_written(name: str) -> None:
    for vector in MESSAGES[name]:
        whole, longer = vector.decode(vector.frame), vector.decode(vector.frame + b"\x00\x01\x02")
        assert (longer.trailing, longer.exact) == (3, False), vector
        assert longer.message == whole.message, vector


@pytest.mark.parametrize("vector", [v for v in load_vectors() if v.kind == "data"], ids=str)
def test_consumer_protocol_is_read_and_written_as_kafka_does(vector: Vector) -> None:
    types = {t.__name__: t for t in (ConsumerProtocolAssignment, ConsumerProtocolSubscription)}
    raw = bytes.fromhex(vector.hex)
    r, w = Reader(raw), Writer()
    message = types[vector.api].read(r, vector.version)
    message.write(w, vector.version)
    assert differences(message, vector.fields) == []
    assert (w.getvalue(), r.remaining) == (raw, 0)
