from __future__ import annotations

import dataclasses
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.boundary.batch_kit import (
    CODECS,
    HASH,
    IN,
    LIMITS,
    MASKED,
    OUT,
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
from tests.detect.samples import CARD, EMAIL, SSN
from tests.formats.samples import CLEAN_IN, HIDDEN_IN, NUMBER
from tests.formats.test_cbor import encoded
from tests.formats.test_msgpack import packed
from zoneproxy.boundary.batches import treat_fetch, treat_produce
from zoneproxy.boundary.facts import Blocked, Found, Transformed, Unscannable
from zoneproxy.boundary.plans import Plans
from zoneproxy.boundary.structured import StructuredParts
from zoneproxy.boundary.tally import Goes, Tally
from zoneproxy.detect import scanner
from zoneproxy.policy.controls import Action
from zoneproxy.policy.field_controls import RedactName
from zoneproxy.policy.transforms import Transform, TransformKind
from zoneproxy.policy.value_rules import Format
from zoneproxy.wire.error_codes import ErrorCode


def value_format(name: str, **fields) -> Format:
    return Format("shape", name, **fields)


def parts(*controls) -> tuple[StructuredParts, Tally]:
    tally = Tally()
    return StructuredParts(plan(*controls), tally), tally


def redacted(name: str, value: bytes, *controls, place: str = "value") -> bytes:
    treatment, _ = parts(Format("shape", name, name, name), *(controls or (redact(),)))
    return treatment.redact(value, place)


# --- through whole batches -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", HIDDEN_IN)
def test_produced_batches(name):
    dirty, clean = HIDDEN_IN[name]
    compiled = plan(value_format(name), redact())
    produced = whole(batch([CLEAN_IN[name], dirty, None], codec=4))
    result = treat_produce(produced, compiled, LIMITS, IN)
    assert not result.error
    assert values_of(result.data) == [CLEAN_IN[name], clean, None]
    before, after = records_of(produced.view), records_of(result.data)
    assert [(old.key, old.headers, old.timestamp_delta) for old in before] == [
        (new.key, new.headers, new.timestamp_delta) for new in after
    ]
    (found,) = (fact for fact in result.facts if isinstance(fact, Found))
    assert (found.type, found.place, found.action, found.count) == ("PAYMENT_CARD", "value", "redact", 1)


@pytest.mark.parametrize("name", HIDDEN_IN)
def test_without_the_format_it_is_not_seen(name):
    if name not in ("csv",):
        assert treat_produce(whole(batch([HIDDEN_IN[name][0]])), plan(redact()), LIMITS, IN).data is None


@pytest.mark.parametrize("name", HIDDEN_IN)
def test_clean_batches_go_on_as_they_came(name):
    for codec in CODECS:
        result = treat_produce(whole(batch([CLEAN_IN[name]], codec)), plan(value_format(name), redact()), LIMITS, IN)
        assert (result.data, result.error) == (None, 0)
        assert not any(isinstance(fact, Found | Blocked | Transformed) for fact in result.facts)


@pytest.mark.parametrize("name", HIDDEN_IN)
def test_fetched_batches(name):
    dirty, clean = HIDDEN_IN[name]
    data = batch([CLEAN_IN[name], dirty])
    assert values_of(treat_fetch(data, plan(value_format(name), redact()), LIMITS, OUT).data) == [CLEAN_IN[name], clean]
    assert values_of(treat_fetch(data, plan(value_format(name), detect()), LIMITS, OUT).data) == [CLEAN_IN[name]]


@pytest.mark.parametrize("name", sorted(set(HIDDEN_IN) - {"auto", "csv"}))
def test_what_is_none_of_its_format_goes(name):
    compiled = plan(value_format(name))
    result = treat_produce(whole(batch([CLEAN_IN[name], b"\x01 none"])), compiled, LIMITS, IN)
    assert result.error == ErrorCode.POLICY_VIOLATION
    assert [fact.reason for fact in result.facts if isinstance(fact, Blocked)] == ["malformed"]
    fetched = treat_fetch(batch([CLEAN_IN[name], b"\x01 none"]), compiled, LIMITS, OUT)
    assert values_of(fetched.data) == [CLEAN_IN[name]]


def test_dry_runs_read_formats_as_well():
    controls = (value_format("msgpack"), dataclasses.replace(redact(), dry_run=True))
    result = treat_produce(whole(batch([HIDDEN_IN["msgpack"][0]])), Plans({}).of(controls), LIMITS, IN)
    assert result.data is None
    assert any(isinstance(fact, Found) for fact in result.facts)


# --- places --------------------------------------------------------------------------------------------------


def test_keys_and_headers():
    compiled = plan(Format("shape", key="msgpack", headers="form"), redact())
    form = HIDDEN_IN["form"]
    dirty = record("text", headers=[(b"a", form[0]), (b"b", None)])
    (after,) = records_of(treat_produce(whole(batch([dirty])), compiled, LIMITS, IN).data or batch([dirty]))
    assert after.headers == ((b"a", form[1]), (b"b", None))
    blocked = treat_produce(whole(batch([record("x", key=HIDDEN_IN["msgpack"][0])])), compiled, LIMITS, IN)
    assert blocked.error == ErrorCode.POLICY_VIOLATION
    assert [(fact.type, fact.place) for fact in blocked.facts if isinstance(fact, Found)] == [("PAYMENT_CARD", "key")]


def test_a_format_without_anything_else_is_a_demand():
    compiled = plan(Format("shape", "json", "text", "form"))
    assert not treat_produce(whole(batch([record("{}", b"k", [(b"\xff", b"a=b")])])), compiled, LIMITS, IN).error
    for dirty in (record("{"), record("{}", b"\xff"), record("{}", b"k", [(b"h", b"a b")])):
        assert treat_produce(whole(batch([dirty])), compiled, LIMITS, IN).error == ErrorCode.POLICY_VIOLATION


def test_parts_of_which_nothing_is_said():
    treatment, _ = parts(Format("shape", key="text"), redact())
    assert treatment.redact(CARD.encode(), "value") == MASKED.encode()
    with pytest.raises(Goes, match="finding"):
        treatment.forbid(CARD.encode(), "header_name")


# --- detection -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("msgpack", packed({"user": {"ssn": SSN.replace("-", "")}})),
        ("cbor", encoded({"ssn": int(SSN.replace("-", ""))})),
        ("xml", f"<u><ssn>{SSN.replace('-', '')}</ssn></u>".encode()),
        ("form", f"ssn=%{ord(SSN[0]):X}{SSN[1:].replace('-', '')}".encode()),
        ("csv", f"id,ssn\n1,{SSN.replace('-', '')}\n".encode()),
        ("json", json.dumps({"p": json.dumps({"ssn": SSN.replace("-", "")})}).encode()),
    ],
)
def test_names_make_findings_surer(name, value):
    named = detect(confidence=0.7, types=["US_SSN"])
    with pytest.raises(Goes, match="finding"):
        redacted(name, value, named)
    assert redacted(name, value.replace(b"ssn", b"abc"), named)


