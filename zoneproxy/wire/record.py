"""Records: the contents of an opened batch (KIP-82, KIP-98).

A record remembers where it stood, so that one that was not changed is written again as the very bytes it came in.
Parsing a record of 1 KiB takes 2 µs, so records are parsed only when something has to be done with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from zoneproxy.errors import ProtocolError
from zoneproxy.wire.buffer import Buffer
from zoneproxy.wire.give_way import RECORDS, give_way
from zoneproxy.wire.varint import BYTE, read_long_number, read_number, varint

Header = tuple[bytes, bytes | None]

MAX_HEADERS: Final = 1_000  # per record; Kafka knows no limit, its clients write a handful
MAX_LISTED: Final = 1 << 19  # records held at once: 100 MiB of objects
_MIN_RECORD: Final = 7  # bytes: seven fields of one byte
_MIN_HEADER: Final = 2  # bytes: an empty name, a null value
_ANY_OFFSET: Final = 0x7FFFFFFF
_NULL: Final = 1  # the zigzag form of -1, the length that says null
_NO_HEADERS: tuple[Header, ...] = ()


class Record:
    """One record. ``key``, ``value`` and ``headers`` may be set; the rest is the broker's and the producer's.

    A key or value of None is Kafka's null. ``timestamp_delta`` (ms) and ``offset_delta`` count from the batch's base;
    ``attributes`` are eight bits, none of them defined: 0. ``source[start:end]`` is the record as it was read; the span
    is empty if the record was made or changed here, and it will be encoded anew.
    """

    __slots__ = (
        "_headers", "_key", "_value", "attributes", "end", "offset_delta", "source", "start", "timestamp_delta",
    )  # fmt: skip

    def __init__(
        self,
        attributes: int,
        timestamp_delta: int,
        offset_delta: int,
        key: bytes | None,
        value: bytes | None,
        headers: Sequence[Header] = (),
        source: bytes = b"",
        start: int = 0,
        end: int = 0,
    ) -> None:
        self.attributes: Final = attributes
        self.timestamp_delta: Final = timestamp_delta
        self.offset_delta: Final = offset_delta
        self._key = key
        self._value = value
        self._headers = headers
        self.source: Final = source
        self.start: Final = start
        self.end = end

    @property
    def key(self) -> bytes | None:
        return self._key

    @key.setter
    def key(self, key: bytes | None) -> None:
        self._key = key
        self.end = self.start

    @property
    def value(self) -> bytes | None:
        return self._value

    @value.setter
    def value(self, value: bytes | None) -> None:
        self._value = value
        self.end = self.start

    @property
    def headers(self) -> Sequence[Header]:
        """Names and values in order; names may repeat. To be set as a whole: a change within would go unnoticed."""
        return self._headers

    @headers.setter
    def headers(self, headers: Sequence[Header]) -> None:
        self._headers = tuple(headers)
        self.end = self.start

    @property
    def changed(self) -> bool:
        """The record was made or changed here."""
        return self.start == self.end

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Record) and self._fields() == other._fields()

    __hash__ = None  # type: ignore[assignment]  # mutable

    def __repr__(self) -> str:
        return f"<Record +{self.offset_delta}, {len(self._headers)} headers>"

    def _fields(self) -> tuple[object, ...]:
        return self.attributes, self.timestamp_delta, self.offset_delta, self._key, self._value, tuple(self._headers)


def read_records(payload: Buffer, count: int, last_offset_delta: int = _ANY_OFFSET) -> list[Record]:
    """All records of an opened batch, at once.

    A record takes 200 bytes on top of its own, whatever its size; more than ``MAX_LISTED`` are refused with ``bomb``.
    ``iter_records`` needs no such bound. Raises ProtocolError as that does.
    """
    if count > MAX_LISTED:
        raise ProtocolError("bomb")
    return list(iter_records(payload, count, last_offset_delta))


def iter_records(  # noqa: C901 -- one loop: a call per number or field costs as much as the rest
    payload: Buffer, count: int, last_offset_delta: int = _ANY_OFFSET
) -> Iterator[Record]:
    """The ``count`` records of an opened batch, one by one; the last step proves that nothing follows them.

    Raises ProtocolError: ``count`` (cannot be), ``varint`` (not in its shortest form), ``truncated``, ``malformed``
    (lengths that do not agree, a null header name), ``attributes`` (undefined ones), ``headers`` (too many),
    ``offsets`` (deltas that do not rise, or pass ``last_offset_delta``), ``trailing`` (bytes behind the last record).
    """
    # A number is read in place if it is of one or two bytes, the second neither 0 (not the shortest form) nor one of
    # a longer number. ``number`` is the zigzag form: odd is negative, null if it is 1.
    data = payload if isinstance(payload, bytes) else bytes(payload)
    size = len(data)
    if not 0 <= count * _MIN_RECORD <= size:
        raise ProtocolError("count")
    pos = 0
    previous = -1
    try:
        for nth in range(count):
            if not nth & RECORDS:
                give_way()
            start = pos
            if (number := data[pos]) < 0x80:
                pos += 1
            elif 0 < (high := data[pos + 1]) < 0x80:
                number, pos = number & 0x7F | high << 7, pos + 2
            else:
                number, pos = read_number(data, pos)
            end = pos + (number >> 1)
            if number & 1:
                raise ProtocolError("malformed")
            if end > size:
                raise ProtocolError("truncated")

            if data[pos]:  # kafka-python reads them as a varint: from 0x80 on it would see another record
                raise ProtocolError("attributes")

            if (number := data[pos + 1]) < 0x80:
                pos += 2
            elif 0 < (high := data[pos + 2]) < 0x80:
                number, pos = number & 0x7F | high << 7, pos + 3
            else:
                number, pos = read_long_number(data, pos + 1)
            timestamp_delta = number >> 1 ^ -(number & 1)

            if (number := data[pos]) < 0x80:
                pos += 1
            elif 0 < (high := data[pos + 1]) < 0x80:
                number, pos = number & 0x7F | high << 7, pos + 2
            else:
                number, pos = read_number(data, pos)
            offset_delta = number >> 1
            if number & 1 or not previous < offset_delta <= last_offset_delta:
                raise ProtocolError("offsets")
            previous = offset_delta

            if (number := data[pos]) == _NULL:
                key, pos = None, pos + 1
            else:
                if number < 0x80:
                    pos += 1
                elif 0 < (high := data[pos + 1]) < 0x80:
                    number, pos = number & 0x7F | high << 7, pos + 2
                else:
                    number, pos = read_number(data, pos)
                after = pos + (number >> 1)
                if number & 1 or after > end:
                    raise ProtocolError("malformed")
                key, pos = data[pos:after], after

            if (number := data[pos]) == _NULL:
                value, pos = None, pos + 1
            else:
                if number < 0x80:
                    pos += 1
                elif 0 < (high := data[pos + 1]) < 0x80:
                    number, pos = number & 0x7F | high << 7, pos + 2
                else:
                    number, pos = read_number(data, pos)
                after = pos + (number >> 1)
                if number & 1 or after > end:
                    raise ProtocolError("malformed")
                value, pos = data[pos:after], after

            headers, pos = _read_headers(data, pos, end) if data[pos] else (_NO_HEADERS, pos + 1)
            if pos != end:
                raise ProtocolError("malformed")
            yield Record(0, timestamp_delta, offset_delta, key, value, headers, data, start, end)
    except IndexError:
        raise ProtocolError("truncated") from None
    if pos != size:
        raise ProtocolError("trailing")


def _read_headers(data: bytes, pos: int, end: int) -> tuple[tuple[Header, ...], int]:
    """The headers of a record that ends at ``end``, and the position behind them."""
    number, pos = read_number(data, pos)
    count = number >> 1
    if number & 1 or count * _MIN_HEADER > end - pos:
        raise ProtocolError("malformed")
    if count > MAX_HEADERS:
        raise ProtocolError("headers")
    headers: list[Header] = []
    for _ in range(count):
        name, pos = _read_bytes(data, pos, end)
        value, pos = _read_bytes(data, pos, end)
        if name is None:
            raise ProtocolError("malformed")
        headers.append((name, value))
    return tuple(headers), pos


def check_headers(data: bytes, pos: int, end: int) -> None:
    """From ``pos`` to ``end`` there are headers and nothing else. Raises ProtocolError as ``iter_records`` does."""
    if _read_headers(data, pos, end)[1] != end:
        raise ProtocolError("malformed")


def _read_bytes(data: bytes, pos: int, end: int) -> tuple[bytes | None, int]:
    """The bytes whose length stands at ``pos``, None for null, and the position behind them."""
    number, pos = read_number(data, pos)
    if number == _NULL:
        return None, pos
    after = pos + (number >> 1)
    if number & 1 or after > end:
        raise ProtocolError("malformed")
    return data[pos:after], after


def check_contiguous(records: Sequence[Record], last_offset_delta: int) -> None:
    """A producer's batch counts its records 0, 1, 2… to ``last_offset_delta``. Raises ProtocolError ``offsets``."""
    if last_offset_delta != len(records) - 1 or any(r.offset_delta != i for i, r in enumerate(records)):
        raise ProtocolError("offsets")


