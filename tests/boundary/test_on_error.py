from __future__ import annotations

import gzip
from dataclasses import replace

import pytest

from tests.boundary.batch_kit import (
    CLEAN,
    DIRTY,
    IN,
    LIMITS,
    OUT,
    batch,
    detect,
    field,
    plan,
    record,
    redact,
    values_of,
    whole,
)
from tests.detect.samples import CARD
from zoneproxy.boundary import joined
from zoneproxy.boundary.batches import treat_fetch, treat_produce
from zoneproxy.boundary.facts import Blocked, Fact, Unscannable
from zoneproxy.boundary.on_error import OnError, strictest
from zoneproxy.boundary.plans import Plans
from zoneproxy.detect import scanner
from zoneproxy.errors import ProtocolError
from zoneproxy.policy.controls import Action, Control, Depth
from zoneproxy.policy.field_controls import AllowFields, ForbidFields
from zoneproxy.policy.value_rules import Binary, Format
from zoneproxy.wire.error_codes import ErrorCode

DENSE = b"a@b.cc " * 21
MILD = [Action.ALLOW, Action.ALERT]


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanner, "MAX_HITS", 20)


def then(action: Action, control: Control | None = None) -> Control:
    return replace(control or detect(), on_error=action)


def unread(facts: list[Fact]) -> list[tuple[str, str, str, str, int]]:
    return [(f.rule, f.reason, f.place, f.action, f.count) for f in facts if isinstance(f, Unscannable)]


def blocked(facts: list[Fact]) -> list[tuple[str, str, int]]:
    return [(f.rule, f.reason, f.records) for f in facts if isinstance(f, Blocked)]


def test_the_strictest_of_several_wins() -> None:
    controls = [replace(detect(), rule=action.name, on_error=action) for action in (Action.ALERT, Action.QUARANTINE)]
    assert strictest(controls) == OnError("QUARANTINE", Action.QUARANTINE)
    assert strictest([]) == OnError("", Action.BLOCK)
    assert [OnError("", action).lets_go_on for action in Action] == [True, True, True, False, False]


@pytest.mark.parametrize("action", MILD)
def test_what_is_too_dense_goes_on_if_the_policy_says_so_and_is_told(action: Action) -> None:
    compiled = plan(then(action))
    data = batch([CLEAN, DENSE])
    produced = treat_produce(whole(data), compiled, LIMITS, IN)
    assert (produced.error, produced.data) == (ErrorCode.NONE, None)
    assert unread(produced.facts) == [("no cards", "dense", "value", action.name.lower(), 1)]
    fetched = treat_fetch(data, compiled, LIMITS, OUT)
    assert (fetched.data, fetched.blocked) == (None, 0)
    (fact,) = (fact for fact in fetched.facts if isinstance(fact, Unscannable))
    assert [each.offset for each in fact.at] == [7001]


def test_other_parts_and_records_are_looked_through_all_the_same() -> None:
    compiled = plan(then(Action.ALERT), then(Action.ALERT, redact()))
    both = record(DENSE, key=CARD.encode())
    result = treat_fetch(batch([both, DIRTY, DENSE]), compiled, LIMITS, OUT)
    assert values_of(result.data) == [DENSE]
    assert blocked(result.facts) == [("no cards", "finding", 2)]


@pytest.mark.parametrize("place", ["key", "header_name", "header_value"])
def test_parts_that_are_no_values(place: str) -> None:
    given = {
        "key": record("x", key=DENSE),
        "header_name": record("x", headers=[(DENSE, b"x")]),
        "header_value": record("x", headers=[(b"x", DENSE)]),
    }[place]
    result = treat_fetch(batch([given]), plan(then(Action.ALERT)), LIMITS, OUT)
    assert result.data is None
    assert [each[2] for each in unread(result.facts)] == [place]


def test_by_default_it_is_blocked_whatever_is_done_about_findings() -> None:
    for control in (detect(Action.ALERT), detect(), redact()):
        result = treat_produce(whole(batch([DENSE])), plan(control), LIMITS, IN)
        assert (result.error, result.reason) == (ErrorCode.POLICY_VIOLATION, "dense")
        assert unread(result.facts) == []
    compiled = plan(then(Action.ALLOW), detect(types=("IBAN",)))
    assert treat_produce(whole(batch([DENSE])), compiled, LIMITS, IN).reason == "dense"


