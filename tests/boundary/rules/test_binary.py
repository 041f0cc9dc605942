from __future__ import annotations

import pytest

from tests.boundary.batch_kit import OUT, record
from tests.formats.test_cbor import encoded
from tests.formats.test_msgpack import ORDER, packed
from zoneproxy.boundary.facts import Found
from zoneproxy.boundary.reading import Readings
from zoneproxy.boundary.rules.binary import BinaryStep
from zoneproxy.boundary.tally import Goes, Tally
from zoneproxy.formats.book import SchemaBook
from zoneproxy.formats.framing import KEY_HEADER, VALUE_HEADER
from zoneproxy.policy.controls import Action
from zoneproxy.policy.value_rules import Binary, Format

EVERYWHERE = ("value", "key", "headers")
OPAQUE = b"\x00\x01\xfe\xff"


def look(given, action=Action.BLOCK, parts=EVERYWHERE, *formats: Format) -> Tally:
    tally = Tally()
    BinaryStep(Binary("no blobs", action, parts), Readings(formats))(given, OUT, tally)
    return tally


DIRTY = [
    (record(OPAQUE), "value"),
    (record("x", key=OPAQUE), "key"),
    (record("x", headers=[(b"a", None), (b"b", OPAQUE)]), "header_value"),
    (record(packed(ORDER)), "value"),
    (record("é".encode("latin-1")), "value"),
]


@pytest.mark.parametrize(("given", "place"), DIRTY)
def test_what_nobody_can_look_into(given, place):
    with pytest.raises(Goes, match="binary") as caught:
        look(given)
    assert caught.value.rule == "no blobs"
    (found,) = look(given, Action.ALERT).facts(OUT)
    assert isinstance(found, Found)
    assert (found.rule, found.type, found.place, found.action) == ("no blobs", "UNKNOWN_BINARY", place, "alert")
    assert not list(look(given, Action.ALLOW).facts(OUT))


@pytest.mark.parametrize("given", [record(None), record(b""), record("text\n", key=b"k", headers=[(b"\x00", b"x")])])
def test_what_is_text_or_nothing(given):
    look(given)


def test_only_the_parts_that_are_named():
    look(record(OPAQUE, key=OPAQUE), Action.BLOCK, ("headers",))
    look(record("x", key=OPAQUE), Action.BLOCK, ("value",))


def test_formats_that_are_known():
    look(record(packed(ORDER)), Action.BLOCK, EVERYWHERE, Format("r", value="msgpack"))
    look(record(packed(ORDER)), Action.BLOCK, EVERYWHERE, Format("r", value="auto"))
    look(record(encoded(ORDER)), Action.BLOCK, EVERYWHERE, Format("r", value="auto"))
    look(record("x", key=encoded(ORDER)), Action.BLOCK, EVERYWHERE, Format("r", value="csv"), Format("q", key="cbor"))
    with pytest.raises(Goes):
        look(record(packed(ORDER)), Action.BLOCK, EVERYWHERE, Format("r", key="msgpack"))
    with pytest.raises(Goes):
        look(record(OPAQUE), Action.BLOCK, EVERYWHERE, Format("r", value="auto"))


def test_what_is_over_a_limit_is_refused_as_what_it_is():
    look(record(b"\x91" * 1000 + b"\x00"), Action.BLOCK, EVERYWHERE, Format("r", value="auto"))


def test_headers_that_tell_of_schemas_are_known_where_there_are_schemas():
    book = {"main": SchemaBook("main", {}, asks=True)}
    step = BinaryStep(
        Binary("no blobs", Action.BLOCK, EVERYWHERE), Readings([Format("r", "avro", schemas="main")], book)
    )
    step(record(OPAQUE, headers=[(VALUE_HEADER, b"\x01" + bytes(16))]), OUT, Tally())
    with pytest.raises(Goes, match="binary"):
        step(record(OPAQUE, headers=[(KEY_HEADER, b"\x01" + bytes(16))]), OUT, Tally())
    with pytest.raises(Goes, match="binary"):
        look(record("x", headers=[(VALUE_HEADER, b"\x01" + bytes(16))]))
