from __future__ import annotations

import json
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.boundary.batch_kit import IN, LIMITS, OUT, batch, plan, record, records_of, values_of, whole
from zoneproxy.boundary.batches import treat_fetch, treat_produce
from zoneproxy.boundary.crossing import Crossing
from zoneproxy.boundary.facts import Blocked, Filtered
from zoneproxy.policy.conditions.parser import parse_condition
from zoneproxy.policy.record_rules import RowFilter
from zoneproxy.policy.value_rules import Format
from zoneproxy.wire.error_codes import ErrorCode

EU, US, OTHER, BROKEN = b'{"region":"EU"}', b'{"region":"US"}', b"{}", b"region EU"


def row_filter(when: str) -> RowFilter:
    return RowFilter("own rows", when, parse_condition(when))


IS_EU = plan(row_filter('$.region == "EU"'))


def fetched(data: bytes, when: str, crossing: Crossing = OUT) -> Iterable[bytes | None]:
    result = treat_fetch(data, plan(row_filter(when)), LIMITS, crossing)
    return values_of(data if result.data is None else result.data)


def test_other_rows_stay_behind_on_fetch() -> None:
    data = batch([EU, US, OTHER, EU, BROKEN])
    result = treat_fetch(data, IS_EU, LIMITS, OUT)
    assert result.data is not None
    assert [found.offset_delta for found in records_of(result.data)] == [0, 3]
    assert (result.blocked, result.reason) == (1, "unscannable")
    assert [fact for fact in result.facts if isinstance(fact, Blocked | Filtered)] == [
        Blocked("own rows", "fetch", "unscannable", "t", 2, 1),
        Filtered("own rows", "t", 2, 2),
    ]


def test_what_all_are_to_see_goes_on_as_it_came() -> None:
    assert treat_fetch(batch([EU, EU]), IS_EU, LIMITS, OUT).data is None


def test_a_batch_of_others_rows_keeps_its_place() -> None:
    data = batch([US, US], codec=1)
    result = treat_fetch(data, IS_EU, LIMITS, OUT)
    assert result.data is not None
    header = whole(bytes(result.data)).header
    assert (header.records_count, header.last_offset_delta, header.codec) == (0, 1, 0)
    assert (result.blocked, result.reason) == (0, "")


def test_tombstones_are_for_everybody() -> None:
    assert fetched(batch([None, US]), '$.region == "EU"') == [None]
    assert fetched(batch([None, US]), 'header("none") == "EU"') == [None]
    assert treat_produce(whole(batch([None])), IS_EU, LIMITS, IN).error == ErrorCode.NONE


def test_an_empty_value_is_no_tombstone() -> None:
    assert fetched(batch([b""]), '$.region == "EU"') == []


def test_other_rows_are_refused_on_produce() -> None:
    result = treat_produce(whole(batch([EU, US, OTHER])), IS_EU, LIMITS, IN)
    assert (result.error, result.blocked, result.reason) == (ErrorCode.POLICY_VIOLATION, 2, "filter")
    result = treat_produce(whole(batch([EU, BROKEN])), IS_EU, LIMITS, IN)
    assert (result.error, result.reason) == (ErrorCode.POLICY_VIOLATION, "unscannable")
    assert treat_produce(whole(batch([EU])), IS_EU, LIMITS, IN).error == ErrorCode.NONE


@pytest.mark.parametrize(("who", "seen"), [("alice", [0]), ("bob", [1]), ("carol", [])])
def test_everybody_sees_their_own(who: str, seen: list[int]) -> None:
    rows = [b'{"tenant":"alice"}', b'{"tenant":"bob"}']
    crossing = Crossing("fetch", "t", 0, principal=who)
    assert fetched(batch(rows), "$.tenant == principal.name", crossing) == [rows[at] for at in seen]