def write_records(records: Iterable[Record]) -> bytes:
    """The payload of a batch: unchanged records as the bytes they came in, runs of them in one piece."""
    pieces: list[Buffer] = []
    source, start, end = b"", 0, 0
    for record in records:
        if record.source is source and record.start == end and record.end > end:
            end = record.end
            continue
        if end > start:
            pieces.append(memoryview(source)[start:end])
        if record.end > record.start:
            source, start, end = record.source, record.start, record.end
        else:
            pieces.append(encoded(record))
            source, start, end = b"", 0, 0
    if end > start:
        pieces.append(memoryview(source)[start:end])
    return b"".join(pieces)


def encoded(record: Record) -> bytes:
    """A record as its fields say, whatever bytes it came in."""
    headers = record.headers
    pieces = [b"", BYTE[record.attributes], varint(record.timestamp_delta), varint(record.offset_delta)]
    _add_bytes(pieces, record.key)
    _add_bytes(pieces, record.value)
    pieces.append(varint(len(headers)))
    for name, value in headers:
        _add_bytes(pieces, name)
        _add_bytes(pieces, value)
    size = 0
    for piece in pieces:
        size += len(piece)
    pieces[0] = varint(size)
    return b"".join(pieces)


def _add_bytes(pieces: list[bytes], data: bytes | None) -> None:
    if data is None:
        pieces.append(_WRITTEN_NULL)
    else:
        pieces.append(varint(len(data)))
        pieces.append(data)


_WRITTEN_NULL: Final = varint(-1)