def test_a_sealed_copy_is_kept_of_what_is_quarantined() -> None:
    compiled = plan(then(Action.QUARANTINE, detect(Action.ALERT)))
    result = treat_produce(whole(batch([CLEAN, DENSE])), compiled, LIMITS, IN)
    assert (result.error, result.reason) == (ErrorCode.POLICY_VIOLATION, "dense")
    (kept,) = result.kept
    assert (list(kept.rules), list(kept.types), kept.records) == (["no cards"], ["UNSCANNABLE"], 1)
    assert unread(result.facts) == [("no cards", "dense", "value", "quarantine", 1)]
    assert blocked(result.facts) == [("no cards", "dense", 1)]
    fetched = treat_fetch(batch([CLEAN, DENSE]), compiled, LIMITS, OUT)
    assert values_of(fetched.data) == [CLEAN.encode()]
    assert values_of(bytes(fetched.kept[0].batch)) == [DENSE]


def test_a_record_goes_alone_that_another_rule_wants_a_copy_of_and_nobody_can_look_into() -> None:
    dirty = record(DENSE, key=CARD.encode())
    result = treat_fetch(batch([CLEAN, dirty]), plan(detect(), detect(Action.QUARANTINE, 0.9)), LIMITS, OUT)
    assert values_of(result.data) == [CLEAN.encode()]


def test_a_batch_that_cannot_be_opened_never_goes_on() -> None:
    data = bytearray(batch([DENSE], codec=1))
    data[-3] ^= 0xFF
    result = treat_fetch(bytes(data), plan(then(Action.ALLOW)), LIMITS, OUT)
    assert (result.reason, result.blocked) == ("crc", 1)


def test_what_takes_too_much_to_decode() -> None:
    bomb = gzip.compress(bytes(1 << 22))
    deep = replace(detect(), depth=Depth.DEEP)
    result = treat_fetch(batch([bomb]), plan(then(Action.ALERT, deep)), LIMITS, OUT)
    assert result.data is None
    assert ("no cards", "budget", "value", "alert", 1) in unread(result.facts)


def test_trials_are_told_as_such_and_change_nothing() -> None:
    controls = (replace(detect(), dry_run=True, on_error=Action.QUARANTINE),)
    compiled = Plans({}).of(controls)
    assert compiled
    result = treat_produce(whole(batch([DENSE])), compiled, LIMITS, IN)
    assert (result.error, result.kept) == (ErrorCode.NONE, [])
    assert {fact.mode for fact in result.facts if isinstance(fact, Unscannable | Blocked)} == {"observed"}
    assert unread(result.facts)[0][:2] == ("no cards", "dense")


@pytest.mark.parametrize("action", [Action.QUARANTINE, Action.ALERT])
def test_a_copy_is_kept_whatever_else_a_record_goes_for(action: Action) -> None:
    of_key = record(DENSE, key=CARD.encode())
    compiled = plan(then(action), then(action, detect(Action.QUARANTINE, types=("IBAN",))))
    result = treat_fetch(batch([of_key]), compiled, LIMITS, OUT)
    assert blocked(result.facts) == [("no cards", "finding", 1)]
    assert len(result.kept) == (action is Action.QUARANTINE)
    of_format = record(b"\xc1 none", headers=[(CARD.encode(), b"x")], key=CARD.encode())
    formed = plan(shape(action), then(Action.ALERT), detect(Action.QUARANTINE, types=("IBAN",)))
    assert len(treat_fetch(batch([of_format]), formed, LIMITS, OUT).kept) == (action is Action.QUARANTINE)


# --- rules about fields --------------------------------------------------------------------------------------


@pytest.mark.parametrize("control", [field("$.a"), ForbidFields("fields", ("$.a",), (), (), Action.BLOCK)])
def test_values_that_field_rules_cannot_read(control: Control) -> None:
    data = batch([b'{"b": 1}', b"not json"])
    assert treat_produce(whole(data), plan(control), LIMITS, IN).reason == "unscannable"
    result = treat_produce(whole(data), plan(then(Action.ALERT, control)), LIMITS, IN)
    assert (result.error, result.data) == (ErrorCode.NONE, None)
    assert unread(result.facts) == [("fields", "unscannable", "value", "alert", 1)]


def test_detectors_look_at_what_field_rules_cannot_read() -> None:
    result = treat_fetch(
        batch([f"card {CARD}".encode()]), plan(then(Action.ALLOW, field("$.a")), detect()), LIMITS, OUT
    )
    assert blocked(result.facts) == [("no cards", "finding", 1)]


