"""The one batch of a produced partition: what Kafka and we accept of a producer before anybody opens it."""

from __future__ import annotations

from zoneproxy.boundary.cut import Refusal
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.batch import HEADER_SIZE, MAGIC, BatchHeader, read_header
from zoneproxy.wire.buffer import Buffer
from zoneproxy.wire.error_codes import ErrorCode

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
