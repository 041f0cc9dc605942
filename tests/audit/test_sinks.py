"""No sink has the value: whatever is found, wherever, and whatever is done about it."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from prometheus_client import generate_latest

from tests.boundary.kit import POLICY, answered, chain, context, finish, read_again
from zoneproxy.audit.violations import Violations
from zoneproxy.boundary.interceptor import Context
from zoneproxy.keys.sealing import Seal
from zoneproxy.net.observer import Connection, NullObserver
from zoneproxy.net.publishing.outbox import Outgoing
from zoneproxy.net.publishing.reporter import Events, Reporter, Vault
from zoneproxy.telemetry.health import Health
from zoneproxy.telemetry.log import make_logger
from zoneproxy.telemetry.metrics import Metrics
from zoneproxy.telemetry.observer import TelemetryObserver
from zoneproxy.wire.batch import BatchHeader, build_batch
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.produce_request import PartitionProduceData, ProduceRequest, TopicProduceData
from zoneproxy.wire.record import Record, write_records

CANARY = "-".join(("4111", "1111", "1111", "1111"))
CARD = CANARY.encode()
FORMS = [CANARY, CANARY.replace("-", ""), CANARY[:9], CANARY[-9:], CARD.hex()]
CONNECTION = Connection(number=7, listener="payments", zone="payments", host="10.0.0.9", node=2, principal="clerk")
PLACES = {
    "value": Record(0, 0, 0, None, b'{"note":"' + CARD + b'"}'),
    "text": Record(0, 0, 0, None, b"note: " + CARD),
    "key": Record(0, 0, 0, CARD, b"{}"),
    "header name": Record(0, 0, 0, None, b"{}", ((CARD, b"x"),)),
    "header value": Record(0, 0, 0, None, b"{}", ((b"note", CARD),)),
}


@dataclass
class Written:
    """What a publisher was given."""

    name: str = "sink"
    records: list[Outgoing] = field(default_factory=list)

    def refusal(self, size: int = 0) -> str:
        return ""

    def put(self, record: Outgoing) -> bool:
        self.records.append(record)
        return True


def batch(record: Record) -> bytes:
    header = BatchHeader(0, 0, -1, 2, 0, 0, 0, 1_790_000_000_000, 1_790_000_000_000, -1, -1, -1, 1)
    return build_batch(header, write_records([record]), 1)


def told(ctx: Context) -> list[str]:
    """All that anybody is told about the request."""
    metrics, out = Metrics("1"), io.StringIO()
    observer = TelemetryObserver(metrics, make_logger("debug", "json", out), Health())
    events: Any = Written()
    copies: Any = Written()
    vault = Vault(Seal(X25519PrivateKey.generate().public_key()), copies)
    actions = {"alert", "redact", "block", "quarantine"}
    reporter = Reporter(Events(Violations("i"), events, actions), {"payments": vault}, NullObserver(), lambda: 1000.0)
    facts = [repr(ctx.facts), repr(ctx.kept)]
    observer.facts(CONNECTION, ctx.header.api_key, ctx.facts)
    reporter.report(ctx.facts, CONNECTION, ctx)
    assert events.records
    written = [repr((_written(record), record.headers)) for record in (*events.records, *copies.records)]
    return [*facts, *written, out.getvalue(), generate_latest(metrics.registry).decode()]


def _written(record: Outgoing) -> bytes:
    return record.seal(record.value) if record.seal else record.value


@pytest.mark.parametrize("observe", [False, True], ids=["enforced", "observed"])
@pytest.mark.parametrize("action", ["alert", "redact", "block", "quarantine"])
@pytest.mark.parametrize("place", PLACES)
def test_the_value_is_in_no_sink(place: str, action: str, observe: bool) -> None:
    policy = POLICY.replace("action: block", f"action: {action}")
    ctx = context("clerk", ApiKey.PRODUCE, 12, policy=policy)
    ctx.session.observe = observe
    data = PartitionProduceData(index=0, records=batch(PLACES[place]))
    message: Any = ProduceRequest(acks=-1, topic_data=[TopicProduceData(name="open.careful", partition_data=[data])])
    routed = finish(chain().request(read_again(message, ctx), ctx), ctx)
    said = told(ctx)
    if not routed.forward:
        (answer,) = answered(routed, ctx).responses[0].partition_responses
        said.append(str(answer.error_message))
    for text in said:
        for form in FORMS:
            assert form not in text