def test_where_only_some_fields_may_cross_nothing_does_that_cannot_be_read() -> None:
    compiled = plan(then(Action.ALLOW, field("$.a")), AllowFields("few", ("$.a",)))
    assert blocked(treat_fetch(batch([b"not json"]), compiled, LIMITS, OUT).facts) == [("few", "unscannable", 1)]


# --- formats -------------------------------------------------------------------------------------------------


def shape(action: Action, name: str = "msgpack", rule: str = "shape") -> Format:
    return Format(rule, name, on_error=action)


def test_what_is_not_of_its_format_is_looked_through_as_it_stands() -> None:
    compiled = plan(shape(Action.ALERT), redact())
    result = treat_fetch(batch([b"\xc1 none", b"\xc1 " + CARD.encode()]), compiled, LIMITS, OUT)
    masked = b"\xc1 " + b"*" * 12 + CARD[-4:].encode()
    assert values_of(result.data) == [b"\xc1 none", masked]
    assert unread(result.facts) == [("shape", "malformed", "value", "alert", 2)]


def test_of_formats_the_strictest_rule_wins_too() -> None:
    compiled = plan(shape(Action.ALLOW), shape(Action.BLOCK, rule="other"))
    assert blocked(treat_fetch(batch([b"\xc1 none"]), compiled, LIMITS, OUT).facts) == [("other", "malformed", 1)]


def test_sealed_copies_of_what_is_not_of_its_format() -> None:
    result = treat_fetch(batch([b"\xc1 none"]), plan(shape(Action.QUARANTINE)), LIMITS, OUT)
    assert [list(kept.types) for kept in result.kept] == [["UNSCANNABLE"]]


def test_binary_values_that_are_not_of_their_format_are_unknown_ones() -> None:
    compiled = plan(shape(Action.ALLOW), Binary("no blobs", Action.BLOCK, ("value",)))
    assert blocked(treat_fetch(batch([b"\xc1\xff"]), compiled, LIMITS, OUT).facts) == [("no blobs", "binary", 1)]


TWICE = r'"{\"x\": 1, \"x\": 2}"'


def test_what_is_nested_and_cannot_be_read_goes_on_only_as_long_as_nothing_has_to_be_changed() -> None:
    compiled = plan(Format("shape", "json", unique_names=True, on_error=Action.ALERT), redact())
    result = treat_fetch(batch([f'{{"a": {TWICE}}}']), compiled, LIMITS, OUT)
    assert result.data is None
    assert unread(result.facts) == [("shape", "malformed", "value", "alert", 1)]
    dirty = batch([f'{{"a": {TWICE}, "b": "{CARD}"}}'])
    assert blocked(treat_fetch(dirty, compiled, LIMITS, OUT).facts) == [("shape", "unscannable", 1)]


def test_dense_leaves() -> None:
    value = b"<a><b>" + DENSE + b"</b></a>"
    for action, goes in ((Action.ALERT, False), (Action.BLOCK, True)):
        result = treat_fetch(batch([value]), plan(Format("shape", "xml"), then(action)), LIMITS, OUT)
        assert bool(result.blocked) is goes
        assert unread(result.facts) == ([] if goes else [("no cards", "dense", "value", "alert", 1)])


@pytest.mark.interpreted
def test_a_change_must_leave_a_value_what_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = plan(Format("shape", "ndjson", on_error=Action.ALLOW), field("$.a"))
    assert compiled.fields
    monkeypatch.setattr("zoneproxy.boundary.structured._selected", lambda *_: (b'{"a": broken', (0,)))
    result = treat_fetch(batch([b'{"a": "x"}\n{"a": "y"}']), compiled, LIMITS, OUT)
    assert blocked(result.facts) == [("shape", "malformed", 1)]


def test_what_is_put_together_and_cannot_be_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = [record("a.b@c.dd", at=0), record("e.ff", at=1), record(CLEAN, at=2)]
    deep = replace(detect(), depth=Depth.DEEP)

    def too_much(*_: object) -> None:
        raise ProtocolError("budget")

    monkeypatch.setattr(joined._Chain, "_across", too_much)
    result = treat_fetch(batch(parts), plan(deep), LIMITS, OUT)
    assert values_of(result.data) == [CLEAN.encode()]
    assert blocked(result.facts) == [("no cards", "budget", 2)]
    mild = treat_fetch(batch([record("a", at=0), record("b", at=1)]), plan(then(Action.ALERT, deep)), LIMITS, OUT)
    assert mild.data is None
    assert unread(mild.facts) == [("no cards", "budget", "split", "alert", 2)]
