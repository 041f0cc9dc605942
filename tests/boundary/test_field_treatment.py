"""What becomes of records whose fields rules are about, and of their keys."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.boundary.batch_kit import (
    HASH,
    KEYS,
    LIMITS,
    MASK,
    REMOVE,
    batch,
    detect,
    field,
    plan,
    record,
    records_of,
    redact,
    values_of,
    whole,
)
from tests.detect.samples import CARD, EMAIL
from zoneproxy.boundary.crossing import Crossing
from zoneproxy.boundary.facts import Blocked, Found, Transformed
from zoneproxy.boundary.fetch_batches import treat_fetch
from zoneproxy.boundary.plan import ControlPlan
from zoneproxy.boundary.produce_batches import treat_produce
from zoneproxy.boundary.treatment import treatment_of
from zoneproxy.policy.controls import Action, Detect, RedactFinding
from zoneproxy.policy.field_controls import AllowFields, ForbidFields, RedactKey, RedactName
from zoneproxy.policy.transforms import Transform, TransformKind, Unit
from zoneproxy.policy.value_rules import Format
from zoneproxy.transform.making import make_change
from zoneproxy.wire.record import iter_records, write_records

OUT = Crossing("fetch", "t", 2)
IN = Crossing("produce", "t", 2)
TOKENS = Transform(TransformKind.TOKENISE, key="k", zone="z")


def forbid(action: Action, *names: str) -> ForbidFields:
    return ForbidFields("never", (), names, (), action)


def fetched(compiled: ControlPlan, *values):
    result = treat_fetch(batch(values), compiled, LIMITS, OUT)
    return values_of(result.data if result.data is not None else batch(values)), result


# --- fields that must not be there ---------------------------------------------------------------------------


def test_a_record_with_a_forbidden_field_goes():
    compiled = plan(forbid(Action.BLOCK, "cvv"), RedactName("r", REMOVE, "card"))
    values, result = fetched(compiled, '{"a":1}', '{"card":{"C_V-V":null}}', '{"b":"cvv"}')
    assert values == [b'{"a":1}', b'{"b":"cvv"}']
    found, blocked = (next(fact for fact in result.facts if isinstance(fact, kind)) for kind in (Found, Blocked))
    assert (found.rule, found.type, found.place, found.action) == ("never", "FORBIDDEN_FIELD", "value", "block")
    assert (blocked.rule, blocked.reason, blocked.records) == ("never", "finding", 1)
    produced = treat_produce(whole(batch(['{"cvv":1}'])), compiled, LIMITS, IN)
    assert (produced.data, produced.blocked, produced.reason) == (None, 1, "finding")


def test_a_forbidden_field_may_just_be_told_of():
    compiled = plan(forbid(Action.ALERT, "cvv"), field("$.a"))
    values, result = fetched(compiled, '{"cvv":1,"a":"abcdefgh"}')
    assert values == [b'{"cvv":1,"a":"****efgh"}']
    assert [fact.action for fact in result.facts if isinstance(fact, Found)] == ["alert"]


def test_the_strictest_of_several_actions_holds():
    compiled = plan(forbid(Action.ALERT, "cvv"), forbid(Action.QUARANTINE, "pin"), forbid(Action.BLOCK, "cvv"))
    values, result = fetched(compiled, '{"cvv":1,"pin":2}')
    assert values == []
    assert {fact.action for fact in result.facts if isinstance(fact, Found)} == {"alert", "quarantine", "block"}
    assert [kept.types for kept in result.kept] == [["FORBIDDEN_FIELD"]]


def test_a_copy_is_kept_whichever_rule_came_first():
    compiled = plan(field("$.a"), forbid(Action.QUARANTINE, "pin"), detect(types=("EMAIL",)))
    _, result = fetched(compiled, f'{{"pin":2,"to":"{EMAIL}"}}', "pin")
    assert [kept.types for kept in result.kept] == [["FORBIDDEN_FIELD"]]
    assert compiled.quarantines


def test_only_allowed_fields_are_left():
    compiled = plan(AllowFields("only", ("$.id",)))
    values, result = fetched(compiled, '{"id":1,"cvv":2}', "no JSON", None, "")
    assert values == [b'{"id":1}', None, b""]
    transformed = [fact for fact in result.facts if isinstance(fact, Transformed)]
    assert [(fact.rule, fact.kind, fact.count) for fact in transformed] == [("only", "allow", 1)]


# --- keys ----------------------------------------------------------------------------------------------------


def keys_of(compiled: ControlPlan, *keys: bytes | None) -> list[bytes | None]:
    records = [record("{}", key, at=at) for at, key in enumerate(keys)]
    result = treat_fetch(batch(records), compiled, LIMITS, OUT)
    return [each.key for each in (records if result.data is None else records_of(result.data))]


def test_whole_keys_are_changed_and_null_stays_null():
    keys = keys_of(plan(RedactKey("r", TOKENS)), b"jane", None, b"", b"jane", b"joe")
    assert keys[1] is None
    assert keys[0] == keys[3] == make_change(TOKENS, KEYS, "record key").text(b"jane")
    assert len({keys[0], keys[2], keys[4]}) == 3
    assert all(len(key) == 32 for key in keys if key is not None)


def test_detectors_need_not_look_at_a_key_that_was_changed():
    assert keys_of(plan(RedactKey("r", TOKENS), detect()), CARD.encode()) != []


def test_a_finding_in_a_key_holds_back_the_record_unless_policy_wants_another_key():
    in_keys = RedactFinding("r", ("PAYMENT_CARD",), 0.6, TOKENS, record_keys=True)
    key = b"card " + CARD.encode()
    token = make_change(TOKENS, KEYS, "PAYMENT_CARD").text(CARD.encode())
    assert keys_of(plan(redact(TOKENS)), key) == []
    assert keys_of(plan(in_keys), key, b"none", None) == [b"card " + token, b"none", None]
    assert keys_of(plan(in_keys, redact(MASK, types=("PAYMENT_CARD",))), key) == []
    assert keys_of(plan(in_keys, detect(types=("PAYMENT_CARD",))), key) == []


# --- all values at once --------------------------------------------------------------------------------------

VALUES = st.sampled_from(
    [
        None,
        b"",
        b'{"a":"abcdefgh","b":1}',
        b'{"a":"ijkl","b":2}',
        b'{"a":null,"b":3}',
        f'{{"a":"{CARD}","b":"{CARD}"}}'.encode(),
        f'{{"a":"x","to":"{EMAIL}"}}'.encode(),
        b"text",
        EMAIL.encode(),
    ]
)
PLANS = [
    plan(field("$.a")),
    plan(field("$.a", REMOVE), field("$.b", HASH)),
    plan(field("$.a"), detect()),
    plan(field("$.a"), redact()),
    plan(field("$.a"), detect(Action.ALERT)),
    plan(AllowFields("only", ("$.a",)), detect()),
]


@given(st.sampled_from(PLANS), st.lists(VALUES, min_size=1, max_size=4), st.sampled_from([b"k", EMAIL.encode()]))
def test_all_values_at_once_come_to_the_same_as_one_by_one(compiled, values, key):
    assert compiled.fields_come_first
    payload = write_records([record(value, key, at=at) for at, value in enumerate(values)])
    one_by_one, at_once = (treatment_of(payload, len(values), compiled, OUT) for _ in range(2))
    assert one_by_one
    assert at_once
    expected = write_records(one_by_one.remaining(iter_records(payload, len(values))))
    assert bytes(at_once.rewritten(len(values), len(values))) == expected
    assert at_once.changed == one_by_one.changed or one_by_one.tally.gone
    assert sorted(map(repr, at_once.facts())) == sorted(map(repr, one_by_one.facts()))


@pytest.mark.parametrize(
    "compiled",
    [
        plan(detect()),
        plan(field("$.a"), forbid(Action.ALERT, "cvv")),
        plan(field("$.a"), RedactKey("r", TOKENS)),
        plan(field("$.a"), detect(Action.QUARANTINE)),
    ],
)
def test_where_records_have_to_be_looked_at_one_by_one(compiled):
    assert not compiled.fields_come_first


# --- what redaction itself has put there ---------------------------------------------------------------------

SECRET = "hunter" + "2xK9!qqwZ7"
IP = "192.168." + "17.77"


def transform(kind: str, **options) -> Transform:
    return Transform(TransformKind(kind), **options)


@pytest.mark.parametrize(
    ("type_", "change", "value"),
    [
        ("GENERIC_SECRET", transform("tokenise", key="k"), {"password": SECRET}),
        ("GENERIC_SECRET", transform("hash", key="k"), {"password": SECRET}),
        ("EMAIL", transform("mask_email"), {"email": EMAIL}),
        ("EMAIL", transform("mask", keep_format=True), {"email": EMAIL}),
        ("IP_ADDRESS", transform("mask_ip"), {"ip": IP}),
        ("IP_ADDRESS", transform("generalise", to=Unit.NETWORK), {"ip": IP}),
        ("DATE_OF_BIRTH", transform("generalise", to=Unit.MONTH), {"date_of_birth": "1980-03-17"}),
        ("DATE_OF_BIRTH", transform("shift_date", key="k", days=30), {"date_of_birth": "1980-03-17"}),
    ],
)
@pytest.mark.parametrize("shape", [(), (Format("f", "json"),)], ids=["", "with a format"])
def test_it_is_no_remainder(type_, change, value, shape):
    compiled = plan(RedactFinding("r", (type_,), 0.5, change), *shape)
    ((after,), result) = fetched(compiled, json.dumps(value))
    ((name, before),) = value.items()
    about = make_change(change, KEYS, type_)
    assert json.loads(after) == {name: about.text(before.encode()).decode()}
    assert [fact.count for fact in result.facts if isinstance(fact, Transformed)] == [1]


def test_a_masked_address_may_not_carry_something_else():
    hidden = f"jane@{CARD}.com"
    compiled = plan(
        RedactFinding("r", ("EMAIL",), 0.5, transform("mask_email")), detect(types=("PAYMENT_CARD",), confidence=0.3)
    )
    values, _ = fetched(compiled, json.dumps({"email": hidden, "card": hidden}))
    assert not any(CARD.encode() in value for value in values)


@pytest.mark.parametrize("shape", [(), (Format("f", "json"),)], ids=["", "with a format"])
def test_what_field_rules_have_put_there_is_no_finding(shape):
    compiled = plan(
        RedactName("r", transform("tokenise", key="k"), "password"), detect(types=("GENERIC_SECRET",)), *shape
    )
    values, result = fetched(compiled, json.dumps({"password": SECRET}), json.dumps({"secret": SECRET}))
    assert len(values) == 1
    assert [fact.count for fact in result.facts if isinstance(fact, Found)] == [1]


def test_among_many_tokens_a_short_value_is_still_what_it_is():
    compiled = plan(RedactName("t", TOKENS, "email"), Detect("no codes", ("CVV",), 0.5, Action.BLOCK))
    people = [{"email": f"u{number}@example.com"} for number in range(1_000)]
    values, result = fetched(compiled, json.dumps({"people": people, "card": {"cvv": "739"}}))
    assert values == []
    assert result.blocked == 1
