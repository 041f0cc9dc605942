"""The one batch of a produced partition: what Kafka and we accept of a producer before anybody opens it."""

from __future__ import annotations

from zoneproxy.boundary.cut import Refusal
from zoneproxy.boundary.holes import Sequenced
from zoneproxy.boundary.interceptor import Context
from zoneproxy.boundary.topics import MAX_NAME_LENGTH
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.batch import HEADER_SIZE, MAGIC, BatchHeader, read_header
from zoneproxy.wire.buffer import Buffer
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.produce_request import PartitionProduceData, TopicProduceData

IDS_FROM_VERSION = 13  # of Produce (KIP-516)
ZSTD_FROM_VERSION = 7  # of Produce (KIP-110)
_LOG_OVERHEAD = 12  # base offset and batch length, which the batch length does not count

INVALID = Refusal(ErrorCode.INVALID_RECORD, "A partition must hold exactly one record batch as a producer may send it.")
CODEC = Refusal(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE)
OUT_OF_ORDER = Refusal(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER)


def only_batch(records: Buffer | None) -> BatchHeader:
    """The header of the one batch that ``records`` is.

    Raises ProtocolError (``batches``) if it is not exactly one, whole and of magic 2.
    """
    if records is None or len(records) < HEADER_SIZE:
        raise ProtocolError("batches")
    header = read_header(records)
    if header.magic != MAGIC or header.batch_length + _LOG_OVERHEAD != len(records):
        raise ProtocolError("batches")
    return header


def sequenced(topic: TopicProduceData, partition: int, header: BatchHeader, ctx: Context) -> Sequenced | None:
    """Where a batch stands, if its producer is idempotent and there can be such a topic."""
    if header.producer_id < 0 or header.base_sequence < 0 or len(topic.name) > MAX_NAME_LENGTH:
        return None
    name = _on_upstream(topic.name, ctx) if ctx.header.api_version < IDS_FROM_VERSION else topic.topic_id.hex()
    principal = ctx.session.principal.name
    return Sequenced(header.producer_id, header.producer_epoch, name, partition, header.base_sequence, principal)


def _on_upstream(topic: str, ctx: Context) -> str:
    """The topic's name where the producer's sequences are kept, which zones may share."""
    namespace = ctx.session.namespace
    return topic if namespace is None else namespace.physical(topic)


def note_hole(topic: TopicProduceData, data: PartitionProduceData, ctx: Context) -> None:
    """A partition is refused before anybody looked at its records."""
    try:
        batch = sequenced(topic, data.index, only_batch(data.records), ctx)
    except ProtocolError:
        return
    if batch is not None:
        ctx.session.holes.note(batch)
