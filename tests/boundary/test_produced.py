from __future__ import annotations

import pytest

from tests.boundary.kit import batch
from zoneproxy.boundary.produced import only_batch
from zoneproxy.errors import ProtocolError


def test_one_batch_is_what_a_partition_holds() -> None:
    records = batch(b"one", b"two", producer_id=7, epoch=1, sequence=5)
    header = only_batch(records)

    assert (header.producer_id, header.base_sequence, header.records_count) == (7, 5, 2)


@pytest.mark.parametrize(
    "records",
    [
        None,
        b"",
        batch(b"v")[:60],
        batch(b"v")[:-1],
        batch(b"v") + b"\x00",
        batch(b"v") + batch(b"v"),
        batch(b"v")[:16] + b"\x01" + batch(b"v")[17:],
        batch(b"v")[:16] + b"\x03" + batch(b"v")[17:],
        batch(b"v")[:8] + b"\xff\xff\xff\xff" + batch(b"v")[12:],
        batch(b"v")[:8] + b"\x7f\xff\xff\xff" + batch(b"v")[12:],
    ],
)
def test_anything_else_is_refused(records: bytes | None) -> None:
    with pytest.raises(ProtocolError, match="batches"):
        only_batch(records)
