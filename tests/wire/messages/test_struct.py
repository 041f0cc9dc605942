from __future__ import annotations

import pytest

from zoneproxy.wire.messages.alter_configs_request import AlterableConfig
from zoneproxy.wire.messages.heartbeat_request import HeartbeatRequest
from zoneproxy.wire.messages.metadata_request import MetadataRequest
from zoneproxy.wire.messages.produce_request import PartitionProduceData, ProduceRequest, TopicProduceData
from zoneproxy.wire.messages.sasl_authenticate_request import SaslAuthenticateRequest

SECRET = "hunter2"


def test_structs_are_equal_if_all_their_fields_are() -> None:
    one = HeartbeatRequest(group_id="a", generation_id=1)
    assert one == HeartbeatRequest(group_id="a", generation_id=1)
    assert one != HeartbeatRequest(group_id="a", generation_id=2)
    assert one != HeartbeatRequest(group_id="a", generation_id=1, unknown_tags=((1, b""),))


def test_structs_of_different_classes_are_not_equal() -> None:
    assert MetadataRequest() != HeartbeatRequest()
    assert HeartbeatRequest() != "a"


def test_records_are_compared_by_their_bytes() -> None:
    assert PartitionProduceData(records=memoryview(b"ab")) == PartitionProduceData(records=b"ab")


def test_structs_cannot_be_hashed() -> None:
    with pytest.raises(TypeError):
        hash(HeartbeatRequest())


def test_structs_have_no_other_fields() -> None:
    with pytest.raises(AttributeError):
        HeartbeatRequest().more = 1  # type: ignore[attr-defined]


def test_lists_are_not_shared() -> None:
    MetadataRequest().topics.append(None)  # type: ignore[union-attr, arg-type]
    assert MetadataRequest().topics == []


def test_a_struct_shows_its_fields_but_no_payload() -> None:
    partition = PartitionProduceData(records=memoryview(SECRET.encode()), unknown_tags=((1, SECRET.encode()),))
    message = ProduceRequest(acks=-1, topic_data=[TopicProduceData(name="payments", partition_data=[partition])])
    shown = repr(message)
    assert "acks=-1" in shown
    assert "name='payments'" in shown
    assert "records=<7 bytes>, unknown_tags=<1 tags>" in shown
    assert SECRET not in shown


def test_secrets_in_other_fields_are_not_shown_either() -> None:
    assert SECRET not in repr(SaslAuthenticateRequest(auth_bytes=SECRET.encode()))
    assert "name='ssl.key.password', value=<7 characters>" in repr(
        AlterableConfig(name="ssl.key.password", value=SECRET)
    )
