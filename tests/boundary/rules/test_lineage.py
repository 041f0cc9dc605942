from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.boundary.batch_kit import LIMITS, batch, record, record_lists, records_of, whole
from tests.detect.samples import CARD
from zoneproxy.boundary.batches import treat_fetch, treat_produce
from zoneproxy.boundary.crossing import Crossing
from zoneproxy.boundary.facts import Blocked, Transformed
from zoneproxy.boundary.plan import ControlPlan
from zoneproxy.boundary.rules.lineage import LineageSteps
from zoneproxy.boundary.rules.lineage_text import LINEAGE
from zoneproxy.detect.catalogue import PACKS
from zoneproxy.policy.controls import Action, Control, Detect, RedactFinding
from zoneproxy.policy.patterns import ANY
from zoneproxy.policy.record_rules import HeaderNames, Lineage
from zoneproxy.policy.transforms import Transform, TransformKind
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.record import MAX_HEADERS, Header, Record

MAC = b"zoneproxy-lineage-mac"
KEYS = {name: name.encode() * 16 for name in ("a1", "a2", "b1", "c1", "x1")}
RING = (("a", ("a2", "a1")), ("b", ("b1",)), ("c", ("c1",)))
A_TO_B = Crossing("fetch", "orders", 0, "a", "b", "bob", digest="0123456789abcdef0123")
B_TO_C = Crossing("produce", "copies", 0, "b", "c", "bob", digest="fedcba9876543210")
WITHIN_B = Crossing("produce", "t", 0, "b", "b")
Records = Sequence[Record]
HEADERS = [(b"h", b"1"), (b"h", None)]


def lineage(**more: object) -> Lineage:
    return Lineage("line", **({"ring": RING} | more))  # type: ignore[arg-type]


def plan(*controls: Control) -> ControlPlan:
    return ControlPlan(controls or (lineage(),), KEYS)


def fetched(
    records: Sequence[Record], crossing: Crossing = A_TO_B, compiled: ControlPlan | None = None
) -> list[Record]:
    data = batch(records)
    result = treat_fetch(data, compiled or plan(), LIMITS, crossing)
    return records_of(data if result.data is None else result.data)


def produced(records: Records, crossing: Crossing = B_TO_C, compiled: ControlPlan | None = None) -> list[Record] | str:
    data = batch(records)
    result = treat_produce(whole(data), compiled or plan(), LIMITS, crossing)
    assert (result.error == ErrorCode.POLICY_VIOLATION) is bool(result.reason)
    return result.reason or records_of(data if result.data is None else result.data)


def hops_of(found: Record) -> list[tuple[str, ...]]:
    return [tuple(hop.values()) for hop in json.loads(dict(found.headers)[LINEAGE] or b"")["hops"]]


FIRST = record(b"value", b"key", HEADERS)
(CROSSED,) = fetched([FIRST])


def test_what_crosses_says_so() -> None:
    assert (CROSSED.key, CROSSED.value, CROSSED.headers[:2]) == (b"key", b"value", tuple(HEADERS))
    assert [name for name, _ in CROSSED.headers[2:]] == [LINEAGE, MAC]
    assert hops_of(CROSSED) == [("a", "b", "orders", "fetch", "0123456789abcdef")]
    assert (CROSSED.headers[3][1] or b"").startswith(b"a2:")


def test_it_is_counted() -> None:
    result = treat_fetch(batch([FIRST, record(b"w", at=1)]), plan(), LIMITS, A_TO_B)
    assert Transformed("line", "lineage", "orders", 0, 2) in result.facts


def test_each_crossing_is_another_hop() -> None:
    (again,) = produced([CROSSED])
    assert isinstance(again, Record)
    assert hops_of(again) == [
        ("a", "b", "orders", "fetch", "0123456789abcdef"),
        ("b", "c", "copies", "produce", "fedcba9876543210"),
    ]
    assert again.headers[:2] == tuple(HEADERS)
    assert len(again.headers) == 4
    assert produced([again], dataclasses.replace(WITHIN_B, from_zone="c", to_zone="c")) == [again]


def test_equal_records_have_equal_lineage() -> None:
    assert fetched([FIRST]) == [CROSSED]


def test_tombstones_and_empty_records_have_lineage() -> None:
    for empty in (record(None, b"k"), record(None), record(b"", b"")):
        (crossed,) = fetched([empty])
        assert (crossed.key, crossed.value) == (empty.key, empty.value)
        assert isinstance(produced([crossed]), list)


def test_within_a_zone_it_is_only_verified() -> None:
    data = batch([CROSSED, record(b"no lineage", at=1)])
    assert treat_produce(whole(data), plan(), LIMITS, WITHIN_B).data is None
    assert treat_fetch(data, plan(), LIMITS, dataclasses.replace(WITHIN_B, side="fetch")).data is None
    forged = batch([record(b"other", b"key", CROSSED.headers)])
    assert treat_produce(whole(forged), plan(), LIMITS, WITHIN_B).reason == "lineage_forged"


