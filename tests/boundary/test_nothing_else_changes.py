"""Outside of what is redacted nothing changes: not a byte of JSON, not a field of what is binary, not the record."""

from __future__ import annotations

import io
import json
import struct
from typing import Any

import fastavro
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.boundary.batch_kit import CODECS, IN, KEYS, LIMITS, OUT, batch, record, records_of, whole
from tests.detect.samples import CARD, EMAIL
from tests.formats.test_cbor import encoded
from tests.formats.test_msgpack import packed
from zoneproxy.boundary.batches import treat_fetch, treat_produce
from zoneproxy.boundary.plan import ControlPlan
from zoneproxy.boundary.plans import Plans
from zoneproxy.formats.avro.schema import avro_schema
from zoneproxy.formats.book import SchemaBook
from zoneproxy.formats.protobuf.schema import protobuf_schema
from zoneproxy.policy.controls import Control, RedactField, RedactFinding
from zoneproxy.policy.transforms import Transform, TransformKind
from zoneproxy.policy.value_rules import Format
from zoneproxy.wire.batch import BatchHeader
from zoneproxy.wire.record import Record

MASK = Transform(TransformKind.MASK)
REDACT = RedactFinding("hide", ("PAYMENT_CARD", "EMAIL"), 0.5, MASK)
NAMES = st.sampled_from(["a", "b", "note", "é", "x y", "n"])
# Nothing in them looks like what is looked for.
WORDS = st.text("abcdeé —\u4e16😀/", max_size=12)
NUMBERS = st.sampled_from(["0", "-0", "1e3", "0.10", "1E+2", "-12.50", "12345678901234567890123", "7", "2.0"])
SECRETS = st.sampled_from([CARD, EMAIL])


def stars(secret: str) -> str:
    """What is left of it."""
    return "*" * len(secret)


# --- JSON, written in whatever way: before and after ---------------------------------------------------------

Twice = tuple[str, str]
SPACE = st.sampled_from(["", "", " ", "\n\t", "  "])


@st.composite
def strings(draw: st.DrawFn) -> Twice:
    """With something in it or not, and with escapes in what is not touched."""
    plain = json.dumps(draw(WORDS), ensure_ascii=draw(st.booleans()))[1:-1]
    escapes = draw(st.sampled_from(["", "\\/", "\\n", "\\u00e9", '\\"', "\\\\"]))
    if not draw(st.booleans()):
        return (f'"{plain}{escapes}"',) * 2
    secret = draw(SECRETS)
    around = f'"{plain}{escapes} %s {plain}"'
    return around.replace("%s", secret), around.replace("%s", stars(secret))


def _leaf() -> st.SearchStrategy[Twice]:
    words = st.sampled_from(["true", "false", "null"])
    return st.one_of(
        strings(), NUMBERS.map(lambda n: (n, n)), words.map(lambda w: (w, w)), st.just((CARD, f'"{stars(CARD)}"'))
    )


@st.composite
def _inside(draw: st.DrawFn, children: st.SearchStrategy[Twice]) -> Twice:
    parts = draw(st.lists(children, max_size=4))
    is_object = draw(st.booleans())
    before, after = [], []
    for old, new in parts:
        space, more = draw(SPACE), draw(SPACE)
        name = json.dumps(draw(NAMES), ensure_ascii=draw(st.booleans())) + space + ":" if is_object else ""
        before.append(f"{more}{name}{space}{old}{more}")
        after.append(f"{more}{name}{space}{new}{more}")
    start, end = "{}" if is_object else "[]"
    return start + ",".join(before) + end, start + ",".join(after) + end


DOCUMENTS = st.recursive(_leaf(), _inside, max_leaves=12)


