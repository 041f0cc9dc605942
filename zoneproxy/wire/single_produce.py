"""The commonest request of all: Produce with one batch for one partition, as a producer sends that waits for each.

To read it field by field takes longer than everything that is decided about it. So frames of exactly this shape are
read in one go; whatever differs in a single byte is left to the general way.
"""

from __future__ import annotations

from struct import Struct

from zoneproxy.wire.buffer import ZERO_UUID, Buffer
from zoneproxy.wire.messages.produce_request import PartitionProduceData, ProduceRequest, TopicProduceData

FLEXIBLE_FROM = 9
IDS_FROM = 13  # topics by id (KIP-516)

_BEFORE_TOPIC = Struct(">BhiB")  # no transactional id, acks, timeout, number of topics
_AFTER_TOPIC = Struct(">BiBB")  # number of partitions, index, the length of the records in one or two bytes
_WITH_ID = Struct(">BhiB16sBiBB")  # all of it
_ONE = 2  # a compact array of one
_END = b"\0\0\0"  # no tagged fields in partition, topic and request

_new_request = ProduceRequest.__new__
_new_topic = TopicProduceData.__new__
_new_partition = PartitionProduceData.__new__


def read_single_produce(frame: Buffer, at: int, version: int) -> ProduceRequest | None:
    """The body at ``at``, if all of the rest of ``frame`` has this shape; None: nothing is known about it yet.

    What is returned is what ``ProduceRequest.read`` returns, which then has nothing left over. Raises nothing.
    """
    end = len(frame) - len(_END)
    if version < FLEXIBLE_FROM or end - at < _WITH_ID.size:
        return None
    if version >= IDS_FROM:
        name = ""
        none, acks, timeout, topics, topic_id, partitions, index, size, high = _WITH_ID.unpack_from(frame, at)
        at += _WITH_ID.size
    else:
        none, acks, timeout, topics = _BEFORE_TOPIC.unpack_from(frame, at)
        at += _BEFORE_TOPIC.size
        length = frame[at]  # plus one; above 127 it has two bytes
        said = bytes(frame[at + 1 : at + length])
        at += length + _AFTER_TOPIC.size
        if not 0 < length < 0x80 or at > end or not said.isascii():
            return None
        name, topic_id = said.decode(), ZERO_UUID
        partitions, index, size, high = _AFTER_TOPIC.unpack_from(frame, at - _AFTER_TOPIC.size)
    if size < 0x80:
        at -= 1
    elif 0 < high < 0x80:
        size = size & 0x7F | high << 7
    else:
        return None
    if none or topics != _ONE or partitions != _ONE or not size or at + size - 1 != end or frame[end:] != _END:
        return None
    partition = _new_partition(PartitionProduceData)
    partition.index, partition.records, partition.unknown_tags = index, memoryview(frame)[at:end], ()
    topic = _new_topic(TopicProduceData)
    topic.name, topic.topic_id, topic.partition_data, topic.unknown_tags = name, topic_id, [partition], ()
    message = _new_request(ProduceRequest)
    message.transactional_id, message.acks, message.timeout_ms = None, acks, timeout
    message.topic_data, message.unknown_tags = [topic], ()
    return message
