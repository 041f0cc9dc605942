from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from tests.boundary.kit import context
from tests.net.publishing.kit import Sink
from zoneproxy.audit.violations import MAX_EVENTS, Violations
from zoneproxy.boundary.facts import Blocked, Fact, Found, Scanned, Unscannable
from zoneproxy.boundary.interceptor import Context
from zoneproxy.boundary.kept import Kept
from zoneproxy.keys.sealing import Seal, open_sealed, sealed_in
from zoneproxy.net.observer import Connection
from zoneproxy.net.publishing import reporter as module
from zoneproxy.net.publishing.outbox import Outgoing
from zoneproxy.net.publishing.reporter import Events, Reporter, Vault
from zoneproxy.wire.messages.api_keys import ApiKey

KEY = X25519PrivateKey.generate()
CONNECTION = Connection(number=7, listener="green", zone="payments", host="10.0.0.9", node=2, principal="dashboards")
CANARY = b"canary-4111"
BATCH = CANARY.rjust(100, b"x")
KEPT = Kept("payments", ["cards", "more"], ["PAYMENT_CARD"], "fetch", "t", 3, 40, 2, BATCH)
FOUND = Found("cards", "PAYMENT_CARD", "value", "block", 0.9, "t", 3)


@dataclass
class Written:
    """As much of a publisher as reports need."""

    name: str
    room: bool = True
    records: list[Outgoing] = field(default_factory=list)

    def refusal(self, size: int = 0) -> str:
        return "" if self.room else "full"

    def put(self, record: Outgoing) -> bool:
        if self.room:
            self.records.append(record)
        return self.room


class Rig:
    def __init__(self, *, events: bool = True, actions: frozenset[str] = frozenset({"block", "alert"})) -> None:
        self.events, self.copies, self.sink = Written("violations"), Written("quarantine payments"), Sink()
        publisher: Any = self.events
        vault: Any = self.copies
        told = Events(Violations("i"), publisher, actions) if events else None
        self.reporter = Reporter(told, {"payments": Vault(Seal(KEY.public_key()), vault)}, self.sink, lambda: 2000.0)

    def report(self, *facts: Fact, kept: Kept | None = None) -> Context:
        ctx = context("dashboards", ApiKey.FETCH, 12)
        ctx.kept = [kept] if kept else []
        self.reporter.report(facts, CONNECTION, ctx)
        return ctx


def test_events_go_to_their_topic_with_the_time_at_which_it_was_known() -> None:
    rig = Rig()
    rig.report(Scanned(1, 1), FOUND)
    (event,) = rig.events.records
    assert json.loads(event.value)["data"]["rule"] == "cards"
    assert event.timestamp == 2_000_000
    assert json.loads(event.value)["time"] == "1970-01-01T00:33:20.000+00:00"


def test_only_of_those_actions_that_are_asked_for() -> None:
    rig = Rig(actions=frozenset({"quarantine"}))
    rig.report(FOUND, Blocked("", "fetch", "crc", "t", 0, 1))
    assert rig.events.records == []
    rig.report(replace(FOUND, action="quarantine"))
    assert len(rig.events.records) == 1
    rig.report(Unscannable("cards", "dense", "value", "quarantine", "t", 0, 1))
    rig.report(Unscannable("cards", "dense", "value", "alert", "t", 0, 1))
    assert len(rig.events.records) == 2
    blocks = Rig(actions=frozenset({"block"}))
    blocks.report(replace(FOUND, action="redact"), Blocked("", "fetch", "crc", "t", 0, 1))
    assert [json.loads(event.value)["data"]["reason"] for event in blocks.events.records] == ["crc"]


def test_more_than_one_request_may_cause_is_lost_and_counted() -> None:
    rig = Rig()
    rig.report(*[replace(FOUND, partition=n) for n in range(MAX_EVENTS + 3)])
    assert len(rig.events.records) == MAX_EVENTS
    assert rig.sink.lost == [("request", 3)]


def test_events_are_not_even_made_that_nobody_would_take() -> None:
    rig = Rig()
    rig.events.room = False
    rig.report(*[replace(FOUND, partition=n) for n in range(3)])
    assert rig.sink.lost == [("full", 3)]


def test_without_an_audit_zone_there_are_no_events() -> None:
    rig = Rig(events=False)
    rig.report(FOUND)
    assert rig.events.records == []


def test_what_is_kept_is_sealed_and_says_why_outside_as_well() -> None:
    rig = Rig()
    ctx = rig.report(kept=KEPT)
    assert ctx.kept == []
    (copy,) = rig.copies.records
    assert CANARY.decode() not in repr(copy)
    assert copy.seal
    written = copy.seal(copy.value)
    assert CANARY not in written
    assert all(CANARY not in (value or b"") for _, value in copy.headers)
    (sealed,) = sealed_in(written)
    opened = open_sealed(sealed, KEY)
    assert opened.batch == BATCH
    said = {name.decode(): (value or b"").decode() for name, value in copy.headers}
    assert said == {
        "rules": "cards,more",
        "types": "PAYMENT_CARD",
        "side": "fetch",
        "zone": "payments",
        "topic": "t",
        "partition": "3",
        "offset": "40",
        "records": "2",
        "principal": "dashboards",
        "policy": opened.why["policy"],
        "time": "1970-01-01T00:33:20.000+00:00",
        "key": Seal(KEY.public_key()).id,
    }
    assert opened.why["rules"] == ["cards", "more"]
    assert (opened.why["host"], opened.why["request"]) == ("10.0.0.9", 7)


def test_one_fetched_batch_is_kept_once_and_each_that_is_produced() -> None:
    rig = Rig()
    for _ in range(3):
        rig.report(kept=KEPT)
    assert len(rig.copies.records) == 1
    rig.report(kept=replace(KEPT, batch=b"another one".ljust(100)))
    rig.report(kept=replace(KEPT, partition=4))
    assert len(rig.copies.records) == 3
    produced = replace(KEPT, side="produce")
    for _ in range(2):
        rig.report(kept=produced)
    assert len(rig.copies.records) == 5
    assert b"offset" not in {name for name, _ in rig.copies.records[-1].headers}


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_REMEMBERED", 2)
    rig = Rig()
    for partition in (0, 1, 2, 0):
        rig.report(kept=replace(KEPT, partition=partition))
    assert len(rig.copies.records) == 4


def test_a_copy_that_finds_no_room_is_counted_and_tried_again_the_next_time() -> None:
    rig = Rig()
    rig.copies.room = False
    rig.report(kept=KEPT)
    assert rig.sink.lost == [("full", 1)]
    rig.copies.room = True
    rig.report(kept=KEPT)
    assert len(rig.copies.records) == 1


def test_a_zone_that_has_no_quarantine_any_more() -> None:
    rig = Rig()
    rig.report(kept=replace(KEPT, zone="other"))
    assert rig.sink.lost == [("no_quarantine", 1)]
