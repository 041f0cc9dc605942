"""Record batches (KIP-98, magic 2): headers without their records, opening, and building again.

A ``records`` field is walked into whole batches of magic 2, message sets of the old magics 0 and 1, and an incomplete
batch at the end, which a broker may leave in a fetch. Offsets and lengths are checked, nothing is decompressed:

    for entry in walk(records):                          # 1.5 µs a batch
        payload = open_batch(entry.view, entry.header, limits)
        ...
        build_batch(entry.header, payload, count)

A batch that is not changed is forwarded as the bytes it came in, never rebuilt.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct
from typing import NamedTuple

from zoneproxy.errors import ProtocolError
from zoneproxy.wire.buffer import Buffer
from zoneproxy.wire.compression import DecompressionLimits, compress, decompress
from zoneproxy.wire.crc import crc32c

HEADER_SIZE = 61
MAGIC = 2

_HEADER = Struct(">qiibIhiqqqhii")
_BEFORE_CRC = Struct(">qiibI")
_AFTER_CRC = Struct(">hiqqqhii")
_LENGTH = Struct(">i")
_LENGTH_AT = 8
_MAGIC_AT = 16
_CRC_FROM = 21  # the checksum covers everything from the attributes on
_LOG_OVERHEAD = 12  # base offset and batch length, which the batch length does not count
_MIN_LENGTH = HEADER_SIZE - _LOG_OVERHEAD
_MIN_OLD_LENGTH = 14  # an empty message of magic 0

_CODEC = 0x07
_LOG_APPEND_TIME = 0x08
_TRANSACTIONAL = 0x10
_CONTROL = 0x20
_DELETE_HORIZON = 0x40
_KNOWN = 0x7F
_NOT_PRODUCED = 0xFFFF & ~_KNOWN | _DELETE_HORIZON | _CONTROL


class BatchHeader(NamedTuple):
    """The first 61 bytes of a batch. Timestamps are milliseconds since the epoch."""

    base_offset: int
    batch_length: int  # bytes after this field
    partition_leader_epoch: int
    magic: int
    crc: int
    attributes: int
    last_offset_delta: int
    base_timestamp: int  # or the delete horizon, see has_delete_horizon
    max_timestamp: int
    producer_id: int
    producer_epoch: int
    base_sequence: int
    records_count: int

    @property
    def codec(self) -> int:
        """A ``Codec``, or 5-7, which no one has defined."""
        return self.attributes & _CODEC

    @property
    def log_append_time(self) -> bool:
        """All records carry the broker's time, ``max_timestamp``."""
        return bool(self.attributes & _LOG_APPEND_TIME)

    @property
    def is_transactional(self) -> bool:
        return bool(self.attributes & _TRANSACTIONAL)

    @property
    def is_control(self) -> bool:
        """The batch holds a marker of the broker's, not a client's records."""
        return bool(self.attributes & _CONTROL)

    @property
    def has_delete_horizon(self) -> bool:
        """``base_timestamp`` says when tombstones may go (KIP-534)."""
        return bool(self.attributes & _DELETE_HORIZON)

    @property
    def unknown_attributes(self) -> int:
        """Attribute bits that this version of the protocol does not define."""
        return self.attributes & 0xFFFF & ~_KNOWN


@dataclass(slots=True)
class Whole:
    """A complete batch of magic 2, header included."""

    view: memoryview
    header: BatchHeader


@dataclass(slots=True)
class OldMagic:
    """A message of magic 0 or 1 (a compressed one holds more of them), never opened."""

    view: memoryview


@dataclass(slots=True)
class Incomplete:
    """The cut-off batch at the end of a fetched partition. Its length is whatever the fetcher asked for."""

    view: memoryview


Entry = Whole | OldMagic | Incomplete


def read_header(view: Buffer, at: int = 0) -> BatchHeader:
    """The header of the batch that begins at ``at``; ``view`` must hold 61 bytes from there on."""
    return tuple.__new__(BatchHeader, _HEADER.unpack_from(view, at))  # half the time of BatchHeader._make


def walk(records: Buffer) -> list[Entry]:
    """What a ``records`` field holds, in order; only the last entry can be Incomplete.

    Raises ProtocolError: ``magic`` (none of 0, 1, 2), ``length`` (too short for its magic).
    """
    return list(iter_batches(records))


def iter_batches(records: Buffer) -> Iterator[Entry]:
    """As ``walk``, one by one: small batches weigh ten times their bytes once they are in a list."""
    view = memoryview(records)
    pos, end = 0, len(view)
    while pos < end:
        entry = _entry(view[pos:end])
        yield entry
        pos += len(entry.view)


def _entry(rest: memoryview) -> Entry:
    """The entry at the start of ``rest``; what cannot be told yet is taken to be incomplete."""
    if len(rest) <= _MAGIC_AT:
        return Incomplete(rest)
    (length,) = _LENGTH.unpack_from(rest, _LENGTH_AT)
    magic = rest[_MAGIC_AT]
    if magic > MAGIC:
        raise ProtocolError("magic")
    if length < (_MIN_LENGTH if magic == MAGIC else _MIN_OLD_LENGTH):
        raise ProtocolError("length")
    size = _LOG_OVERHEAD + length
    if size > len(rest):
        return Incomplete(rest)
    if magic < MAGIC:
        return OldMagic(rest[:size])
    return Whole(rest[:size], read_header(rest))


def check_produced(header: BatchHeader) -> None:
    """What only a broker may write, and what Kafka refuses of a client, as far as the header shows it.

    Raises ProtocolError: ``attributes`` (undefined bits, or a delete horizon), ``control``, ``count`` (none, or not
    what the offsets say), ``sequence`` (a producer id without a sequence).
    """
    if header.attributes & _NOT_PRODUCED:
        raise ProtocolError("control" if header.attributes & _NOT_PRODUCED == _CONTROL else "attributes")
    if header.records_count <= 0 or header.records_count != header.last_offset_delta + 1:
        raise ProtocolError("count")
    if header.producer_id >= 0 and (header.base_sequence < 0 or header.producer_epoch < 0):
        raise ProtocolError("sequence")


def open_batch(view: Buffer, header: BatchHeader, limits: DecompressionLimits) -> Buffer:
    """The uncompressed records of a whole batch, its checksum proved. Of an uncompressed batch it is a view.

    Raises ProtocolError: ``crc``, ``codec`` (unknown), ``bomb`` (over the limits), ``truncated``, ``malformed``.
    """
    batch = memoryview(view)
    if crc32c(batch[_CRC_FROM:]) != header.crc:
        raise ProtocolError("crc")
    return decompress(header.codec, batch[HEADER_SIZE:], limits)


def build_batch(header: BatchHeader, payload: Buffer, count: int) -> bytes:
    """A batch like the one ``header`` is from, with the records ``payload`` (uncompressed, ``count`` of them).

    Offsets, timestamps, producer data, attributes and codec are kept; lengths, checksum and count are new.
    """
    return _assemble(header, compress(header.codec, payload), count)


def empty_batch(header: BatchHeader) -> bytes:
    """The batch without its records: it keeps its place in offsets, sequences and transactions.

    Uncompressed, as librdkafka decompresses even an empty batch.
    """
    return _assemble(header._replace(attributes=header.attributes & ~_CODEC), b"", 0)


def _assemble(header: BatchHeader, section: Buffer, count: int) -> bytes:
    covered = _AFTER_CRC.pack(*header[5:12], count)
    crc = crc32c(section, crc32c(covered))
    start = _BEFORE_CRC.pack(header[0], _MIN_LENGTH + len(section), header[2], header[3], crc)
    return b"".join((start, covered, section))
