"""Avro and Protobuf, from batch to batch, as other libraries read them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.boundary.batch_kit import CODECS, IN, KEYS, LIMITS, OUT, batch, detect, record, records_of, values_of, whole
from tests.detect.samples import CARD, EMAIL
from tests.formats.avro.kit import said, written
from tests.formats.protobuf.kit import SHOP, Order, field, tag
from zoneproxy.boundary.batches import treat_fetch, treat_produce
from zoneproxy.boundary.facts import Blocked, Found, SchemaWanted, Transformed
from zoneproxy.boundary.plan import ControlPlan
from zoneproxy.boundary.plans import Plans
from zoneproxy.formats.avro.schema import avro_schema
from zoneproxy.formats.book import SchemaBook
from zoneproxy.formats.framing import KEY_HEADER, VALUE_HEADER
from zoneproxy.formats.protobuf.schema import protobuf_schema
from zoneproxy.formats.varints import unsigned
from zoneproxy.policy.conditions.parser import parse_condition
from zoneproxy.policy.controls import Action, Control, RedactField, RedactFinding
from zoneproxy.policy.field_controls import AllowFields, RedactTag
from zoneproxy.policy.record_rules import RowFilter
from zoneproxy.policy.transforms import Transform, TransformKind
from zoneproxy.policy.value_rules import Binary, Format
from zoneproxy.wire.error_codes import ErrorCode

PAYMENT = {
    "type": "record",
    "name": "shop.Payment",
    "fields": [
        {"name": "id", "type": "long"},
        {"name": "card", "type": "long"},
        {"name": "email", "type": ["null", "string"], "confluent:tags": ["PII"]},
        {"name": "amount", "type": {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}},
        {"name": "born", "type": {"type": "int", "logicalType": "date"}},
        {"name": "notes", "type": {"type": "map", "values": {"type": "array", "items": "string"}}},
    ],
}
VALUE = {
    "id": 17,
    "card": 42,
    "email": "nobody",
    "amount": Decimal("12.34"),
    "born": date(1984, 3, 5),
    "notes": {"a": ["x", "y"], "b": []},
}
GUID = UUID(int=7)
SCHEMA = avro_schema(json.dumps(PAYMENT))
BOOK = SchemaBook("main", {1: SCHEMA, 2: protobuf_schema(SHOP), 3: avro_schema('"string"'), GUID: SCHEMA}, asks=True)
FRAME, PROTOBUF_FRAME = b"\x00\x00\x00\x00\x01", b"\x00\x00\x00\x00\x02\x00"
AVRO = Format("is", "avro", schemas="main")
PROTOBUF = Format("is", "protobuf", schemas="main")
TYPES = ("PAYMENT_CARD", "EMAIL")
MASK = Transform(TransformKind.MASK)
REMOVE = Transform(TransformKind.REMOVE)
HIDE = RedactFinding("hide", TYPES, 0.6, Transform(TransformKind.REPLACE, value="1"))


def plan(*controls: Control) -> ControlPlan:
    return ControlPlan(controls, KEYS, {"main": BOOK})


def produced(value: bytes, *controls: Control, codec: int = 0, headers: Any = ()) -> bytes | None:
    """What becomes of a value on its way in; on its way out it is the same. None: it goes."""
    data = batch([record(value, None, headers), record(None, None, [], 1)], codec)
    made = plan(*controls)
    result = treat_produce(whole(data), made, LIMITS, IN)
    fetched = treat_fetch(data, made, LIMITS, OUT)
    if result.error:
        assert [each.offset_delta for each in records_of(fetched.data or b"")] == [1]
        return None
    assert values_of(result.data or data) == values_of(fetched.data or data)
    return values_of(result.data or data)[0]


def payment(**changes: Any) -> bytes:
    return FRAME + written(PAYMENT, VALUE | changes)


def paid(value: bytes | None) -> dict[str, Any]:
    assert value is not None
    assert value[:5] == FRAME
    changed: dict[str, Any] = said(PAYMENT, value[5:])
    return {name: text for name, text in changed.items() if text != VALUE[name]}


@pytest.mark.parametrize("codec", CODECS)
def test_what_is_clean_goes_on_as_it_came(codec: int) -> None:
    data = batch([payment(), payment()], codec)
    for made in (plan(AVRO, HIDE), plan(AVRO, detect(types=TYPES)), plan(AVRO, RedactTag("r", MASK, "PHI"))):
        assert treat_produce(whole(data), made, LIMITS, IN).data is None
        assert treat_fetch(data, made, LIMITS, OUT).data is None


def test_findings_are_changed_wherever_they_stand() -> None:
    found = payment(card=int(CARD), email=f"to {EMAIL}!", notes={"a": ["x", EMAIL], "b": []})
    assert paid(produced(found, AVRO, HIDE)) == {"card": 1, "email": "to 1!", "notes": {"a": ["x", "1"], "b": []}}


def test_a_number_that_cannot_say_what_it_should_goes() -> None:
    assert produced(payment(card=int(CARD)), AVRO, RedactFinding("hide", TYPES, 0.6, MASK)) is None


def test_blocked_are_findings_that_only_the_format_shows() -> None:
    assert produced(payment(card=int(CARD)), detect(types=TYPES)) is not None  # nothing says that it is Avro
    assert produced(payment(card=int(CARD)), AVRO, detect(types=TYPES)) is None


@pytest.mark.parametrize(
    ("control", "expected"),
    [
        (RedactTag("r", MASK, "PII"), {"email": "******"}),
        (RedactTag("r", REMOVE, "PII"), {"email": None}),
        (RedactField("r", "$.email", REMOVE), {"email": None}),
        (RedactField("r", "$.id", REMOVE), {"id": 0}),
        (RedactField("r", "$.notes.a[1]", MASK), {"notes": {"a": ["x", "*"], "b": []}}),
        (RedactField("r", "$.notes", REMOVE), {"notes": {}}),
        (RedactField("r", "$.notes.a", REMOVE), {"notes": {"b": []}}),
        (RedactField("r", "$.notes.*[*]", REMOVE), {"notes": {"a": ["", ""], "b": []}}),
        (RedactField("r", "$.amount", Transform(TransformKind.REPLACE, value="0.5")), {"amount": Decimal("0.50")}),
        (RedactField("r", "$.born", Transform(TransformKind.REPLACE, value="1984")), {"born": date(1984, 1, 1)}),
    ],
)
def test_fields_are_changed_by_path_and_by_tag(control: Control, expected: dict[str, Any]) -> None:
    assert paid(produced(payment(), AVRO, control)) == expected


def test_only_what_is_allowed_stays() -> None:
    kept = produced(payment(), AVRO, AllowFields("r", ("$.id", "$.born")))
    assert paid(kept) == {"card": 0, "email": None, "amount": Decimal("0.00"), "notes": {}}


@pytest.mark.parametrize(
    "value",
    [b"", b"{}", FRAME, FRAME + b"\x01", payment() + b"\x00", payment()[:-1], b"\x00\x00\x00\x00\x02" + payment()[5:]],
)
def test_what_is_not_of_its_schema_goes(value: bytes) -> None:
    assert (produced(value, AVRO, HIDE) is None) is bool(value)


def test_a_header_may_tell_of_the_schema() -> None:
    alone = written(PAYMENT, VALUE | {"email": EMAIL})
    headers = [(VALUE_HEADER, b"\x01" + GUID.bytes), (b"other", b"x")]
    changed = produced(alone, AVRO, RedactTag("r", REMOVE, "PII"), headers=headers)
    assert changed is not None
    assert said(PAYMENT, changed) == VALUE | {"email": None}
    assert produced(alone, AVRO, HIDE) is None
    assert produced(alone, AVRO, HIDE, headers=headers[:1] * 2) is None
    assert produced(alone, AVRO, HIDE, headers=[(KEY_HEADER, headers[0][1])]) is None


def test_keys_may_be_of_a_schema_too() -> None:
    key = b"\x00\x00\x00\x00\x03\x08fine"
    dirty = b"\x00\x00\x00\x00\x03" + written("string", EMAIL)
    made = plan(Format("is", key="avro", schemas="main"), detect(types=TYPES))
    told = [(KEY_HEADER, b"\x00\x00\x00\x00\x03")]
    for good in (record(b"x", key), record(b"x", key[5:], told)):
        assert treat_produce(whole(batch([good])), made, LIMITS, IN).error == ErrorCode.NONE
    for bad in (record(b"x", dirty), record(b"x", dirty[5:], told), record(b"x", b"fine")):
        assert treat_produce(whole(batch([bad])), made, LIMITS, IN).error == ErrorCode.POLICY_VIOLATION


def test_schemas_that_are_not_known_are_asked_for() -> None:
    unknown = b"\x00\x00\x00\x00\x09\x02x"
    data = batch([payment(), unknown, unknown])
    result = treat_produce(whole(data), plan(AVRO, HIDE), LIMITS, IN)
    assert [fact for fact in result.facts if isinstance(fact, SchemaWanted)] == [SchemaWanted("main", 9, "t", 2)]
    assert [fact.reason for fact in result.facts if isinstance(fact, Blocked)] == ["unknown_schema"]


def test_but_not_for_any_number_of_them() -> None:
    many = batch([b"\x00" + (1000 + number).to_bytes(4) + b"\x02x" for number in range(100)])
    result = treat_produce(whole(many), plan(AVRO, HIDE), LIMITS, IN)
    assert len([fact for fact in result.facts if isinstance(fact, SchemaWanted)]) == 32


# --- Protobuf


def order(**fields: Any) -> bytes:
    said: bytes = Order(**({"id": 1, "reference": "r"} | fields)).SerializeToString(deterministic=True)
    return PROTOBUF_FRAME + said


def ordered(value: bytes | None) -> Any:
    assert value is not None
    assert value[:6] == PROTOBUF_FRAME
    return Order.FromString(value[6:])


def test_findings_in_protobuf_are_changed_with_all_lengths_right() -> None:
    inner = {"sku": "s", "order": {"id": 2, "reference": "s", "notes": ["a", EMAIL]}}
    dirty = order(line=inner, by_sku={"k": inner}, names={7: CARD}, number=int(CARD))
    clean = {"sku": "s", "order": {"id": 2, "reference": "s", "notes": ["a", "1"]}}
    assert ordered(produced(dirty, PROTOBUF, HIDE)) == Order(
        id=1, reference="r", line=clean, by_sku={"k": clean}, names={7: "1"}, number=1
    )


def test_tags_of_protobuf() -> None:
    value = order(email="x", line={"order": {"id": 2, "reference": "s", "email": "y"}})
    assert ordered(produced(value, PROTOBUF, RedactTag("r", REMOVE, "PII"))) == Order(
        id=1, reference="r", line={"order": {"id": 2, "reference": "s"}}
    )


def test_fields_that_the_schema_has_not_are_looked_into() -> None:
    hidden = order() + tag(77, 0) + unsigned(2 * int(CARD)) + field(78, field(1, EMAIL.encode() + b"\x01"))
    assert produced(hidden, PROTOBUF, detect(types=("PAYMENT_CARD",))) is None
    changed = produced(hidden, PROTOBUF, HIDE)
    assert changed == order() + tag(77, 0) + unsigned(2) + field(78, field(1, b"1\x01"))


def test_protobuf_without_a_schema() -> None:
    schemaless = Format("is", "protobuf")
    value = field(1, field(2, EMAIL.encode()) + b"\x18\x05")
    assert produced(value, schemaless, HIDE) == field(1, field(2, b"1") + b"\x18\x05")
    assert produced(value, schemaless, RedactField("r", "$['1']['2']", REMOVE)) == field(1, b"\x18\x05")
    assert produced(b"not a message", schemaless, HIDE) is None


@given(st.integers(0, 2**63 - 1), st.text(max_size=50), st.booleans())
def test_outside_of_what_is_redacted_every_field_is_equal(number: int, text: str, in_protobuf: bool) -> None:
    tagged = RedactTag("r", REMOVE, "PII")
    if in_protobuf:
        before = Order(id=number, reference=text, email=text, notes=[text, text], counts=[number % 100])
        after = produced(PROTOBUF_FRAME + before.SerializeToString(), PROTOBUF, tagged)
        before.ClearField("email")
        assert ordered(after) == before
    else:
        changes = {"id": number, "email": text, "notes": {text: [text]}}
        after = produced(payment(**changes), AVRO, tagged)
        assert after is not None
        assert said(PAYMENT, after[5:]) == VALUE | changes | {"email": None}


def test_what_is_found_is_told_without_its_value() -> None:
    result = treat_produce(whole(batch([payment(email=EMAIL)])), plan(AVRO, HIDE), LIMITS, IN)
    (found,) = [fact for fact in result.facts if isinstance(fact, Found)]
    assert (found.type, found.place, found.action) == ("EMAIL", "value", "redact")
    assert [fact.kind for fact in result.facts if isinstance(fact, Transformed)] == ["replace"]
    assert EMAIL not in repr(result.facts)


def test_what_is_only_tried_out_wants_schemas_as_well() -> None:
    controls = AVRO, detect(Action.BLOCK, types=TYPES)
    made = Plans(KEYS, {"main": BOOK}).of((controls[0], _tried(controls[1])))
    assert made is not None
    result = treat_produce(whole(batch([payment(email=EMAIL)])), made, LIMITS, IN)
    assert result.error == ErrorCode.NONE
    assert [fact.mode for fact in result.facts if isinstance(fact, Found)] == ["observed"]


def _tried(control: Any) -> Control:
    tried: Control = replace(control, dry_run=True)
    return tried


def test_other_rules_know_the_schemas_as_well() -> None:
    binary = Binary("no blobs", Action.BLOCK, ("value",))
    eu = RowFilter("eu", "", parse_condition('$.email == "nobody"'))
    assert paid(produced(payment(), AVRO, binary, eu, HIDE)) == {}
    dropped = treat_fetch(batch([payment(email="x")]), plan(AVRO, eu), LIMITS, OUT)
    assert whole(dropped.data or b"").header.records_count == 0
    awaited = treat_produce(whole(batch([b"\x00\x00\x00\x00\x09\x02x"])), plan(AVRO, eu), LIMITS, IN)
    assert [fact.schema for fact in awaited.facts if isinstance(fact, SchemaWanted)] == [9]
