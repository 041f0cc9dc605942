from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.detect.places import check_points_at_findings, places
from tests.detect.samples import CARD, CORE, EMAIL, IBAN, SSN, escaped, samples, surrounded
from zoneproxy.detect.patterns import LARGE
from zoneproxy.detect.scanner import Scanner
from zoneproxy.wire.record import Record

ALL = Scanner(CORE)
BARE_SSN = SSN.replace("-", "")


def found(value: str | bytes, scanner: Scanner = ALL, name: bytes = b"") -> list[tuple[str, str, float]]:
    data = value.encode() if isinstance(value, str) else value
    return [(hit.type, data[hit.start : hit.end].decode(), hit.confidence) for hit in scanner.scan(data, name)]


def test_findings_are_in_order_and_say_how_sure():
    text = f"{EMAIL} {CARD} {SSN} {IBAN}"
    assert found(text) == [
        ("EMAIL", EMAIL, 0.9),
        ("PAYMENT_CARD", CARD, 0.75),
        ("US_SSN", SSN, 0.75),
        ("IBAN", IBAN, 0.95),
    ]


@pytest.mark.parametrize("before", ["", EMAIL, "x" * LARGE])
def test_findings_in_one_place_are_in_the_same_order_whatever_stands_around(before):
    diners = "30569" + "309025904"
    ordered = found(f"{before} tel {diners}", Scanner(["PHONE", "PAYMENT_CARD", "EMAIL"]))
    assert [type_ for type_, text, _ in ordered if text == diners] == ["PAYMENT_CARD", "PHONE"]


def test_context_makes_surer():
    assert found(json.dumps({"card": {"no": CARD}})) == [("PAYMENT_CARD", CARD, 0.95)]
    assert found(f"pan {CARD}") == [("PAYMENT_CARD", CARD, 0.95)]
    assert found(CARD, name=b"X-Card") == [("PAYMENT_CARD", CARD, 0.95)]
    assert found(json.dumps({"e-mail": EMAIL})) == [("EMAIL", EMAIL, 1.0)]


def test_bare_digits_need_context():
    assert found(json.dumps({"id": BARE_SSN})) == []
    assert found(json.dumps({"ssn": BARE_SSN})) == [("US_SSN", BARE_SSN, 0.75)]
    assert found(json.dumps({"ssn": {"value": int(BARE_SSN)}})) == [("US_SSN", BARE_SSN, 0.75)]
    assert found(BARE_SSN, name=b"social_security") == [("US_SSN", BARE_SSN, 0.75)]


def test_only_what_was_asked_for():
    assert found(f"{EMAIL} {CARD}", Scanner(["EMAIL"])) == [("EMAIL", EMAIL, 0.9)]
    with pytest.raises(KeyError):
        Scanner(["SHOE_SIZE"])


def test_one_scanner_serves_all_who_look_for_the_same():
    assert Scanner.of(frozenset({"EMAIL", "IBAN"})) is Scanner.of(frozenset({"IBAN", "EMAIL"}))
    with pytest.raises(KeyError):
        Scanner.of(frozenset({"SHOE_SIZE"}))


def test_escapes_are_seen_through_and_found_whole():
    hidden = "".join(f"\\u{ord(char):04x}" for char in CARD)
    assert found(f'{{"a":"x{hidden}y"}}') == [("PAYMENT_CARD", hidden, 0.75)]
    assert found(rf'{{"a":"\n{IBAN}"}}') == [("IBAN", IBAN, 0.95)]


def test_what_is_no_json_is_read_as_it_stands_too():
    # To a JSON parser the \b would be a backspace; read as it stands, it is part of the address.
    assert found(rf"C:\bob@example.com \q{CARD}") == [
        ("EMAIL", "ob@example.com", 0.9),
        ("PAYMENT_CARD", CARD, 0.75),
    ]
    plain_only_as_it_stands = r"\u00e9" + SSN
    assert [kind for kind, _, _ in found(plain_only_as_it_stands)] == ["US_SSN"]


