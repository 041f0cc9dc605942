from __future__ import annotations

import pytest

from tests.detect.samples import CARD, EMAIL
from zoneproxy.detect.allowed import MAX_VALUE, Allowed, allowed_by
from zoneproxy.detect.scanner import Scanner
from zoneproxy.policy.definitions import NO_DEFINITIONS, AllowList, CustomDetector, Definitions

DASHED = "-".join(CARD[at : at + 4] for at in range(0, 16, 4))


def allowed(*types: str, **more: object) -> Allowed:
    return Allowed([(AllowList("l", types, **more), types)])  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [CARD, DASHED, DASHED.replace("-", " ")])
def test_values_are_compared_by_letters_and_digits(value: str) -> None:
    one = allowed("PAYMENT_CARD", values=(DASHED,))
    assert one.covers("PAYMENT_CARD", value.encode())
    assert not one.covers("PAYMENT_CARD", value[:-1].encode())
    assert not one.covers("IBAN", value.encode())


@pytest.mark.parametrize(
    ("listed", "other"),
    [
        ("10.1.11.1", "101.1.1.1"),
        ("10.1.11.1", "10.11.1.1"),
        ("a@example.com", "aexample@co.m"),
        ("fe80::1:1", "fe80::11"),
    ],
)
def test_what_is_divided_otherwise_is_another_address(listed: str, other: str) -> None:
    one = allowed("IP_ADDRESS", values=(listed,))
    assert one.covers("IP_ADDRESS", listed.encode())
    assert not one.covers("IP_ADDRESS", other.encode())


def test_domains_and_what_is_below_them() -> None:
    own = allowed("EMAIL", domains=("Example.com",))
    assert own.covers("EMAIL", b"a@example.com")
    assert own.covers("EMAIL", b"a@mail.EXAMPLE.com")
    for other in (b"a@badexample.com", b"a@example.com.evil.org", b"example.com", b"a@example.org"):
        assert not own.covers("EMAIL", other)


def test_a_pattern_is_for_the_whole_value() -> None:
    made_up = allowed("BADGE", pattern="EMP-0+|TEST")
    assert made_up.covers("BADGE", b"EMP-000")
    assert made_up.covers("BADGE", b"TEST")
    for other in (b"EMP-0001", b"XTEST", b"TEST\n"):
        assert not made_up.covers("BADGE", other)


def test_what_is_long_is_never_allowed() -> None:
    assert not allowed("X", pattern="a+").covers("X", b"a" * (MAX_VALUE + 1))


def test_a_policy_without_lists_has_none() -> None:
    assert allowed_by(NO_DEFINITIONS) is None


def test_lists_are_about_packs_as_well() -> None:
    badge = CustomDetector("BADGE", "EMP-[0-9]{6}", packs=("staff",))
    listed = AllowList("l", ("staff", "pci"), values=("EMP-000000", CARD))
    both = allowed_by(Definitions((badge,), (listed,)))
    assert both is not None
    assert both.types >= {"BADGE", "PAYMENT_CARD", "IBAN"}


def test_the_scanner_leaves_them_out_escaped_or_not() -> None:
    lists = (
        AllowList("cards", ("PAYMENT_CARD",), values=(CARD,)),
        AllowList("us", ("EMAIL",), domains=("example.com",)),
    )
    looking = Scanner(["PAYMENT_CARD", "EMAIL"], Definitions((), lists))
    assert looking.scan(f"card {DASHED}, mail {EMAIL}".encode()) == []
    assert looking.scan(b'{"card":"\\u0034%b"}' % CARD[1:].encode()) == []
    other = EMAIL.replace("example", "sample").encode()
    assert [finding.type for finding in looking.scan(other)] == ["EMAIL"]
