from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.boundary.batch_kit import (
    BLOCK,
    CLEAN,
    DIRTY,
    HASH,
    HIDDEN,
    HIDE,
    MASK,
    MASKED,
    OUT,
    detect,
    field,
    plan,
    record,
    redact,
)
from tests.detect.samples import CARD, EMAIL, SSN
from zoneproxy.boundary.facts import Found, Transformed, Unscannable
from zoneproxy.boundary.parts import PartTreatment
from zoneproxy.boundary.plan import ControlPlan
from zoneproxy.boundary.tally import Goes, Tally
from zoneproxy.detect import scanner
from zoneproxy.detect.detector import Finding
from zoneproxy.detect.stage_one import Place
from zoneproxy.errors import ProtocolError
from zoneproxy.policy.controls import Action
from zoneproxy.policy.field_controls import ForbidFields, RedactKey
from zoneproxy.policy.transforms import Transform, TransformKind
from zoneproxy.transform.json_tokens import NotJson
from zoneproxy.wire.record import Record


def parts(compiled: ControlPlan) -> tuple[PartTreatment, Tally]:
    tally = Tally()
    return PartTreatment(compiled, tally), tally


def test_without_field_rules_a_value_stays() -> None:
    treatment, _ = parts(BLOCK)
    value = b"no json"
    assert treatment.apply_fields(value) is value


def test_field_rules_are_applied_and_counted() -> None:
    treatment, tally = parts(plan(field("$.a"), field("$.b", HASH)))
    assert treatment.apply_fields(b'{"a":"secret","c":1}') == b'{"a":"**cret","c":1}'
    treatment.tell_fields()
    assert list(tally.facts(OUT)) == [Transformed("fields", "mask", "t", 2, 1)]


def test_field_rules_cannot_read_everything() -> None:
    treatment, _ = parts(plan(field("$.a")))
    with pytest.raises(Goes, match="unscannable"):
        treatment.apply_fields(b"text")


@pytest.mark.parametrize("compiled", [BLOCK, HIDE])
def test_what_cannot_be_changed_must_be_clean(compiled: ControlPlan) -> None:
    treatment, tally = parts(compiled)
    treatment.forbid(CLEAN.encode(), "key")
    with pytest.raises(Goes, match="finding"):
        treatment.forbid(CARD.encode(), "key")
    (found,) = tally.facts(OUT)
    assert isinstance(found, Found)
    assert (found.type, found.place) == ("PAYMENT_CARD", "key")


def test_an_alert_forbids_nothing() -> None:
    treatment, tally = parts(plan(detect(Action.ALERT)))
    treatment.forbid(CARD.encode(), "key")
    assert treatment.redact(DIRTY.encode(), "value") == DIRTY.encode()
    assert {fact.action for fact in tally.facts(OUT) if isinstance(fact, Found)} == {"alert"}


def test_findings_are_redacted_or_blocked() -> None:
    treatment, tally = parts(HIDE)
    assert treatment.redact(DIRTY.encode(), "value") == HIDDEN.encode()
    assert any(isinstance(fact, Transformed) for fact in tally.facts(OUT))
    clean = CLEAN.encode()
    assert treatment.redact(clean, "value") is clean
    with pytest.raises(Goes, match="finding"):
        parts(BLOCK)[0].redact(DIRTY.encode(), "value")


def test_a_name_makes_a_part_what_it_is() -> None:
    bare = SSN.replace("-", "").encode()
    assert parts(HIDE)[0].redact(bare, "header_value", b"id") == bare
    assert parts(HIDE)[0].redact(bare, "header_value", b"ssn") != bare
    assert parts(HIDE)[0].redact(CARD.encode(), "header_value") == MASKED.encode()


def test_a_remainder_goes() -> None:
    shows_all_but_one = Transform(TransformKind.MASK, keep_last=len(EMAIL) - 1)
    with pytest.raises(Goes, match="remainder"):
        parts(plan(redact(shows_all_but_one)))[0].redact(EMAIL.encode(), "value")


