from __future__ import annotations

import pytest

from tests.boundary.batch_kit import IN, LIMITS, OUT, batch, plan, record, records_of, whole
from zoneproxy.boundary.batches import treat_fetch, treat_produce
from zoneproxy.boundary.facts import Transformed
from zoneproxy.boundary.plan import ControlPlan
from zoneproxy.policy.patterns import ANY, Pattern, PatternKind
from zoneproxy.policy.record_rules import HeaderNames
from zoneproxy.wire.error_codes import ErrorCode

TRACE, INTERNAL = Pattern(PatternKind.LITERAL, "trace-id"), Pattern(PatternKind.PREFIX, "x-internal-")
Headers = list[tuple[bytes, bytes | None]]


def rule(*, require: tuple[Pattern, ...] = (), forbid: tuple[Pattern, ...] = (), removes: bool = False) -> ControlPlan:
    return plan(HeaderNames("headers", require, forbid, removes))


def produced(headers: Headers, compiled: ControlPlan) -> str:
    result = treat_produce(whole(batch([record(b"v", None, headers)])), compiled, LIMITS, IN)
    assert (result.error == ErrorCode.POLICY_VIOLATION) is bool(result.reason)
    return result.reason


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ([(b"trace-id", b"1")], ""),
        ([(b"a", b""), (b"trace-id", None)], ""),
        ([], "header_missing"),
        ([(b"Trace-Id", b"1")], "header_missing"),
        ([(b"trace-id2", b"1")], "header_missing"),
    ],
)
def test_what_must_be_there(headers: Headers, reason: str) -> None:
    assert produced(headers, rule(require=(TRACE,))) == reason


def test_all_that_must_be_there_is_there() -> None:
    both = rule(require=(TRACE, INTERNAL))
    assert produced([(b"trace-id", b"1")], both) == "header_missing"
    assert produced([(b"trace-id", b"1"), (b"x-internal-a", b"1")], both) == ""


@pytest.mark.parametrize(
    ("forbid", "headers", "reason"),
    [
        ((TRACE,), [(b"trace-id", b"1")], "header_forbidden"),
        ((TRACE,), [(b"trace-id2", b"1")], ""),
        ((TRACE, INTERNAL), [(b"x-internal-", None)], "header_forbidden"),
        ((INTERNAL,), [(b"x-interna", b"1")], ""),
        ((ANY,), [(b"", b"1")], "header_forbidden"),
        ((ANY,), [], ""),
        ((Pattern(PatternKind.LITERAL, "größe"),), [("größe".encode(), b"1")], "header_forbidden"),
    ],
)
def test_what_must_not_be_there(forbid: tuple[Pattern, ...], headers: Headers, reason: str) -> None:
    assert produced(headers, rule(forbid=forbid)) == reason


def test_what_is_forbidden_is_taken_off_where_that_is_asked() -> None:
    headers = [(b"x-internal-a", b"1"), (b"b", b"2"), (b"x-internal-a", None)]
    data = batch([record(b"v", b"k", headers), record(b"w", b"k", [(b"b", b"2")], 1)])
    compiled = rule(forbid=(INTERNAL,), removes=True)
    for result in (treat_produce(whole(data), compiled, LIMITS, IN), treat_fetch(data, compiled, LIMITS, OUT)):
        assert result.data is not None
        first, second = records_of(result.data)
        assert (first.key, first.value, first.headers) == (b"k", b"v", ((b"b", b"2"),))
        assert second == records_of(data)[1]
        assert Transformed("headers", "header", "t", 2, 2) in result.facts


def test_records_without_go_on_as_they_came() -> None:
    assert treat_produce(whole(batch([b"v"])), rule(forbid=(INTERNAL,), removes=True), LIMITS, IN).data is None


def test_what_is_missing_cannot_be_made_up() -> None:
    compiled = rule(require=(TRACE,), forbid=(INTERNAL,), removes=True)
    assert produced([(b"x-internal-a", b"1")], compiled) == "header_missing"


def test_records_are_left_out_on_fetch() -> None:
    data = batch([record(b"v", None, [(b"trace-id", b"1")]), record(b"w", at=1)])
    result = treat_fetch(data, rule(require=(TRACE,)), LIMITS, OUT)
    assert result.data is not None
    assert [found.value for found in records_of(result.data)] == [b"v"]
    assert (result.blocked, result.reason) == (1, "header_missing")
