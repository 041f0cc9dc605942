"""Control batches: the markers with which a broker ends a transaction (KIP-98).

Clients never see their records, but they do cross, so they must be markers and nothing else. Other kinds of control
records exist in the cluster's own metadata log only.
"""

from __future__ import annotations

from collections.abc import Sequence

from zoneproxy.errors import ProtocolError
from zoneproxy.wire.batch import BatchHeader
from zoneproxy.wire.record import Record

# Version 0, the only one, and the type: abort or commit.
_KEYS = (b"\x00\x00\x00\x00", b"\x00\x00\x00\x01")
_VALUE_VERSION = b"\x00\x00"
_VALUE_SIZE = 6  # the version and the coordinator's epoch


def check_control(header: BatchHeader, records: Sequence[Record]) -> None:
    """A control batch holds one end-of-transaction marker, or none any more, and no byte besides.

    Raises ProtocolError ``control``.
    """
    if not (header.is_control and header.is_transactional and len(records) <= 1):
        raise ProtocolError("control")
    for record in records:
        value = record.value or b""
        if record.key not in _KEYS or value[:2] != _VALUE_VERSION or len(value) != _VALUE_SIZE or record.headers:
            raise ProtocolError("control")
