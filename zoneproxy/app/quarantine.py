"""``zoneproxy quarantine``: what is in sealed copies, for who has the private key."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

from zoneproxy.errors import InvalidConfiguration, Problem, ProtocolError
from zoneproxy.keys.sealing import NotSealed, Opened, load_opener, open_sealed, sealed_in
from zoneproxy.wire.batch import Whole, open_batch, walk
from zoneproxy.wire.compression import DecompressionLimits
from zoneproxy.wire.record import Record, read_records

_HINT = "the values of records of a quarantine topic, as they are, and the private key of that zone's quarantine"


def opened(data: bytes, name: str, key_file: Path) -> Iterator[dict[str, object]]:
    """Each record of each sealed copy in ``data``, as it is to be printed. ``name`` is where ``data`` is from.

    Raises InvalidConfiguration: the key cannot be used, or ``data`` holds something else or for another key.
    """
    key = load_opener(key_file)
    done = 0
    try:
        for sealed in sealed_in(data):
            yield from _records(open_sealed(sealed, key))
            done += 1
    except (NotSealed, ProtocolError):
        message = f"no sealed copy for this key behind the first {done}" if done else "no sealed copy for this key"
        raise InvalidConfiguration([Problem(name, 0, 0, message, _HINT)]) from None


def _records(copy: Opened) -> Iterator[dict[str, object]]:
    for entry in walk(copy.batch):
        if not isinstance(entry, Whole):
            raise ProtocolError("truncated")
        header = entry.header
        payload = open_batch(entry.view, header, DecompressionLimits())
        for record in read_records(payload, header.records_count, header.last_offset_delta):
            offset = {"offset": header.base_offset + record.offset_delta} if copy.why.get("side") == "fetch" else {}
            time = header.base_timestamp + record.timestamp_delta
            yield {"why": copy.why, "index": record.offset_delta, **offset, "timestamp": time, **_content(record)}


def _content(record: Record) -> dict[str, object]:
    headers = [[_shown(name), _shown(value)] for name, value in record.headers]
    return {"key": _shown(record.key), "value": _shown(record.value), "headers": headers}


def _shown(data: bytes | None) -> object:
    """Text as it is; what is none in base64."""
    if data is None:
        return None
    try:
        return data.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}