def test_groups_see_theirs() -> None:
    rows = [b'{"team":"ops"}', b'{"team":"dev"}']
    crossing = Crossing("fetch", "t", 0, groups=frozenset({"dev", "x"}))
    assert fetched(batch(rows), "$.team in principal.groups", crossing) == rows[1:]


def test_all_filters_have_to_let_a_row_through() -> None:
    both = plan(row_filter('$.region == "EU"'), row_filter("$.n > 1"))
    rows = [b'{"region":"EU","n":1}', b'{"region":"EU","n":2}', b'{"region":"US","n":2}']
    result = treat_fetch(batch(rows), both, LIMITS, OUT)
    assert result.data is not None
    assert values_of(result.data) == [rows[1]]


def test_headers_and_keys_tell_without_reading_the_value() -> None:
    records = [record(BROKEN, b"k", [(b"region", region)], at) for at, region in enumerate([b"EU", b"US"])]
    result = treat_fetch(batch(records), plan(row_filter('header("region") == "EU"')), LIMITS, OUT)
    assert result.data is not None
    assert len(records_of(result.data)) == 1
    assert result.blocked == 0


FORMATS = {
    "msgpack": [b"\x82\xa6region\xa2EU\xa1n\x05", b"\x82\xa6region\xa2US\xa1n\x05"],
    "cbor": [b"\xa2fregionbEUan\x05", b"\xa2fregionbUSan\x05"],
    "xml": [b"<r><region>EU</region><n>5</n></r>", b"<r><region>US</region><n>5</n></r>"],
    "form": [b"region=EU&n=5", b"region=US&n=5"],
    "json": [b'{"region":"EU","n":5}', b'{"region":"US","n":5}'],
    "auto": [b'{"region":"EU","n":5}', b"\x82\xa6region\xa2US\xa1n\x05"],
}


@pytest.mark.parametrize("format_", FORMATS)
def test_rows_in_other_formats(format_: str) -> None:
    region = "$.r.region" if format_ == "xml" else "$.region"
    compiled = plan(row_filter(f'{region} == "EU"'), Format("formats", value=format_))
    result = treat_fetch(batch(FORMATS[format_]), compiled, LIMITS, OUT)
    assert result.data is not None
    assert values_of(result.data) == FORMATS[format_][:1]
    assert result.blocked == 0


def test_what_is_not_of_its_format_goes() -> None:
    compiled = plan(row_filter('$.region == "EU"'), Format("formats", value="msgpack"))
    result = treat_fetch(batch([EU, FORMATS["msgpack"][0]]), compiled, LIMITS, OUT)
    assert result.data is not None
    assert values_of(result.data) == FORMATS["msgpack"][:1]
    assert (result.blocked, result.reason) == (1, "malformed")


def test_a_text_has_no_paths() -> None:
    compiled = plan(row_filter('$.region == "EU" or key == "key-1"'), Format("formats", value="text"))
    result = treat_fetch(batch([b"EU", b"EU"]), compiled, LIMITS, OUT)
    assert result.data is not None
    assert [found.key for found in records_of(result.data)] == [b"key-1"]
    assert result.reason == "unscannable"


REGIONS = st.sampled_from(["EU", "US", "", 5, None, True, ["EU"], {"EU": 1}])
ROWS = st.lists(
    st.none() | st.just(BROKEN) | REGIONS.map(lambda region: json.dumps({"region": region}).encode()), min_size=1
)


@given(ROWS)
def test_exactly_those_that_are_not_true_stay_behind(rows: list[bytes | None]) -> None:
    seen = treat_fetch(batch(rows), IS_EU, LIMITS, OUT)
    through = [row for row in rows if row in (EU, b'{"region": "EU"}', None)]
    assert (values_of(batch(rows) if seen.data is None else seen.data)) == through
    refused = treat_produce(whole(batch(rows)), IS_EU, LIMITS, IN)
    assert refused.blocked == len(rows) - len(through)
    assert refused.data is None
