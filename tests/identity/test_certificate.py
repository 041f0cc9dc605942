from __future__ import annotations

import contextlib
import time
from dataclasses import replace
from hashlib import sha256

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID, ObjectIdentifier
from hypothesis import given
from hypothesis import strategies as st

from tests.net.authority import Authority
from zoneproxy.errors import ProtocolError
from zoneproxy.identity.certificate import MAX_NAMES, expiry, peer_facts, valid_until
from zoneproxy.policy.model import PeerFacts

AUTHORITY = Authority()
PLAIN = AUTHORITY.issue("alice", alternative=[x509.DNSName("alice.example.com")]).der


def subject(*rdns: list[tuple[ObjectIdentifier, str]]) -> x509.Name:
    return x509.Name(
        [x509.RelativeDistinguishedName([x509.NameAttribute(oid, value) for oid, value in rdn]) for rdn in rdns]
    )


def facts(*rdns: list[tuple[ObjectIdentifier, str]], san: list[x509.GeneralName] | None = None) -> PeerFacts:
    return peer_facts(AUTHORITY.issue(subject(*rdns), alternative=san or []).der)


def test_each_attribute_stands_for_itself_in_the_order_of_the_certificate() -> None:
    got = facts(
        [(NameOID.COUNTRY_NAME, "DE")],
        [(NameOID.ORGANIZATION_NAME, "Acme")],
        [(NameOID.COMMON_NAME, "a,O=Other+CN=b")],
    )
    assert got.subject == (("C", "DE"), ("O", "Acme"), ("CN", "a,O=Other+CN=b"))


def test_values_of_one_rdn_and_repeated_types_are_all_there() -> None:
    got = facts([(NameOID.COMMON_NAME, "one"), (NameOID.USER_ID, "two")], [(NameOID.COMMON_NAME, "three")])
    assert sorted(got.subject) == [("CN", "one"), ("CN", "three"), ("UID", "two")]
    assert got.subject[-1] == ("CN", "three")


def test_an_unknown_attribute_type_is_named_by_its_oid() -> None:
    assert facts([(ObjectIdentifier("1.3.6.1.4.1.99999.1"), "x")]).subject == (("1.3.6.1.4.1.99999.1", "x"),)


def test_alternative_names_by_kind() -> None:
    got = facts(
        san=[
            x509.UniformResourceIdentifier("spiffe://acme/payments/one"),
            x509.DNSName("b.example.com"),
            x509.DNSName("a.example.com"),
            x509.RFC822Name("a@example.com"),
        ]
    )
    assert replace(got, fingerprint="") == PeerFacts(
        dns=("b.example.com", "a.example.com"), uri=("spiffe://acme/payments/one",), email=("a@example.com",)
    )


def test_no_names_at_all() -> None:
    assert replace(facts(), fingerprint="") == PeerFacts()


def test_a_bit_string_attribute_names_nobody() -> None:
    unique = x509.Name(
        [
            x509.NameAttribute(NameOID.X500_UNIQUE_IDENTIFIER, b"\0\1", x509.name._ASN1Type.BitString),
            x509.NameAttribute(NameOID.COMMON_NAME, "n"),
        ]
    )
    assert peer_facts(AUTHORITY.issue(unique).der).subject == (("CN", "n"),)


@pytest.mark.parametrize("bad", ["a\0b", "\0", "a\rb", "a\nb", "a\x7f"])
def test_control_characters_in_a_name_are_refused(bad: str) -> None:
    for rdns, san in (([[(NameOID.COMMON_NAME, bad)]], []), ([], [x509.DNSName(bad)])):
        with pytest.raises(ProtocolError) as caught:
            facts(*rdns, san=list(san))
        assert caught.value.reason == "certificate_name"


def test_a_name_of_any_length() -> None:
    long = "x" * 64
    assert len(facts(*([(NameOID.ORGANIZATIONAL_UNIT_NAME, long)] for _ in range(40))).subject) == 40


def test_too_many_names() -> None:
    many = [x509.DNSName(f"{n}.example.com") for n in range(MAX_NAMES + 1)]
    with pytest.raises(ProtocolError) as caught:
        facts(san=list(many))
    assert caught.value.reason == "certificate_names"


@given(st.binary(max_size=300))
def test_any_bytes_raise_protocol_error_only(der: bytes) -> None:
    with pytest.raises(ProtocolError):
        peer_facts(der)


@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
@given(st.integers(0, len(PLAIN) - 1), st.integers(0, 255))
def test_a_damaged_certificate_raises_protocol_error_or_is_read(at: int, value: int) -> None:
    damaged = PLAIN[:at] + bytes([value]) + PLAIN[at + 1 :]
    with contextlib.suppress(ProtocolError):
        assert isinstance(peer_facts(damaged), PeerFacts)


def test_expiry() -> None:
    early, late = AUTHORITY.issue("early", days=1), AUTHORITY.issue("late", days=2)
    assert expiry(late.certificate) - expiry(early.certificate) == pytest.approx(86_400, abs=60)
    with pytest.raises(ProtocolError):
        expiry(b"no certificate")


def test_a_certificate_has_the_fingerprint_that_openssl_prints() -> None:
    assert peer_facts(PLAIN).fingerprint == sha256(PLAIN).hexdigest()


def test_certificates_end() -> None:
    made = Authority().issue("alice", days=3)
    assert 2 * 86_400 < valid_until(made.der) - time.time() <= 3 * 86_400
    with pytest.raises(ProtocolError, match="certificate"):
        valid_until(b"rubbish")