def test_leaves_beside_a_value_name_it():
    value = packed({"system": "us-ssn", "value": SSN.replace("-", "")})
    with pytest.raises(Goes, match="finding"):
        redacted("msgpack", value, detect(confidence=0.7))


def test_names_from_the_data_are_looked_through():
    assert redacted("msgpack", packed({CARD: 1})) == packed({MASKED: 1})
    with pytest.raises(Goes, match="unscannable"):
        redacted("xml", f"<r x{CARD}='1'/>".encode(), redact())
    with pytest.raises(Goes, match="finding"):
        redacted("cbor", encoded({"a": [{CARD: 1}]}), detect())


def test_bytes_and_texts_with_line_ends():
    assert redacted("msgpack", packed({"raw": CARD.encode() + b"\xff"})) == packed({"raw": MASKED.encode() + b"\xff"})
    value = packed({"note": f'he said "{EMAIL}"\nand left'})
    after = redacted("msgpack", value, redact(HASH))
    assert EMAIL.encode() not in after
    assert b'he said "' in after
    assert b'"\nand left' in after


def test_what_is_nested_in_texts():
    for name, dump in (("json", lambda value: json.dumps(value).encode()), ("msgpack", packed), ("cbor", encoded)):
        inner = json.dumps({"card": 1})
        dirty = dump({"p": inner.replace("1", f"{CARD}.0")})
        assert redacted(name, dirty) == dump({"p": inner.replace("1", f'"{MASKED}"')})


