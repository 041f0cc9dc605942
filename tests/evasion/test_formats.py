"""Rows 17, 19 and 30: what only a reader of a format sees, in every part of a record, and what nobody can read."""

from __future__ import annotations

import base64
import dataclasses
import gzip
import json

import pytest

from tests.boundary.batch_kit import IN, LIMITS, batch, record, records_of, whole
from tests.evasion.canaries import CANARIES, TYPES
from tests.formats.test_cbor import encoded
from tests.formats.test_msgpack import packed
from zoneproxy.boundary.batches import treat_produce
from zoneproxy.boundary.plan import ControlPlan
from zoneproxy.policy.controls import Action, Depth, RedactFinding
from zoneproxy.policy.transforms import Transform, TransformKind
from zoneproxy.policy.value_rules import Binary, Format
from zoneproxy.wire.error_codes import ErrorCode

HIDE = RedactFinding("hide", TYPES, 0.5, Transform(TransformKind.MASK))


def _entities(text: str) -> str:
    return "".join(f"&#x{ord(char):x};" for char in text)


def _cut(text: str) -> str:
    return text[:5] + "<![CDATA[" + text[5:8] + "]]><!-- x -->" + text[8:]


def _escapes(text: str) -> str:
    return "".join(f"\\u{ord(char):04x}" for char in text)


# Format and disguise → how it is done. Whoever reads the format sees the canary as it is.
DISGUISES = {
    "json: strings in strings in strings": lambda text: json.dumps(
        {"a": json.dumps({"b": f'{{"c":"{_escapes(text)}"}}'})}
    ),
    "json: a name that comes twice": lambda text: f'{{"a":"{_escapes(text)}","a":"x"}}',
    "ndjson: escapes": lambda text: f'{{}}\n{{"a":"{_escapes(text)}"}}\n',
    "csv: quotes": lambda text: f'x,"say ""{text}""",y\n',
    "csv: json": lambda text: 'x,"{""a"":""' + _escapes(text) + '""}"\n',
    "xml: entities": lambda text: f"<a>{_entities(text)}</a>",
    "xml: an attribute": lambda text: f"<a b='{_entities(text)}'/>",
    "xml: cut up": lambda text: f"<a>{_cut(text)}</a>",
    "xml: around an element": lambda text: f"<a>{text[:6]}<b/>{text[6:]}</a>",
    "form: percent": lambda text: "a=" + "".join(f"%{ord(char):02x}" for char in text),
    "form: json": lambda text: "a=%7b%22b%22:%22" + _escapes(text).replace("\\", "%5C") + "%22%7d",
    "msgpack: a key": lambda text: packed({text: 1}),
    "msgpack: json": lambda text: packed({"a": f'{{"b":"{_escapes(text)}"}}'}),
    "cbor: in pieces": lambda text: b"\x81\x7f" + encoded(text[:5]) + encoded(text[5:]) + b"\xff",
    "cbor: embedded": lambda text: b"\xd8\x18" + encoded(b"\x81\x7f" + encoded(text[:5]) + encoded(text[5:]) + b"\xff"),
    "auto: json": lambda text: json.dumps({"a": f'{{"b":"{_escapes(text)}"}}'}),
    "auto: xml": lambda text: f"<a>{_entities(text)}</a>",
    "auto: cbor": lambda text: b"\x82\x44\xff\xfe\xfd\x00\x7f" + encoded(text[:5]) + encoded(text[5:]) + b"\xff",
}
NUMBERS = {
    "json: an exponent": lambda card: f'{{"a":{card[0]}.{card[1:]}E15}}',
    "json: a fraction of nothing": lambda card: f'{{"a":{card}.00}}',
    "msgpack: an integer": lambda card: packed([int(card)]),
    "msgpack: a float": lambda card: packed({"a": float(card)}),
    "msgpack: a timestamp": lambda card: b"\xc7\x0c\xff" + bytes(4) + int(card).to_bytes(8),
    "cbor: an integer": lambda card: encoded([int(card)]),
    "cbor: a bignum": lambda card: b"\x81\xc2" + encoded(int(card).to_bytes(12)),
    "cbor: a decimal fraction": lambda card: b"\x81\xc4\x82\x21" + encoded(int(card) * 100),
    "cbor: embedded": lambda card: b"\xd8\x18" + encoded(encoded({"a": int(card)})),
}
CASES = [(name, write, type_) for name, write in DISGUISES.items() for type_ in TYPES]
CASES += [(name, write, "PAYMENT_CARD") for name, write in NUMBERS.items()]
IDS = [f"{name}, {type_}" for name, _, type_ in CASES]


def treat(dirty, *controls):
    return treat_produce(whole(batch([dirty])), ControlPlan(controls, {}), LIMITS, IN)


def disguised(write, type_: str) -> bytes:
    written = write(CANARIES[type_])
    return written if isinstance(written, bytes) else written.encode()


def shape(name: str) -> Format:
    format_ = name.partition(":")[0]
    return Format("shape", format_, format_, format_)


