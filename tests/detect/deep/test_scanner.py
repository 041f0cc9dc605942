from __future__ import annotations

import base64
import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.detect.samples import CARD, CORE, EMAIL, IBAN, SSN, surrounded
from zoneproxy.detect.deep.scanner import DeepScanner
from zoneproxy.detect.scanner import Scanner
from zoneproxy.errors import ProtocolError

DEEP = DeepScanner.of(frozenset(CORE))


def found(value: str | bytes, name: bytes = b"") -> list[tuple[str, bytes]]:
    data = value.encode() if isinstance(value, str) else value
    return [(hit.type, data[hit.start : hit.end]) for hit in DEEP.scan(data, name) if hit.confidence >= 0.5]


@pytest.mark.parametrize(
    ("type_", "value"), [("PAYMENT_CARD", CARD), ("EMAIL", EMAIL), ("IBAN", IBAN), ("US_SSN", SSN)]
)
def test_what_is_encoded_is_found_as_the_whole_run(type_, value):
    coded = base64.b64encode(value.encode())
    assert (type_, coded) in found(b'{"a":"' + coded + b'","b":1}')
    packed = gzip.compress(value.encode(), mtime=0)
    assert found(packed) == [(type_, packed)]


def test_what_is_escaped_is_found_at_its_characters():
    assert found("no %34111111111111111.") == [("PAYMENT_CARD", b"%34111111111111111")]
    wide = CARD.translate({code: code + 0xFEE0 for code in range(0x30, 0x3A)})
    assert found(f"no {wide}.") == [("PAYMENT_CARD", wide.encode())]


def test_what_is_plain_is_found_as_ever():
    assert found(f"{EMAIL} {CARD}") == [("EMAIL", EMAIL.encode()), ("PAYMENT_CARD", CARD.encode())]
    assert found(CARD, b"X-Card") == [("PAYMENT_CARD", CARD.encode())]
    assert found("nothing") == []


def test_names_around_an_encoded_value_count():
    bare = SSN.replace("-", "").encode()
    coded = base64.b64encode(bare)
    assert found(b'{"ssn":"' + coded + b'"}') == [("US_SSN", coded)]
    assert found(b'{"id":"' + coded + b'"}') == []
    assert found(coded, b"ssn") == [("US_SSN", coded)]


def test_words_against_a_plain_value_are_not_lost_to_what_is_encoded_near_it():
    value = json.dumps({"x": base64.b64encode(b'he said "x" and }{ more').decode(), "order_no": int(CARD)})
    assert found(value) == []


def test_a_surer_reading_counts():
    (hit,) = DEEP.scan(b"&#112;an \\u0034" + CARD[1:].encode())
    assert hit.confidence == 0.95


def test_every_record_is_a_candidate():
    assert DEEP.suspicious(b"x")
    assert not DEEP.suspicious(b"")
    assert DEEP.next_candidate(b"xyz", 2) == 2
    assert DEEP.next_candidate(b"xyz", 3) is None
    assert DEEP.next_place(b"xyz", 2) == (2, False)
    assert DEEP.next_place(b"xyz", 3) is None


def test_one_scanner_serves_all_who_look_for_the_same():
    assert DeepScanner.of(frozenset({"EMAIL", "IBAN"})) is DeepScanner.of(frozenset({"IBAN", "EMAIL"}))
    with pytest.raises(KeyError):
        DeepScanner.of(frozenset({"SHOE_SIZE"}))


def test_what_takes_too_much_is_told():
    with pytest.raises(ProtocolError, match="budget"):
        DEEP.scan(gzip.compress(bytes(1 << 22)))


@given(surrounded())
def test_all_that_is_found_without_decoding_is_found_with_it(value):
    plain = Scanner.of(frozenset(CORE)).scan(value)
    deep = {hit[:3]: hit.confidence for hit in DEEP.scan(value)}
    assert all(deep[hit[:3]] >= hit.confidence for hit in plain)


@given(st.binary(max_size=100))
def test_findings_are_in_order_and_within_the_value(value):
    hits = DEEP.scan(value)
    assert hits == sorted(hits, key=lambda hit: (hit.start, hit.end))
    assert all(0 <= hit.start < hit.end <= len(value) for hit in hits)