def test_names_given_twice():
    value = f'{{"a":{CARD}.0,"a":1}}'.encode()
    assert redacted("json", value) == f'{{"a":"{MASKED}","a":1}}'.encode()
    treatment, _ = parts(value_format("json", unique_names=True), redact())
    with pytest.raises(Goes, match="malformed"):
        treatment.redact(b'{"a":1,"a":1}', "value")
    with pytest.raises(Goes, match="malformed"):
        treatment.redact(json.dumps({"x": '{"a":1,"a":1}'}).encode(), "value")


def test_alerts_are_told_once():
    for name, value in (("json", f'{{"a":"{CARD}"}}'.encode()), ("xml", f"<a>{CARD}</a>".encode())):
        treatment, tally = parts(value_format(name), detect(Action.ALERT))
        assert treatment.redact(value, "value") == value
        assert [fact.count for fact in tally.facts(OUT) if isinstance(fact, Found)] == [1]


def test_text_is_looked_through_as_it_stands_too():
    # To a form this is a space; to somebody else it is what makes a number of it.
    with pytest.raises(Goes, match="finding"):
        redacted("form", b"x=+442079460018", detect(types=["PHONE"], confidence=0.5))


def test_auto():
    assert redacted("auto", f"pay {CARD}".encode()) == f"pay {MASKED}".encode()
    assert redacted("auto", HIDDEN_IN["json"][0]) == HIDDEN_IN["json"][1]
    assert redacted("auto", HIDDEN_IN["cbor"][0]) == HIDDEN_IN["cbor"][1]
    assert redacted("auto", HIDDEN_IN["xml"][0]) == HIDDEN_IN["xml"][1]
    with pytest.raises(Goes, match="malformed"):
        redacted("auto", b"\x91" * 1000 + b"\x00")


# --- changes -------------------------------------------------------------------------------------------------


def test_what_cannot_be_changed_goes():
    with pytest.raises(Goes, match="unscannable"):
        redacted("msgpack", b"\x81\xa1a\xd8\x05" + CARD.encode(), redact())


def test_what_redaction_leaves():
    shows_all_but_one = Transform(TransformKind.MASK, keep_last=len(EMAIL) - 1)
    with pytest.raises(Goes, match="remainder"):
        redacted("msgpack", packed({"a": EMAIL}), redact(shows_all_but_one))


def test_what_is_written_in_markup_is_escaped():
    less_than = Transform(TransformKind.MASK, mask_with="<")
    assert redacted("xml", f"<a>{CARD}</a>".encode(), redact(less_than)) == b"<a>" + b"&#60;" * 16 + b"</a>"
    dash = Transform(TransformKind.MASK, mask_with="-")
    with pytest.raises(Goes, match="unscannable"):
        redacted("xml", f"<a><!--{CARD}--></a>".encode(), redact(dash))


def test_what_cannot_be_cut_goes():
    # Read as it stands, this is an address that begins within an escape.
    with pytest.raises(Goes, match="unscannable"):
        redacted("msgpack", packed({"a": rb'{"a":"\u00ab@example.com"}'}))


def test_what_breaks_the_format_goes():
    # It is found in the text as it stands only, and what takes its place stands in no form.
    space = Transform(TransformKind.REPLACE, value='" "')
    with pytest.raises(Goes, match="unscannable"):
        redacted("form", b"x=+442079460018", redact(space, types=["PHONE"]))


@pytest.mark.parametrize("transform", [HASH, REMOVE])
def test_other_transforms(transform):
    for name in ("msgpack", "cbor", "xml", "form", "csv", "ndjson", "json"):
        dirty = HIDDEN_IN[name][0]
        assert CARD.encode() not in redacted(name, dirty, redact(transform))


# --- fields --------------------------------------------------------------------------------------------------

PERSON = {"id": 7, "card": {"number": CARD, "cvv": 123}, "tags": ["a", "b"]}


def fields_of(name: str, value: bytes, *controls, **options) -> bytes:
    treatment, _ = parts(value_format(name, **options), *controls)
    return treatment.apply_fields(value)


def test_fields_of_binary_formats():
    expected = {"id": 7, "card": {"number": MASKED}, "tags": ["a", "b"]}
    for name, dump in (("msgpack", packed), ("cbor", encoded), ("auto", packed)):
        rules = (field("$.card.number"), field("$.card.cvv", REMOVE))
        assert fields_of(name, dump(PERSON), *rules) == dump(expected)
        del_card = {key: value for key, value in PERSON.items() if key != "card"}
        assert fields_of(name, dump(PERSON), field("$.card", REMOVE)) == dump(del_card)
        assert fields_of(name, dump(PERSON), field("$.none")) == dump(PERSON)