@pytest.mark.parametrize(("name", "write", "type_"), CASES, ids=IDS)
def test_in_values_and_headers(name, write, type_):
    dirty = disguised(write, type_)
    for given, part in (
        (record(dirty), lambda after: after.value),
        (record(None, headers=[(b"h", dirty)]), lambda after: after.headers[0][1]),
    ):
        result = treat(given, shape(name), HIDE)
        assert not result.error
        (after,) = records_of(result.data)
        assert part(after) != dirty
        assert treat(record(part(after)), shape(name), HIDE).data is None  # still of its format, and clean


@pytest.mark.parametrize(("name", "write", "type_"), CASES, ids=IDS)
def test_in_keys(name, write, type_):
    result = treat(record("x", key=disguised(write, type_)), Format("shape", key=name.partition(":")[0]), HIDE)
    assert result.error == ErrorCode.POLICY_VIOLATION


ENCODED = {
    "msgpack: base64": lambda text: packed({"a": base64.b64encode(text.encode()).decode()}),
    "msgpack: bytes of gzip": lambda text: packed({"a": gzip.compress(text.encode())}),
    "msgpack: bytes of utf-16": lambda text: packed({"a": text.encode("utf-16")}),
    "cbor: hexadecimal": lambda text: encoded([text.encode().hex()]),
    "cbor: zero-width spaces": lambda text: encoded(["\u200b".join(text)]),
    "xml: base64": lambda text: f"<a>{base64.b64encode(text.encode()).decode()}</a>",
    "csv: lines of base64": lambda text: f'x,"{base64.encodebytes(f"{text} ".encode() * 4).decode()}"\n',
    "form: base64": lambda text: "a=" + base64.b64encode(text.encode()).decode().replace("=", "%3D"),
    "json: base64 in strings of strings": lambda text: json.dumps({"a": f'{{"b":"{_escapes(_base64(text))}"}}'}),
}


SPLIT = {
    "json: members": lambda card: json.dumps({"pan1": card[:8], "pan2": card[8:]}),
    "msgpack: members": lambda card: packed({"pan1": card[:8], "pan2": card[8:]}),
    "cbor: members": lambda card: encoded({"pan1": card[:8], "pan2": card[8:]}),
    "xml: elements": lambda card: f"<a><pan1>{card[:8]}</pan1><pan2>{card[8:]}</pan2></a>",
    "form: pairs": lambda card: f"pan1={card[:8]}&pan2={card[8:]}",
}


@pytest.mark.parametrize("name", SPLIT)
def test_what_is_split_over_neighbours(name):
    dirty = disguised(SPLIT[name], "PAYMENT_CARD")
    result = treat(record(dirty), shape(name), dataclasses.replace(HIDE, depth=Depth.DEEP))
    assert not result.error
    (after,) = records_of(result.data)
    assert CANARIES["PAYMENT_CARD"][:8].encode() not in after.value
    assert CANARIES["PAYMENT_CARD"][8:].encode() not in after.value


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize("type_", ["PAYMENT_CARD", "EMAIL"])
@pytest.mark.parametrize("name", ENCODED)
def test_encodings_in_formats(name, type_):
    dirty = disguised(ENCODED[name], type_)
    deep = dataclasses.replace(HIDE, depth=Depth.DEEP)
    result = treat(record(dirty), shape(name), deep)
    assert not result.error
    (after,) = records_of(result.data)
    assert after.value != dirty
    assert treat(record(after.value), shape(name), deep).data is None


def test_a_name_that_comes_twice_may_be_refused():
    twice = record('{"a":1,"b":{"c":1,"c":1}}')
    assert not treat(twice, Format("shape", "json")).error
    assert treat(twice, Format("shape", "json", unique_names=True)).error == ErrorCode.POLICY_VIOLATION
    for name, value in (("msgpack", b"\x82\xa1a\x01\xa1a\x02"), ("cbor", b"\xa2\x61a\x01\x61a\x02")):
        assert not treat(record(value), Format("shape", name)).error
        assert treat(record(value), Format("shape", name, unique_names=True)).error == ErrorCode.POLICY_VIOLATION


@pytest.mark.parametrize("part", ["value", "key", "headers"])
@pytest.mark.parametrize(
    "opaque", [b"\xac\xed\x00\x05sr", b"PAR1\x15\x04\xff", b"%PDF-1.7\n\xe2\xe3", b"\x89PNG\r\n\x1a\n", b"\x00\x01"]
)
def test_what_nobody_can_read(part, opaque):
    given = {"value": record(opaque), "key": record("x", key=opaque), "headers": record("x", headers=[(b"h", opaque)])}
    result = treat(given[part], Binary("no blobs", Action.BLOCK, ("value", "key", "headers")))
    assert result.error == ErrorCode.POLICY_VIOLATION
    told = treat(given[part], Binary("no blobs", Action.ALERT, ("value", "key", "headers")))
    assert not told.error
    assert "UNKNOWN_BINARY" in [getattr(fact, "type", "") for fact in told.facts]
