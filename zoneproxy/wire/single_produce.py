"""The commonest request of all: Produce with one batch for one partition, as a producer sends that waits for each.

To read it field by field takes longer than everything that is decided about it. So frames of exactly this shape are
read in one go; whatever differs in a single byte is left to the general way.
"""

from __future__ import annotations

from struct import Struct

from zoneproxy.wire.batch import HEADER_SIZE, MAGIC, BatchHeader, read_header
from zoneproxy.wire.buffer import ZERO_UUID, Buffer
from zoneproxy.wire.messages.produce_request import PartitionProduceData, ProduceRequest, TopicProduceData

FLEXIBLE_FROM = 9
IDS_FROM = 13  # topics by id (KIP-516)

_BEFORE_TOPIC = Struct(">BhiB")  # no transactional id, acks, timeout, number of topics
_AFTER_TOPIC = Struct(">BiBB")  # number of partitions, index, the length of the records in one or two bytes
_WITH_ID = Struct(">BhiB16sBiBB")  # all of it
_ONE = 2  # a compact array of one
_END = b"\0\0\0"  # no tagged fields in partition, topic and request
_KEY, _VERSION, _CLIENT_ID = 4, 7, 14  # where they stand in a frame
_TOPIC = 9  # bytes between client id and topic: no tags, no transactional id, acks, timeout, number of topics
_ID = 16  # bytes
_LEAST = _CLIENT_ID + _TOPIC
_INDEX = 4  # bytes, before the length of the records
_LOG_OVERHEAD = 12  # base offset and batch length, which the batch length does not count

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


def index_at(frame: Buffer) -> int:
    """Where the partition's index stands in a whole frame of this shape, header included.

    0 or any other place if it has another shape. Raises nothing.
    """
    if len(frame) < _LEAST or frame[_KEY] or frame[_KEY + 1]:  # the key of Produce is 0
        return 0
    topic = _CLIENT_ID + (frame[_CLIENT_ID - 2] << 8 | frame[_CLIENT_ID - 1]) + _TOPIC
    if frame[_VERSION] >= IDS_FROM:
        return topic + _ID + 1
    return topic + frame[topic] + 1 if topic < len(frame) else 0


def index_before(frame: Buffer, records: Buffer) -> int:
    """Where the partition's index stands in a frame of this shape that ends in ``records``."""
    length = 1 if len(records) + 1 < 0x80 else 2
    return len(frame) - len(_END) - len(records) - length - _INDEX


def read_single_batch(frame: Buffer, at: int) -> BatchHeader | None:
    """The header of the batch that is all there is from the partition's index at ``at`` on, but for the end.

    None: it has another shape, or is no batch of magic 2 that holds anything. Raises nothing.
    """
    end = len(frame) - len(_END)
    start = at + _INDEX + 1
    if at < 0 or end - start <= HEADER_SIZE:  # so there is a header behind a length of two bytes, too
        return None
    size = frame[start - 1]
    if size >= 0x80:
        high = frame[start]
        start += 1
        size = size & 0x7F | high << 7 if 0 < high < 0x80 else 0
    if start + size - 1 != end or frame[end:] != _END:
        return None
    header = read_header(frame, start)
    return header if header.magic == MAGIC and header.batch_length + _LOG_OVERHEAD == end - start else None