@pytest.mark.parametrize(
    ("name", "value", "path", "after"),
    [
        ("xml", "<o><c t='x'>41111</c></o>", "$.o.c", "<o><c t='*'>*1111</c></o>"),
        ("xml", "<o><c t='abcdef'>41111</c></o>", "$.o.c['@t']", "<o><c t='**cdef'>41111</c></o>"),
        ("form", "a=41111&b=41111", "$.a", "a=*1111&b=41111"),
        ("csv", "1,41111\r\n2,51111", "$[1]", "1,*1111\r\n2,*1111"),
        ("ndjson", '{"a":41111}\n{"a":"51111"}', "$.a", '{"a":"*1111"}\n{"a":"*1111"}'),
    ],
)
def test_fields_of_texts(name, value, path, after):
    assert fields_of(name, value.encode(), field(path)) == after.encode()


def test_columns_by_name():
    value = b"7,bob@example.com\n"
    assert fields_of("csv", value, field("$.email"), columns=("id", "email")) == b"7,***********.com\n"


def test_fields_in_what_is_nested():
    value = json.dumps({"p": json.dumps({"a": "41111", "b": 1}), "a": "51111"}).encode()
    after = fields_of("json", value, field("$.p.a"))
    assert json.loads(json.loads(after)["p"]) == {"a": "*1111", "b": 1}
    assert json.loads(after)["a"] == "51111"
    whole_text = fields_of("json", value, field("$.p", HASH))
    assert len(json.loads(whole_text)["p"]) == 32
    assert fields_of("msgpack", packed({"p": '{"a":"41111"}'}), field("$.p.a")) == packed({"p": '{"a":"*1111"}'})


def test_fields_of_json_that_is_open():
    value = json.dumps({"p": {"a": "41111", "b": 1}}).encode()
    assert fields_of("json", value, field("$.p.a")) == value.replace(b"41111", b"*1111")
    nested = json.dumps({"p": "[41111, 1]"}).encode()
    assert json.loads(json.loads(fields_of("json", nested, field("$.p[0]")))["p"]) == ["*1111", 1]


def test_fields_are_told():
    treatment, tally = parts(value_format("msgpack"), field("$.card"))
    treatment.apply_fields(packed(PERSON))
    treatment.tell_fields()
    assert list(tally.facts(OUT)) == [Transformed("fields", "mask", "t", 2, 2)]


def test_fields_that_cannot_be_changed():
    with pytest.raises(Goes, match="unscannable"):
        fields_of("xml", b"<o>x</o>", field("$.o", REMOVE))
    with pytest.raises(Goes, match="malformed"):
        fields_of("xml", b"no xml", field("$.o"))
    with pytest.raises(Goes, match="unscannable"):
        fields_of("auto", b"no json", field("$.o"))


def test_without_field_rules_a_value_stays():
    assert fields_of("json", b"no json", redact()) == b"no json"


# --- quarantine ----------------------------------------------------------------------------------------------


def test_what_is_to_be_kept():
    treatment, _ = parts(Format("shape", "msgpack", "cbor"), detect(Action.QUARANTINE))
    dirty, clean = HIDDEN_IN["msgpack"][0], packed({"a": 1})
    assert list(treatment.to_be_kept(record(dirty))) == [("no cards", "PAYMENT_CARD")]
    assert list(treatment.to_be_kept(record(clean, key=HIDDEN_IN["cbor"][0]))) == [("no cards", "PAYMENT_CARD")]
    assert list(treatment.to_be_kept(record(clean, key=b"no cbor"))) == []
    assert list(treatment.to_be_kept(record(None))) == []


# --- properties ----------------------------------------------------------------------------------------------