def test_where_nothing_is_to_be_added_it_is_only_verified() -> None:
    compiled = plan(lineage(add=False))
    assert produced([CROSSED], compiled=compiled) == [CROSSED]
    assert produced([FIRST], compiled=compiled) == [FIRST]
    assert produced([record(b"x", b"key", CROSSED.headers)], compiled=compiled) == "lineage_forged"


# --- what is not true -----------------------------------------------------------------------------------------------


def altered(*, value: bytes | None = b"value", key: bytes | None = b"key", headers: Sequence[Header]) -> Record:
    return record(value, key, headers)


ONE, NULL, LINE, SEALED = CROSSED.headers
TEXT = LINE[1] or b""
ALTERED = {
    "another value": altered(value=b"valuE", headers=CROSSED.headers),
    "no value": altered(value=None, headers=CROSSED.headers),
    "another key": altered(key=b"keY", headers=CROSSED.headers),
    "no key": altered(key=None, headers=CROSSED.headers),
    "key and value the other way round": altered(value=b"key", key=b"value", headers=CROSSED.headers),
    "another header": altered(headers=[(b"h", b"2"), NULL, LINE, SEALED]),
    "a header more": altered(headers=[*CROSSED.headers, (b"i", b"")]),
    "a header less": altered(headers=[NULL, LINE, SEALED]),
    "headers in another order": altered(headers=[NULL, ONE, LINE, SEALED]),
    "no mac": altered(headers=[ONE, NULL, LINE]),
    "only the mac": altered(headers=[ONE, NULL, SEALED]),
    "lineage twice": altered(headers=[*CROSSED.headers, LINE]),
    "something else of ours": altered(headers=[*CROSSED.headers, (LINEAGE + b"2", b"")]),
    "no lineage in it": altered(headers=[ONE, NULL, (LINEAGE, None), SEALED]),
    "no mac in it": altered(headers=[ONE, NULL, LINE, (MAC, None)]),
    "a mac of somebody": altered(headers=[ONE, NULL, LINE, (MAC, b"x1:" + b"A" * 43)]),
    "a mac without a name": altered(headers=[ONE, NULL, LINE, (MAC, b"A" * 43)]),
    "another hop": altered(headers=[ONE, NULL, (LINEAGE, TEXT.replace(b"orders", b"others")), SEALED]),
    "too long": altered(headers=[ONE, NULL, (LINEAGE, b"x" * 20_000), SEALED]),
}


@pytest.mark.parametrize("what", ALTERED)
def test_what_is_not_true_is_refused_on_produce_and_left_out_on_fetch(what: str) -> None:
    assert produced([ALTERED[what]]) == "lineage_forged"
    assert produced([ALTERED[what]], compiled=plan(lineage(add=False))) == "lineage_forged"
    result = treat_fetch(batch([ALTERED[what]]), plan(), LIMITS, dataclasses.replace(B_TO_C, side="fetch"))
    assert Blocked("line", "fetch", "lineage_forged", "copies", 0, 1) in result.facts
    assert result.blocked == 1


