"""One batch of our own to one partition, waited for until all of its replicas have it (acks=all)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from zoneproxy.net.asking import UpstreamError
from zoneproxy.net.publishing.rooms import highest
from zoneproxy.wire.batch import MAGIC, BatchHeader, build_batch
from zoneproxy.wire.codec import decode_response
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.produce_request import PartitionProduceData, ProduceRequest, TopicProduceData
from zoneproxy.wire.messages.produce_response import ProduceResponse
from zoneproxy.wire.record import Record, write_records

if TYPE_CHECKING:
    from zoneproxy.net.publishing.outbox import Outgoing
    from zoneproxy.net.upstream import Dialled

ALL_REPLICAS = -1
NAMES_UNTIL = 12  # Produce: later versions name topics by id (KIP-516)
_NOBODY = -1  # no producer id, epoch or sequence: written at least once

_TOO_LARGE = frozenset({ErrorCode.MESSAGE_TOO_LARGE, ErrorCode.RECORD_LIST_TOO_LARGE})
_NEVER = frozenset({ErrorCode.INVALID_RECORD, ErrorCode.POLICY_VIOLATION, ErrorCode.INVALID_TIMESTAMP})


class TooLarge(Exception):
    """The batch is larger than the topic takes."""


class Refused(Exception):
    """What is in the batch is refused, and will be each time."""


def batch_of(records: Sequence[Outgoing]) -> bytes:
    """A record batch. ``records`` must not be empty; what is to be sealed is sealed in here."""
    times = [record.timestamp for record in records]
    last, base = len(records) - 1, times[0]
    payload = write_records(
        Record(0, record.timestamp - base, offset, None, _value(record), record.headers)
        for offset, record in enumerate(records)
    )
    header = BatchHeader(0, 0, -1, MAGIC, 0, 0, last, base, max(times), _NOBODY, _NOBODY, _NOBODY, len(records))
    return build_batch(header, payload, len(records))


def _value(record: Outgoing) -> bytes:
    return record.value if record.seal is None else record.seal(record.value)


async def produce(topic: str, partition: int, batch: bytes, dialled: Dialled, seconds: float) -> None:
    """Write it. There is no deadline in here but the broker's own, ``seconds``.

    Raises TooLarge and Refused; UpstreamError for what may be otherwise the next time; ProtocolError.
    """
    version = highest(ProduceRequest.API_KEY, NAMES_UNTIL, dialled.versions)
    if version < ProduceRequest.MIN_VERSION:
        raise UpstreamError("produce_version")
    data = TopicProduceData(name=topic, partition_data=[PartitionProduceData(index=partition, records=batch)])
    question = ProduceRequest(acks=ALL_REPLICAS, timeout_ms=int(seconds * 1000), topic_data=[data])
    frame = await dialled.asker.ask(question, version)
    answer = decode_response(frame, ProduceRequest.API_KEY, version).message
    assert isinstance(answer, ProduceResponse)
    _check(_error(topic, partition, answer))


def _error(topic: str, partition: int, answer: ProduceResponse) -> int:
    """The error code of the one partition. Raises UpstreamError (``produce_reply``) for any other answer."""
    places = [(each.name, part.index) for each in answer.responses for part in each.partition_responses]
    if places != [(topic, partition)]:
        raise UpstreamError("produce_reply")
    return answer.responses[0].partition_responses[0].error_code


def _check(error: int) -> None:
    if error == ErrorCode.NONE:
        return
    if error in _TOO_LARGE:
        raise TooLarge
    if error in _NEVER:
        raise Refused
    raise UpstreamError(_WORDS.get(error, "produce_error"))


_WORDS: dict[int, str] = {
    ErrorCode.TOPIC_AUTHORIZATION_FAILED: "topic_authorization",
    ErrorCode.NOT_LEADER_OR_FOLLOWER: "not_leader",
    ErrorCode.UNKNOWN_TOPIC_OR_PARTITION: "no_topic",
    ErrorCode.NOT_ENOUGH_REPLICAS: "replicas",
    ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND: "replicas",
    ErrorCode.REQUEST_TIMED_OUT: "timeout",
}