CUT = [Transform(TransformKind.TRUNCATE, length=length) for length in (3, 9, 40)]
PIECES = [
    CARD,
    EMAIL,
    SSN,
    CARD[:6],
    CARD[6:],
    "@example.com",
    "card",
    "ssn",
    "order",
    " ",
    ":",
    "-",
    '"',
    "\\n",
    "é",
    "1",
]


@given(
    st.sampled_from([MASK, Transform(TransformKind.MASK, keep_last=12), Transform(TransformKind.REMOVE), *CUT]),
    st.lists(st.sampled_from(PIECES), max_size=12).map(lambda pieces: "".join(pieces).encode()),
    st.sampled_from([b"", b"ssn"]),
    st.booleans(),
)
def test_a_scan_finds_nothing_in_what_goes_on(transform, text, name, in_json):
    compiled = plan(redact(transform))
    assert compiled.scanner
    part = b'{"a":"%b"}' % text.replace(b'"', rb"\"") if in_json else text
    try:
        changed = parts(compiled)[0].redact(part, "header_value", name)
    except Goes:
        return
    assert not any(map(compiled.decide, compiled.scanner.scan(changed, name)))


@pytest.mark.interpreted
def test_what_stage_1_sees_in_a_changed_part_is_scanned(monkeypatch: pytest.MonkeyPatch) -> None:
    places: list[bytes] = []
    look = scanner.Scanner.next_place
    monkeypatch.setattr(
        scanner.Scanner, "next_place", lambda self, *part: (places.append(part[0]), look(self, *part))[1]
    )
    assert parts(HIDE)[0].redact(DIRTY.encode(), "value") == HIDDEN.encode()
    assert places == [HIDDEN.encode()]
    monkeypatch.setattr(scanner.Scanner, "next_place", lambda *_: Place(0, joined=True))
    monkeypatch.setattr(scanner.Scanner, "scan", lambda _, text, *__: [Finding("EMAIL", 0, 2, 1.0)] if text else [])
    with pytest.raises(Goes, match="remainder"):
        parts(HIDE)[0].redact(b"abcdef", "value")


def test_what_cannot_be_cut_goes() -> None:
    with pytest.raises(Goes, match="unscannable"):
        parts(HIDE)[0].redact(rb'{"a":"\u00ab@example.com"}', "value")


def test_which_rules_want_a_copy_is_asked_of_every_part() -> None:
    treatment, tally = parts(plan(detect(Action.QUARANTINE)))
    wanted = [("no cards", "PAYMENT_CARD")]
    card = CARD.encode()
    for dirty in (
        record(CARD),
        record(None, key=card),
        record(None, headers=[(card, b"")]),
        record("x", headers=[(b"h", card)]),
    ):
        assert list(treatment.to_be_kept(dirty)) == wanted
    assert list(treatment.to_be_kept(record(CLEAN))) == []
    assert list(tally.facts(OUT)) == []
    for other in (BLOCK, HIDE, plan(field("$.a"))):
        assert list(parts(other)[0].to_be_kept(record(CARD))) == []


# --- fields, keys --------------------------------------------------------------------------------------------

TOKENS = Transform(TransformKind.TOKENISE, key="k", zone="z")


def never(action: Action, name: str = "cvv") -> ForbidFields:
    return ForbidFields("never", (), (name,), (), action)


def test_all_forbidden_fields_are_told_and_the_strictest_action_holds() -> None:
    treatment, tally = parts(plan(never(Action.ALERT), never(Action.BLOCK, "pin"), field("$.a")))
    assert treatment.apply_fields(b'{"CVV":1,"a":"secret"}') == b'{"CVV":1,"a":"**cret"}'
    with pytest.raises(Goes, match="finding"):
        treatment.apply_fields(b'{"cvv":1,"pin":2}')
    treatment.tell_fields()
    told = [(fact.action, fact.count) for fact in tally.facts(OUT) if isinstance(fact, Found)]
    assert told == [("alert", 2), ("block", 1)]
    assert [fact.count for fact in tally.facts(OUT) if isinstance(fact, Transformed)] == [1]


