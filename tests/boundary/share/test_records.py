from __future__ import annotations

import pytest

from tests.boundary.kit import batch
from tests.boundary.share.kit import ShareBroker, Through, asking, policy, topic_id
from zoneproxy.boundary.facts import Blocked, Transformed
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.batch import Whole, open_batch, walk
from zoneproxy.wire.compression import DecompressionLimits
from zoneproxy.wire.messages.share_fetch_response import (
    AcquiredRecords,
    PartitionData,
    ShareFetchableTopicResponse,
    ShareFetchResponse,
)
from zoneproxy.wire.record import read_records

REDACT = "[{name: f, from: payments, to: payments, topics: [a], controls: [{redact: {types: [EMAIL], with: mask}}]}]"
FIELD = "[{name: f, from: payments, to: payments, topics: [a], controls: [{redact: {field: $.x, with: mask}}]}]"
EMAIL = b"write to jane@example.com"


def delivered(flows: str, *values: bytes) -> tuple[list[bytes | None], Through, PartitionData]:
    """What a member is given of these records."""
    through = Through(ShareBroker(), policy("a", flows=flows))
    acquired = [AcquiredRecords(first_offset=0, last_offset=len(values) - 1, delivery_count=1)]
    data = PartitionData(records=batch(*values), acquired_records=acquired)
    topic = ShareFetchableTopicResponse(topic_id=topic_id("a"), partitions=[data])
    through.broker.fetch = lambda message: ShareFetchResponse(responses=[topic])  # type: ignore[method-assign]
    (seen,) = through(asking("a")).responses[0].partitions
    (entry,) = walk(seen.records)
    assert isinstance(entry, Whole)
    payload = open_batch(entry.view, entry.header, DecompressionLimits())
    return [record.value for record in read_records(payload, entry.header.records_count)], through, seen


def test_records_are_redacted_and_stay_acquired() -> None:
    values, through, seen = delivered(REDACT, EMAIL, b"clean")

    assert values[1:] == [b"clean"]
    assert b"jane" not in (values[0] or b"")
    assert seen.acquired_records == [AcquiredRecords(first_offset=0, last_offset=1, delivery_count=1)]
    assert [fact.count for fact in through.told if isinstance(fact, Transformed)] == [1]


def test_a_record_that_cannot_be_redacted_is_given_to_nobody() -> None:
    values, through, seen = delivered(FIELD, b"no json", b'{"x":"secret"}')

    assert len(values) == 1
    assert b"secret" not in (values[0] or b"")
    assert seen.acquired_records == [AcquiredRecords(first_offset=0, last_offset=1, delivery_count=1)]
    assert [fact.reason for fact in through.told if isinstance(fact, Blocked)] == ["unscannable"]


def test_records_of_a_topic_that_was_not_decided_on() -> None:
    through = Through(ShareBroker(), policy("a", flows=REDACT))
    topic = ShareFetchableTopicResponse(topic_id=topic_id("b"), partitions=[PartitionData(records=batch(b"x"))])
    through.broker.fetch = lambda message: ShareFetchResponse(responses=[topic])  # type: ignore[method-assign]

    with pytest.raises(ProtocolError, match="reply_mismatch"):
        through(asking("a"))