@given(surrounded())
@example(b'{"phone":"n/a","call":"66406757"}')
@example(b'{"phone":"n/a","a":"b","order":66406757}')
def test_stage_1_is_a_superset_in_a_value(value):
    if ALL.scan(value):
        assert ALL.suspicious(value)


@given(samples(), st.data())
def test_samples_are_found_however_they_are_escaped(sample, data):
    written = data.draw(escaped(sample))
    document = f'{{"x":"{written}"}}'
    plain, hidden = found(json.dumps({"x": sample}, ensure_ascii=False)), found(document)
    assert [(kind, sure) for kind, _, sure in hidden] == [(kind, sure) for kind, _, sure in plain]


# --- in a batch: the bytes around a value are lengths, and may look like part of it ---------------------------

PADDING = st.text("0123456789 .-abAB", max_size=14).map(str.encode)
VALUES = st.one_of(
    surrounded(),
    st.tuples(samples().map(str.encode), PADDING).map(b"".join),
    st.tuples(PADDING, samples().map(str.encode)).map(b"".join),
    PADDING,
    st.tuples(samples().map(str.encode), st.integers(3060, 3760)).map(lambda pair: pair[0].ljust(pair[1], b" ")),
)
NAMES = st.one_of(PADDING, st.sampled_from([b"ssn", b"userSsn", b"user-ssn", b"SSN", b"x"]))


@st.composite
def batches(draw: st.DrawFn) -> list[Record]:
    records = []
    for delta in range(draw(st.integers(1, 4))):
        headers = draw(st.lists(st.tuples(NAMES, st.none() | VALUES), max_size=3))
        key, value = draw(st.none() | VALUES), draw(st.none() | VALUES)
        records.append(Record(0, draw(st.integers(0, 400)), delta, key, value, headers))
    return records


@given(batches())
@example([Record(0, 0, 0, b"12", (CARD + ",12/29,12").encode())])  # 25 bytes: their length reads as a 2
@example([Record(0, 0, 0, CARD.encode(), b"x" * 24)])
@example([Record(0, 0, 0, None, b" ".join(bytes([digit]) for digit in CARD.encode()) + b"," * 3100)])
@example([Record(0, 0, 0, None, (CARD + ".8s97n75").ljust(3200).encode())])
@example([Record(0, 0, 0, b"5", b"6 3 0 4 0 7 4 0 0 5 9 9 1 3 4 2 0 7")])
@example([Record(0, 0, 0, b"7", (CARD + " 123456").encode())])  # 23 bytes: a dot
def test_stage_1_points_at_every_record_with_a_finding(records):
    check_points_at_findings(ALL, records)


@pytest.mark.parametrize("payload", [b"", b"nothing", b"x 1234567890123 y", EMAIL.encode(), CARD.encode(), b"1" * 5000])
def test_one_place_makes_suspicious(payload):
    assert ALL.suspicious(payload) == bool(list(places(ALL, payload)))


def test_places_are_those_of_stage_1():
    place = ALL.next_place(f"x {EMAIL}".encode(), 0)
    assert place == (2 + EMAIL.index("@"), False)
    assert ALL.next_place(b"nothing", 0) is None


def test_clean_traffic_is_not_suspicious():
    record = {
        "id": "8da8c1ab-77b8-4201-9802-900a3777fe9d",
        "ts": 1_790_000_000_000,
        "at": "2026-04-10T10:28:22.067Z",
        "sha": "911ebfff89fea51cf03ed599b490df61bb401b78",
        "price": 12.5,
        "businessName": "Größe",
        "className": "a.b.C",
        "version": "4.22.4-rc.2",
        "zip": "94107-1234",
        "tel": 4930123456,
    }
    assert not ALL.suspicious(json.dumps(record).encode() * 10)