@st.composite
def json_values(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """A document that is an object, so that nobody takes it for something else."""
    old, new = draw(DOCUMENTS)
    before, after = draw(SPACE), draw(SPACE)
    return tuple(f'{before}{{"v":{text}}}{after}'.encode() for text in (old, new))  # type: ignore[return-value]


# --- binary formats: objects, before and after ---------------------------------------------------------------


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace(CARD, stars(CARD)).replace(EMAIL, stars(EMAIL))
    if isinstance(value, list):
        return [_masked(element) for element in value]
    if isinstance(value, dict):
        return {name: _masked(inner) for name, inner in value.items()}
    return stars(CARD) if value == int(CARD) and not isinstance(value, float) else value


TEXTS = st.builds(lambda before, secret: f"{before} {secret} ", WORDS, SECRETS) | WORDS
LEAVES = st.one_of(
    TEXTS,
    st.integers(-(10**6), 10**6),
    st.booleans(),
    st.none(),
    st.just(int(CARD)),
    st.sampled_from([0.5, -1.25, 0.0]),
)
OBJECTS = st.dictionaries(
    NAMES,
    st.recursive(
        LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=8
    ),
    max_size=4,
)

SCHEMA = {
    "type": "record",
    "name": "R",
    "fields": [
        {"name": "text", "type": "string"},
        {"name": "maybe", "type": ["null", "string"]},
        {"name": "number", "type": "long"},
        {"name": "list", "type": {"type": "array", "items": "string"}},
        {"name": "map", "type": {"type": "map", "values": "double"}},
        {"name": "bytes", "type": "bytes"},
    ],
}
AVRO = fastavro.parse_schema(SCHEMA)
FRAME = b"\0\0\0\0\x07"
MESSAGE = "message M { string text = 1; int64 number = 2; repeated string list = 3; M inner = 4; double real = 6; }"
KNOWN = {7: avro_schema(json.dumps(SCHEMA)), 8: protobuf_schema(MESSAGE)}
BOOKS = {"main": SchemaBook("main", KNOWN, asks=False)}
AVRO_VALUES = st.fixed_dictionaries(
    {
        "text": TEXTS,
        "maybe": st.none() | TEXTS,
        "number": st.integers(-(10**6), 10**6),
        "list": st.lists(TEXTS, max_size=3),
        "map": st.dictionaries(NAMES, st.sampled_from([0.5, -2.0]), max_size=2),
        "bytes": st.binary(max_size=4).map(lambda raw: bytes(byte & 0x1F for byte in raw)),
    }
)


def avro(value: Any) -> bytes:
    """With Confluent's frame."""
    out = io.BytesIO()
    fastavro.schemaless_writer(out, AVRO, value)
    return FRAME + out.getvalue()


def _varint(number: int) -> bytes:
    low, rest = number & 0x7F, number >> 7
    return bytes((low | 0x80,)) + _varint(rest) if rest else bytes((low,))


def _sized(field: int, raw: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(raw)) + raw


def protobuf(fields: list[tuple[str, Any]]) -> bytes:
    """Fields in the order in which they are given, also some that the schema does not have."""
    out = b""
    for name, value in fields:
        match name:
            case "text":
                out += _sized(1, value.encode())
            case "number":
                out += _varint(2 << 3) + _varint(value)
            case "list":
                out += _sized(3, value.encode())
            case "inner":
                out += _sized(4, protobuf(value))
            case "real":
                out += _varint(6 << 3 | 1) + struct.pack("<d", value)
            case "unknown":
                out += _varint(900 << 3 | 5) + struct.pack("<i", value)
    return out


def _masked_fields(fields: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [(name, _masked_fields(value) if name == "inner" else _masked(value)) for name, value in fields]


FIELDS = st.recursive(
    st.lists(
        st.one_of(
            st.tuples(st.sampled_from(["text", "list"]), TEXTS),
            st.tuples(st.just("number"), st.integers(0, 10**6)),
            st.tuples(st.just("real"), st.sampled_from([0.5, -2.0])),
            st.tuples(st.just("unknown"), st.integers(-5, 5)),
        ),
        max_size=4,
    ),
    lambda inner: st.lists(st.tuples(st.just("inner"), inner), max_size=2),
    max_leaves=4,
)


# --- through whole batches -----------------------------------------------------------------------------------


def compiled(*controls: Control) -> ControlPlan:
    plan = Plans(KEYS, BOOKS).of(controls)
    assert plan is not None
    return plan


PLANS = {
    "raw": compiled(REDACT),
    **{name: compiled(Format("f", name), REDACT) for name in ("json", "msgpack", "cbor")},
    **{name: compiled(Format("f", name, schemas="main"), REDACT) for name in ("avro", "protobuf")},
}
HEADERS = st.lists(st.tuples(st.sampled_from([b"h", b"trace"]), st.none() | st.just(b"\x01\x02abc")), max_size=3)
RECORD_KEYS = st.none() | st.binary(max_size=6).map(lambda raw: bytes(byte | 0x80 for byte in raw))


def apart_from_lengths(header: BatchHeader) -> BatchHeader:
    return header._replace(batch_length=0, crc=0)


def check(plan: ControlPlan, pairs: list[tuple[bytes, bytes]], data: st.DataObject) -> None:
    """Each value comes out as it should on either side, and everything else as it came."""
    records = [record(before, data.draw(RECORD_KEYS), data.draw(HEADERS), at) for at, (before, _) in enumerate(pairs)]
    codec = data.draw(st.sampled_from(CODECS))
    given_ = batch([*records], codec=codec)
    produced = treat_produce(whole(given_), plan, LIMITS, IN)
    assert not produced.error
    fetched = treat_fetch(given_ + given_, plan, LIMITS, OUT)
    assert not fetched.blocked
    if all(before == after for before, after in pairs):
        assert produced.data is None
        assert fetched.data is None
        return
    assert produced.data is not None
    assert fetched.data is not None
    assert bytes(fetched.data) == bytes(produced.data) * 2
    assert apart_from_lengths(whole(produced.data).header) == apart_from_lengths(whole(given_).header)
    for old, new, (_, after) in zip(records_of(given_), records_of(produced.data), pairs, strict=True):
        assert new.value == after
        assert _beside(new) == _beside(old)


def _beside(found: Record) -> tuple[Any, ...]:
    return found.attributes, found.timestamp_delta, found.offset_delta, found.key, list(found.headers)


@pytest.mark.parametrize("plan", ["raw", "json"])
@given(st.lists(json_values(), min_size=1, max_size=3), st.data())
def test_json(plan: str, pairs: list[tuple[bytes, bytes]], data: st.DataObject) -> None:
    for before, after in pairs:
        json.loads(before)
        json.loads(after)
    check(PLANS[plan], pairs, data)


@pytest.mark.parametrize(("name", "write"), [("msgpack", packed), ("cbor", encoded)])
@given(st.lists(OBJECTS, min_size=1, max_size=3), st.data())
def test_self_describing(name: str, write: Any, objects: list[Any], data: st.DataObject) -> None:
    check(PLANS[name], [(write(value), write(_masked(value))) for value in objects], data)


@given(st.lists(AVRO_VALUES, min_size=1, max_size=3), st.data())
def test_avro(values: list[Any], data: st.DataObject) -> None:
    check(PLANS["avro"], [(avro(value), avro(_masked(value))) for value in values], data)


@given(st.lists(FIELDS, min_size=1, max_size=3), st.data())
def test_protobuf(messages: list[list[tuple[str, Any]]], data: st.DataObject) -> None:
    frame = b"\0\0\0\0\x08\0"
    pairs = [(frame + protobuf(fields), frame + protobuf(_masked_fields(fields))) for fields in messages]
    check(PLANS["protobuf"], pairs, data)


@given(st.lists(st.dictionaries(NAMES, LEAVES, max_size=5), min_size=1, max_size=3), st.data())
def test_a_field_rule_changes_its_field_alone(objects: list[dict[str, Any]], data: st.DataObject) -> None:
    """The masked field is a string afterwards, whatever it was; its neighbours keep all of their bytes."""
    plan = compiled(RedactField("field", "$.note", Transform(TransformKind.REMOVE)))
    pairs = []
    for value in objects:
        rest = {name: inner for name, inner in value.items() if name != "note"}
        pairs.append((_written(value), _written(rest)))
    check(plan, pairs, data)


def _written(value: dict[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