VALUES = st.recursive(
    st.none() | st.integers(-5, 200) | st.sampled_from([CARD, EMAIL, NUMBER, "x", f"a {CARD} b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60)
@given(VALUES, st.sampled_from([("msgpack", packed), ("cbor", encoded), ("json", lambda v: json.dumps(v).encode())]))
def test_all_that_is_found_is_hidden_and_nothing_else_changes(value, written):
    name, dump = written

    def hidden(inner):
        if isinstance(inner, dict):
            return {key: hidden(each) for key, each in inner.items()}
        if isinstance(inner, list):
            return [hidden(each) for each in inner]
        if inner in (CARD, NUMBER):
            return MASKED
        if inner == EMAIL:
            return "*" * (len(EMAIL) - 4) + EMAIL[-4:]
        return inner.replace(CARD, MASKED) if isinstance(inner, str) else inner

    assert redacted(name, dump(value)) == dump(hidden(value))


CSV = [value_format("csv"), value_format("csv", delimiter=";"), value_format("csv", header=False)]


@pytest.mark.parametrize(
    ("formats", "value", "expected"),
    [
        (CSV[:2], b"id;cvv\n1;123\n", b"id;cvv\n1;***\n"),
        (CSV[1::-1], b"id;cvv\n1;123\n", b"id;cvv\n1;***\n"),
        ([CSV[2], CSV[0]], b"id,cvv\n1,123\n", b"id,cvv\n1,***\n"),
        (
            [value_format("text"), value_format("json")],
            b'{"p":"{\\"cvv\\":1}","cvv":23}',
            b'{"p":"{\\"cvv\\":\\"*\\"}","cvv":"**"}',
        ),
        ([value_format("text"), CSV[0]], b"id,cvv\n1,123\n", b"id,cvv\n1,***\n"),
    ],
)
def test_of_several_formats_none_hides_a_field_from_rules(formats, value, expected):
    treatment, _ = parts(*formats, RedactName("r", Transform(TransformKind.MASK), "cvv"))
    assert treatment.apply_fields(value) == expected


@pytest.mark.parametrize("value", [b'{"cvv":"1","gone":2}', b'{"cvv":"\\u0031","gone":2}'])
def test_what_several_formats_show_in_the_same_way_is_changed_once(value):
    tokens = RedactName("r", Transform(TransformKind.TOKENISE, key="k", zone="z"), "cvv")
    rules = [tokens, RedactName("r", Transform(TransformKind.REMOVE), "gone")]
    once, _ = parts(value_format("json"), *rules)
    twice, _ = parts(value_format("json"), value_format("auto"), *rules)
    assert twice.apply_fields(value) == once.apply_fields(value)


def test_of_several_formats_that_show_no_fields_the_record_goes():
    treatment, _ = parts(
        value_format("text"), value_format("auto"), RedactName("r", Transform(TransformKind.MASK), "cvv")
    )
    with pytest.raises(Goes):
        treatment.apply_fields(b"cvv=1")


# --- what cannot be looked into ------------------------------------------------------------------------------


def mild(control):
    return dataclasses.replace(control, on_error=Action.ALERT)


def test_what_is_not_of_its_format_may_go_on_as_it_stands():
    treatment, tally = parts(mild(value_format("msgpack")), redact())
    assert treatment.redact(b"\xc1" + EMAIL.encode(), "value").endswith(b".com")
    assert [fact.reason for fact in tally.facts(OUT) if isinstance(fact, Unscannable)] == ["malformed"]
    assert list(treatment.to_be_kept(record(b"\xc1"))) == []


def test_what_is_nested_may_go_on_unread():
    treatment, tally = parts(mild(value_format("json", unique_names=True)), redact())
    assert treatment.redact(rb'{"a": "{\"x\": 1, \"x\": 2}"}', "value")
    assert [fact.reason for fact in tally.facts(OUT)] == ["malformed"]


def test_dense_leaves_may_go_on_unread(monkeypatch):
    monkeypatch.setattr(scanner, "MAX_HITS", 2)
    value = b"<a>" + b"a@b.cc " * 3 + b"</a>"
    treatment, tally = parts(value_format("xml"), mild(redact()))
    assert treatment.redact(value, "value") is value
    assert [fact.reason for fact in tally.facts(OUT)] == ["dense"]
    keeping, _ = parts(value_format("xml"), detect(Action.QUARANTINE))
    assert list(keeping.to_be_kept(record(value))) == []


def test_sealed_copies_of_what_is_not_of_its_format():
    treatment, _ = parts(dataclasses.replace(value_format("msgpack"), on_error=Action.QUARANTINE), redact())
    assert list(treatment.to_be_kept(record(b"\xc1"))) == [("shape", "UNSCANNABLE")]
