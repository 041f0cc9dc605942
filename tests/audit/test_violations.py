from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.boundary.kit import context
from zoneproxy.audit.violations import MAX_EVENTS, Violations
from zoneproxy.boundary.facts import Blocked, Denied, Fact, Found, Noticed, RecordAt, Scanned, Transformed, Unscannable
from zoneproxy.net.observer import Connection
from zoneproxy.wire.messages.api_keys import ApiKey

CONNECTION = Connection(number=7, listener="green", zone="payments", host="10.0.0.9", node=2, principal="dashboards")
CARD = Found("cards", "PAYMENT_CARD", "value", "block", 0.91234, "t", 3, 2, at=(RecordAt(0, 1000, 40),))


def events(*facts: Fact, api: ApiKey = ApiKey.FETCH) -> list[dict[str, Any]]:
    ctx = context("dashboards", api, 12)
    return [json.loads(event) for event in Violations("abc").of(facts, CONNECTION, ctx, 1000.0)]


def test_a_finding_says_everything_but_the_value() -> None:
    (event,) = events(CARD)
    data = event.pop("data")
    policy = data.pop("policy")
    assert len(policy) == 64
    assert event == {
        "specversion": "1.0",
        "id": "abc-1",
        "source": "zoneproxy",
        "type": "zoneproxy.violation",
        "time": "1970-01-01T00:16:40.000+00:00",
        "datacontenttype": "application/json",
    }
    assert data == {
        "violation": "finding",
        "rule": "cards",
        "finding": "PAYMENT_CARD",
        "place": "value",
        "confidence": 0.912,
        "action": "block",
        "mode": "enforced",
        "topic": "t",
        "partition": 3,
        "count": 2,
        "records": [{"offset": 40, "timestamp": 1000}],
        "side": "fetch",
        "from_zone": "payments",
        "to_zone": "analytics",
        "principal": "dashboards",
        "listener": "green",
        "host": "10.0.0.9",
        "connection": 7,
        "request": 7,
        "api": "fetch",
    }


def test_what_is_written_has_no_offset_yet_and_crosses_the_other_way() -> None:
    found = Found("cards", "PAYMENT_CARD", "key", "alert", 0.5, "t", 0, mode="observed", at=(RecordAt(4, 1000),))
    (event,) = events(found, api=ApiKey.PRODUCE)
    data = event["data"]
    assert data["records"] == [{"index": 4, "timestamp": 1000}]
    assert (data["side"], data["from_zone"], data["to_zone"]) == ("produce", "analytics", "payments")
    assert (data["mode"], data["action"]) == ("observed", "alert")


def test_what_is_no_record_has_no_topic() -> None:
    (event,) = events(Found("cards", "PAYMENT_CARD", "group_id", "block", 0.5, "", -1), api=ApiKey.OFFSET_COMMIT)
    assert "topic" not in event["data"]
    assert event["data"]["records"] == []
    assert event["data"]["api"] == "offset_commit"
    assert event["data"]["side"] == "produce"
    (event,) = events(Found("cards", "PAYMENT_CARD", "offset_metadata", "block", 0.5, "", -1), api=ApiKey.OFFSET_FETCH)
    assert event["data"]["side"] == "fetch"


@pytest.mark.parametrize(("rule", "said"), [("", None), ("fields", "fields")])
def test_what_cannot_be_looked_into_is_told(rule: str, said: str | None) -> None:
    (event,) = events(Blocked(rule, "fetch", "unscannable", "t", 1, 5))
    data = event["data"]
    assert (data["violation"], data["rule"], data["reason"], data["count"]) == ("blocked", said, "unscannable", 5)


def test_a_record_that_is_blocked_for_a_finding_is_told_of_once() -> None:
    blocked = Blocked("cards", "fetch", "finding", "t", 3, 1)
    assert len(events(CARD, blocked)) == 1
    elsewhere = Blocked("cards", "fetch", "finding", "t", 4, 1)
    assert len(events(CARD, elsewhere)) == 2
    in_a_key = Found("cards", "PAYMENT_CARD", "key", "redact", 0.9, "t", 3)
    assert [event["data"]["violation"] for event in events(in_a_key, blocked)] == ["finding", "blocked"]


def test_what_cannot_be_looked_into_and_goes_on_is_told_unless_nobody_is_to_hear_of_it() -> None:
    unread = Unscannable("cards", "dense", "value", "alert", "t", 3, 2, at=(RecordAt(4, 1000, 8812),))
    (event,) = events(unread, replace(unread, action="allow"))
    data = event["data"]
    assert (data["violation"], data["rule"], data["reason"], data["place"]) == (
        "unscannable",
        "cards",
        "dense",
        "value",
    )
    assert (data["action"], data["count"]) == ("alert", 2)
    assert data["records"] == [{"offset": 8812, "timestamp": 1000}]


def test_what_cannot_be_looked_into_and_is_kept_is_told_of_once() -> None:
    kept = Unscannable("cards", "dense", "value", "quarantine", "t", 3, 1)
    blocked = Blocked("cards", "fetch", "dense", "t", 3, 1)
    (event,) = events(kept, blocked)
    assert event["data"]["action"] == "quarantine"
    assert len(events(kept, replace(blocked, reason="budget"))) == 2


def test_other_facts_are_no_violations() -> None:
    facts = [
        Scanned(1, 1),
        Noticed("x"),
        Transformed("r", "mask", "t", 0, 1),
        Denied("FETCH", "READ", "topic", "t", 29, "acl"),
        Blocked("", "produce", "out_of_order", "t", 0, 1),
    ]
    assert events(*facts) == []


def test_ids_are_counted_and_events_of_one_request_are_bounded() -> None:
    violations, ctx = Violations("abc"), context("dashboards", ApiKey.FETCH, 12)
    many = [CARD] * (MAX_EVENTS + 5)
    first = violations.of(many, CONNECTION, ctx, 1000.0)
    assert len(first) == MAX_EVENTS
    assert violations.count(many) == MAX_EVENTS + 5
    (again,) = violations.of([CARD], CONNECTION, ctx, 1000.0)
    assert json.loads(again)["id"] == f"abc-{MAX_EVENTS + 1}"


def test_names_that_are_no_text_do_no_harm() -> None:
    (event,) = Violations("abc").of(
        [Found("cards", "T", "value", "block", 1.0, 'a"\n\x1b\ud800', 0)],
        CONNECTION,
        context("dashboards", ApiKey.FETCH, 12),
        1000.0,
    )
    assert event.isascii()
    assert b"\n" not in event
