from __future__ import annotations

import pytest

from tests.boundary.batch_kit import (
    BLOCK,
    CLEAN,
    DIRTY,
    HASH,
    HIDDEN,
    HIDE,
    MASKED,
    OUT,
    detect,
    field,
    plan,
    record,
    redact,
)
from tests.detect.samples import CARD, EMAIL, SSN
from zoneproxy.boundary.facts import Found, Transformed
from zoneproxy.boundary.parts import PartTreatment
from zoneproxy.boundary.plan import ControlPlan
from zoneproxy.boundary.tally import Goes, Tally
from zoneproxy.policy.controls import Action
from zoneproxy.policy.transforms import Transform, TransformKind


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
