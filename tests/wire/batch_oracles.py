"""Record batches as others write and read them: kafka-python, aiokafka, and Kafka's own Java classes.

All of them are brought to one form, ``Plain``: absolute offset and timestamp, bytes, None for null.
"""

from __future__ import annotations

import base64
import gzip
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import aiokafka.record.default_records
import aiokafka.record.memory_records
import kafka.record.memory_records

from zoneproxy.wire.batch import BatchHeader, Whole, open_batch, walk
from zoneproxy.wire.compression import DecompressionLimits
from zoneproxy.wire.record import Record, read_records

VECTORS = Path(__file__).with_name("batch_vectors.json.gz")
PROGRAM = Path(__file__).with_name("java") / "BatchVectors.java"
LIMITS = DecompressionLimits()
CODECS = {"none": 0, "gzip": 1, "snappy": 2, "lz4": 3, "zstd": 4}


class Plain(NamedTuple):
    """One record, whoever read it."""

    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[bytes, bytes | None], ...] = ()


def header(**fields: int) -> BatchHeader:
    """A header like a producer's, with some fields set."""
    start = BatchHeader(0, 49, -1, 2, 0, 0, 0, 1_700_000_000_000, 1_700_000_000_000, -1, -1, -1, 0)
    return start._replace(**fields)


def only(data: bytes | bytearray | memoryview) -> Whole:
    """The one batch that ``data`` holds."""
    (entry,) = walk(data)
    assert isinstance(entry, Whole)
    return entry


def records_of(data: bytes | bytearray | memoryview) -> list[Record]:
    batch = only(data)
    payload = open_batch(batch.view, batch.header, LIMITS)
    return read_records(payload, batch.header.records_count, batch.header.last_offset_delta)


def read_by_us(data: bytes | bytearray | memoryview) -> list[Plain]:
    head = only(data).header
    return [plain(head, record) for record in records_of(data)]


def plain(head: BatchHeader, record: Record) -> Plain:
    timestamp = head.max_timestamp if head.log_append_time else head.base_timestamp + record.timestamp_delta
    return Plain(head.base_offset + record.offset_delta, timestamp, record.key, record.value, tuple(record.headers))


# --- the Python clients --------------------------------------------------------------------------------------


def written_by_kafka_python(codec: int, records: list[Plain], **producer: Any) -> bytes:
    builder = kafka.record.memory_records.MemoryRecordsBuilder(2, codec, 1 << 30, **producer)
    for record in records:
        assert builder.append(record.timestamp, record.key, record.value, _text_headers(record))
    builder.close()
    return bytes(builder.buffer())


def read_by_kafka_python(data: bytes) -> list[Plain]:
    (batch,) = kafka.record.memory_records.MemoryRecords(data)
    assert batch.validate_crc()
    return [_plain(record) for record in batch]


def written_by_aiokafka(codec: int, records: list[Plain]) -> bytes:
    builder = aiokafka.record.default_records.DefaultRecordBatchBuilder(
        magic=2,
        compression_type=codec,
        is_transactional=0,
        producer_id=-1,
        producer_epoch=-1,
        base_sequence=-1,
        batch_size=1 << 30,
    )
    for record in records:
        assert builder.append(record.offset, record.timestamp, record.key, record.value, _text_headers(record))
    return bytes(builder.build())


def read_by_aiokafka(data: bytes) -> list[Plain]:
    memory = aiokafka.record.memory_records.MemoryRecords(data)
    batch = memory.next_batch()
    assert batch is not None
    assert batch.validate_crc()
    return [_plain(record) for record in batch]


def _text_headers(record: Plain) -> list[tuple[str, bytes | None]]:
    return [(name.decode(), value) for name, value in record.headers]


def _plain(record: Any) -> Plain:
    headers = tuple((name.encode(), value) for name, value in record.headers)
    return Plain(record.offset, record.timestamp, record.key, record.value, headers)


# --- Java ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Vector:
    """A batch, and what Java reads in it. ``header`` is in the order of BatchVectors.java."""

    name: str
    data: bytes
    header: tuple[str, ...]
    records: tuple[Plain, ...]


def run_java(java: str, classpath: str, mode: str, batches: list[bytes] | None = None) -> list[Vector | str]:
    """Let Kafka's own classes write the vectors, or read ``batches``; a word for each one that they refuse."""
    lines = "".join(base64.b64encode(batch).decode() + "\n" for batch in batches or [])
    command = [java, "-XX:TieredStopAtLevel=1", "-cp", classpath, str(PROGRAM), mode]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    return _parse(done.stdout)


def _parse(text: str) -> list[Vector | str]:
    found: list[Vector | str] = []
    for line in text.splitlines():
        kind, *words = line.split(" ")
        if kind == "error":
            found.append(words[0])
        elif kind == "batch":
            data = _bytes(words[1])
            assert data is not None
            found.append(Vector(words[0], data, tuple(words[2].split(",")), ()))
        else:
            last = found[-1]
            assert isinstance(last, Vector)
            found[-1] = Vector(last.name, last.data, last.header, (*last.records, _record(words)))
    return found


def _record(words: list[str]) -> Plain:
    offset, timestamp, key, value, *headers = words
    pairs = []
    for header_ in headers:
        name, _, content = header_.partition("=")
        pairs.append((_bytes(name) or b"", _bytes(content)))
    return Plain(int(offset), int(timestamp), _bytes(key), _bytes(value), tuple(pairs))


def _bytes(word: str) -> bytes | None:
    if word == "-":
        return None
    return base64.urlsafe_b64decode(word[1:] + "=" * (-len(word[1:]) % 4))


def _word(data: bytes | None) -> str:
    return "-" if data is None else "." + base64.urlsafe_b64encode(data).decode().rstrip("=")


def save_vectors(vectors: list[Vector]) -> None:
    """Write the committed file, the same bytes for the same vectors."""
    rows = [
        {
            "name": v.name,
            "data": _word(v.data),
            "header": v.header,
            "records": [
                [r.offset, r.timestamp, _word(r.key), _word(r.value), [[_word(n), _word(c)] for n, c in r.headers]]
                for r in v.records
            ],
        }
        for v in vectors
    ]
    VECTORS.write_bytes(gzip.compress(json.dumps(rows, indent=0).encode(), mtime=0))


def load_vectors() -> dict[str, Vector]:
    """Batches written by Kafka's own Java classes, by name."""
    found = {}
    for row in json.loads(gzip.decompress(VECTORS.read_bytes())):
        records = tuple(
            Plain(o, t, _bytes(k), _bytes(v), tuple((_bytes(n) or b"", _bytes(c)) for n, c in headers))
            for o, t, k, v, headers in row["records"]
        )
        found[row["name"]] = Vector(row["name"], _bytes(row["data"]) or b"", tuple(row["header"]), records)
    return found