def test_who_wants_a_copy_of_a_record_with_a_forbidden_field() -> None:
    treatment, _ = parts(plan(never(Action.QUARANTINE), never(Action.BLOCK, "pin")))
    assert list(treatment.to_be_kept(Record(0, 0, 0, None, b'{"cvv":1,"pin":2}'))) == [("never", "FORBIDDEN_FIELD")]
    for value in (b'{"pin":1}', b"text", None):
        assert list(treatment.to_be_kept(Record(0, 0, 0, None, value))) == []


def test_whole_keys() -> None:
    treatment, tally = parts(plan(RedactKey("keys", TOKENS)))
    assert treatment.change_key(b"a") == treatment.change_key(b"a") != treatment.change_key(b"b")
    assert list(tally.facts(OUT)) == [Transformed("keys", "tokenise", "t", 2, 3)]
    key = b"a"
    assert parts(plan(field("$.a")))[0].change_key(key) is key


def test_fields_of_all_values_at_once() -> None:
    treatment, tally = parts(plan(field("$.a")))
    change = treatment.fields_of_values()
    assert [change(b'{"a":"secret"}') for _ in range(3)] == [b'{"a":"**cret"}'] * 3
    treatment.forget_fields()
    assert change(b'{"a":"secret"}') == b'{"a":"**cret"}'
    with pytest.raises(NotJson):
        change(b"text")
    treatment.fields_are_done = True
    assert treatment.apply_fields(b'{"a":"secret"}') == b'{"a":"secret"}'
    treatment.tell_fields()
    treatment.tell_fields()
    assert list(tally.facts(OUT)) == [Transformed("fields", "mask", "t", 2, 1)]


def test_what_detectors_cannot_look_into(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanner, "MAX_HITS", 2)
    dense = b"a@b.cc " * 3
    treatment, _ = parts(BLOCK)
    with pytest.raises(ProtocolError, match="dense"):
        treatment.redact(dense, "value")
    for action in (Action.ALERT, Action.QUARANTINE):
        treatment, tally = parts(plan(replace(detect(), on_error=action)))
        kept = [("no cards", "UNSCANNABLE")] if action is Action.QUARANTINE else []
        assert list(treatment.to_be_kept(record(dense))) == kept
    with pytest.raises(Goes, match="dense"):
        treatment.redact(dense, "value")
    assert tally.for_quarantine
    treatment, _ = parts(plan(replace(detect(), on_error=Action.ALLOW)))
    assert treatment.redact(dense, "value") == dense
    treatment.forbid(dense, "key")


def test_values_that_field_rules_cannot_read_may_go_on() -> None:
    treatment, tally = parts(plan(replace(field("$.a"), on_error=Action.ALERT)))
    assert treatment.apply_fields(b"text") == b"text"
    (fact,) = tally.facts(OUT)
    assert isinstance(fact, Unscannable)
    assert (fact.rule, fact.reason, fact.action) == ("fields", "unscannable", "alert")


def test_what_field_rules_have_put_in_is_no_finding() -> None:
    replaced = Transform(TransformKind.REPLACE, value=f'"{EMAIL}"')
    treatment, tally = parts(plan(field("$.a", replaced), redact()))
    treatment.about(record(""))
    value = treatment.apply_fields(f'{{"a":"x","b":"{SSN}"}}'.encode())
    assert EMAIL.encode() in treatment.redact(value, "value")
    assert tally.findings == 1
    treatment.fields_are_done = True
    assert treatment.apply_fields(b"x") == b"x"
    treatment.forget_fields()
