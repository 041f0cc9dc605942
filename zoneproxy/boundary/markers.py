"""Control batches: the markers that a broker writes into a topic when a transaction ends.

They are no client's data and pass unscanned, so they have to be markers and nothing else.
"""

from __future__ import annotations

from struct import Struct

from zoneproxy.errors import ProtocolError
from zoneproxy.wire.batch import BatchHeader
from zoneproxy.wire.buffer import Buffer
from zoneproxy.wire.record import iter_records

_KEY = Struct(">hh")  # ControlRecordType: version, type
_VALUE = Struct(">hi")  # EndTxnMarker: version, coordinator epoch
_VERSION = 0
_ABORT, _COMMIT = 0, 1


def check_marker(header: BatchHeader, payload: Buffer) -> None:
    """The opened batch holds one well-formed end of a transaction, or nothing any more.

    Raises ProtocolError: ``control``, or what is wrong with the records themselves.
    """
    for record in iter_records(payload, header.records_count, header.last_offset_delta):
        if record.headers or not (_is_end(record.key) and _is_epoch(record.value)):
            raise ProtocolError("control")
    if header.records_count > 1 or header.codec:
        raise ProtocolError("control")


def _is_end(key: bytes | None) -> bool:
    return key is not None and len(key) == _KEY.size and _KEY.unpack(key) in ((_VERSION, _ABORT), (_VERSION, _COMMIT))


def _is_epoch(value: bytes | None) -> bool:
    return value is not None and len(value) == _VALUE.size and _VALUE.unpack(value)[0] == _VERSION