@given(st.data())
def test_no_bit_of_a_record_can_be_changed(data: st.DataObject) -> None:
    parts = [CROSSED.value or b"", CROSSED.key or b"", *(text for header in CROSSED.headers for text in header if text)]
    number = data.draw(st.integers(0, len(parts) - 1))
    part = bytearray(parts[number])
    part[data.draw(st.integers(0, len(part) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    parts[number] = bytes(part)
    value, key, h1, one, h2, name, text, mac_name, mac = parts
    changed = record(value, key, [(h1, one), (h2, None), (name, text), (mac_name, mac)])
    required = plan(lineage(require=True))
    assert produced([changed], compiled=required) in ("lineage_forged", "lineage_missing")


def test_lineage_is_that_of_the_zone_whose_key_sealed_it() -> None:
    """Whoever has the key of one zone cannot say that a record comes out of another."""
    stolen = ControlPlan((Lineage("r", key="b1", ring=(("a", ("b1",)),)),), KEYS)
    (claimed,) = fetched([FIRST], compiled=stolen)
    assert produced([claimed]) == "lineage_forged"


def test_lineage_leads_to_where_the_record_is() -> None:
    elsewhere = dataclasses.replace(B_TO_C, from_zone="a")
    assert produced([CROSSED], elsewhere) == "lineage_broken"
    assert produced([CROSSED], elsewhere, plan(lineage(add=False))) == "lineage_broken"


def test_keys_are_replaced_one_after_another() -> None:
    (old,) = fetched([FIRST], compiled=plan(lineage(ring=(("a", ("a1",)),))))
    assert (old.headers[3][1] or b"").startswith(b"a1:")
    assert isinstance(produced([old]), list)
    forgotten = plan(lineage(ring=(("a", ("a2",)), ("b", ("b1",)))))
    assert produced([old], compiled=forgotten) == "lineage_forged"


def test_a_rule_may_have_a_key_of_its_own() -> None:
    own = lineage(key="x1", ring=(("a", ("a2", "x1")), ("b", ("b1",))))
    (crossed,) = fetched([FIRST], compiled=plan(own))
    assert (crossed.headers[3][1] or b"").startswith(b"x1:")
    assert isinstance(produced([crossed], compiled=plan(own)), list)
    assert produced([crossed]) == "lineage_forged"


# --- what is required -----------------------------------------------------------------------------------------------


def test_lineage_may_be_required() -> None:
    required = plan(lineage(require=True))
    assert produced([FIRST], compiled=required) == "lineage_missing"
    assert isinstance(produced([CROSSED], compiled=required), list)
    assert fetched([FIRST], compiled=required) == []


def test_several_rules_ask_for_it_once() -> None:
    compiled = plan(lineage(add=False), lineage(max_hops=1), dataclasses.replace(lineage(require=True), rule="other"))
    (crossed,) = fetched([FIRST], compiled=plan(lineage(), lineage(max_hops=1)))
    assert crossed == CROSSED
    assert produced([CROSSED], compiled=compiled) == "lineage_hops"
    result = treat_produce(whole(batch([FIRST])), compiled, LIMITS, B_TO_C)
    assert Blocked("other", "produce", "lineage_missing", "copies", 0, 1) in result.facts


def test_hops_are_bounded() -> None:
    found, there, back = FIRST, A_TO_B, dataclasses.replace(A_TO_B, from_zone="b", to_zone="a")
    for number in range(8):
        (found,) = fetched([found], back if number % 2 else there)
        assert len(hops_of(found)) == number + 1
    assert fetched([found], there) == []
    assert produced([found], there) == "lineage_hops"


def test_there_has_to_be_room() -> None:
    assert len(fetched([record(b"v", None, [(b"h", b"")] * (MAX_HEADERS - 2))])) == 1
    assert produced([record(b"v", None, [(b"h", b"")] * (MAX_HEADERS - 1))]) == "lineage_headers"


# --- together with other rules ----------------------------------------------------------------------------------------


def test_it_is_about_what_redaction_has_left() -> None:
    hide = RedactFinding("hide", ("PAYMENT_CARD",), 0.5, Transform(TransformKind.MASK))
    (crossed,) = fetched([record(f'{{"card":"{CARD}"}}')], compiled=plan(hide, lineage()))
    assert crossed.value == b'{"card":"' + b"*" * 16 + b'"}'
    assert isinstance(produced([crossed]), list)


def test_what_comes_in_is_verified_before_it_is_redacted() -> None:
    hide = RedactFinding("hide", ("PAYMENT_CARD",), 0.5, Transform(TransformKind.MASK))
    (crossed,) = fetched([record(f'{{"card":"{CARD}"}}')])
    (again,) = produced([crossed], compiled=plan(hide, lineage()))
    assert isinstance(again, Record)
    assert again.value == b'{"card":"' + b"*" * 16 + b'"}'
    assert len(hops_of(again)) == 2


def test_rules_for_headers_do_not_meet_it() -> None:
    compiled = plan(HeaderNames("none", (), (ANY,), removes=True), lineage())
    (crossed,) = fetched([CROSSED], dataclasses.replace(B_TO_C, side="fetch"), compiled)
    assert [name for name, _ in crossed.headers] == [LINEAGE, MAC]
    assert len(hops_of(crossed)) == 2


def test_no_detector_takes_it_for_anything() -> None:
    """Flows without lineage carry it on, whatever they look for."""
    everything = plan(Detect("all", tuple(PACKS), 0.5, Action.BLOCK))
    records = fetched([record(b"v", b"%d" % at, at=at) for at in range(300)])
    assert produced(records, compiled=everything) == records


def test_keys_must_be_there() -> None:
    with pytest.raises(KeyError):
        LineageSteps([lineage(key="none")], KEYS)


@given(record_lists())
def test_nothing_else_is_changed_whatever_the_records_are(records: list[Record]) -> None:
    crossed = fetched(records)
    assert [(each.key, each.value, each.offset_delta, each.timestamp_delta) for each in crossed] == [
        (each.key, each.value, each.offset_delta, each.timestamp_delta) for each in records
    ]
    assert [tuple(each.headers[:-2]) for each in crossed] == [tuple(each.headers) for each in records]
    again = produced(crossed)
    assert isinstance(again, list)
    assert [len(hops_of(each)) for each in again] == [2] * len(records)
    assert [tuple(each.headers[:-2]) for each in again] == [tuple(each.headers) for each in records]
