from __future__ import annotations

import pytest

from tests.wire.batch_oracles import header, load_vectors, only, records_of
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.control import check_control
from zoneproxy.wire.record import Record

JAVA = load_vectors()
TRANSACTIONAL, CONTROL = 0x10, 0x20
MARKERS = header(attributes=TRANSACTIONAL | CONTROL)
COMMIT, ABORT = b"\x00\x00\x00\x01", b"\x00\x00\x00\x00"
EPOCH = b"\x00\x00" + b"\x00\x00\x00\x0c"


@pytest.mark.parametrize("name", ["commit", "abort"])
def test_markers_of_java_pass(name):
    check_control(only(JAVA[name].data).header, records_of(JAVA[name].data))


def test_an_emptied_batch_passes():
    check_control(MARKERS, [])


@pytest.mark.parametrize(
    "records",
    [
        [Record(0, 0, 0, COMMIT, EPOCH), Record(0, 0, 1, COMMIT, EPOCH)],
        [Record(0, 0, 0, None, EPOCH)],
        [Record(0, 0, 0, b"", EPOCH)],
        [Record(0, 0, 0, b"\x00\x00\x00\x02", EPOCH)],  # a leader change
        [Record(0, 0, 0, b"\x00\x01\x00\x01", EPOCH)],
        [Record(0, 0, 0, COMMIT + b"\x00", EPOCH)],
        [Record(0, 0, 0, ABORT, None)],
        [Record(0, 0, 0, ABORT, b"")],
        [Record(0, 0, 0, ABORT, b"\x00\x01" + EPOCH[2:])],
        [Record(0, 0, 0, ABORT, EPOCH[:-1])],
        [Record(0, 0, 0, ABORT, EPOCH + b"x")],
        [Record(0, 0, 0, COMMIT, EPOCH, ((b"name", b"value"),))],
    ],
)
def test_anything_else_is_refused(records):
    with pytest.raises(ProtocolError, match="control"):
        check_control(MARKERS, records)


@pytest.mark.parametrize("attributes", [0, TRANSACTIONAL, CONTROL])
def test_markers_stand_in_transactional_control_batches_only(attributes):
    with pytest.raises(ProtocolError, match="control"):
        check_control(header(attributes=attributes), [Record(0, 0, 0, COMMIT, EPOCH)])
