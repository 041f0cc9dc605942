from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.detect.samples import CARD
from zoneproxy.detect.custom import CHECKS, MAX_PATTERN, detector_of, fault
from zoneproxy.detect.scanner import Scanner
from zoneproxy.policy.definitions import CustomDetector, Definitions

BADGE = CustomDetector("BADGE", "(?:EMP|CON)-[0-9]{6}", words=("badge", "staff id"), alone=0.5, near_word=0.8)


def scanner(*detectors: CustomDetector, types: tuple[str, ...] = ()) -> Scanner:
    return Scanner([*(each.name for each in detectors), *types], Definitions(detectors))


def found(text: str, *detectors: CustomDetector) -> list[tuple[str, float]]:
    encoded = text.encode()
    return [
        (encoded[start:end].decode(), confidence)
        for _, start, end, confidence in scanner(*detectors or (BADGE,)).scan(encoded)
    ]


@pytest.mark.parametrize(
    "pattern",
    [
        *(
            "EMP-[0-9]{6}",
            "[A-Z]{3}-?[0-9]{5,8}",
            "[a-z]+@corp",
            "(?:a|b[cd])+x",
            "x.{4}y",
            r"\x41[0-9]",
            "(?i)emp[0-9]",
        ),
        *("a{128}", "[^ ]{4}x", "(ab?)?c", "]x{2}"),
    ],
)
def test_patterns_that_are_taken(pattern: str) -> None:
    assert fault(pattern) == ("", "")


@pytest.mark.parametrize(
    ("pattern", "complaint"),
    [
        ("(?=x)y", "no pattern of RE2"),
        ("(", "no pattern of RE2"),
        ("é", "ASCII"),
        ("a" * (MAX_PATTERN + 1), "ASCII characters"),
        ("x*", "matches where nothing is"),
        ("[A-Z]{3}[^0-9]{1,24}[0-9]", "`[^0-9]{1,24}` is a gap"),
        ("a.*b", "`.*` is a gap"),
        ("a.+b", "is a gap"),
        (r"a\S{5,}b", "is a gap"),
        ("a(.|x){1,24}b", "`(.|x){1,24}` is a gap"),
        (r"a[^\]]{5}b", "is a gap"),
        ("[a-z]{129}", "repeats more than 128 times"),
        ("a{0,200}b", "repeats more than 128 times"),
        ("((?:[a-z]{2}[0-9]{2}){20}x){20}", "instructions"),
        (r"\bfoo", "beside the value"),
        ("^foo", "beside the value"),
        ("foo$", "beside the value"),
    ],
)
def test_patterns_that_are_refused(pattern: str, complaint: str) -> None:
    wrong, hint = fault(pattern)
    assert complaint in wrong
    assert hint


@given(st.text(alphabet="ab(|)[]{}^$\\.*+?,:019-", max_size=20))
def test_any_text_is_judged(pattern: str) -> None:
    wrong, _ = fault(pattern)
    if not wrong:
        detector_of(CustomDetector("X", pattern))


def test_words_make_a_value_surer() -> None:
    assert found("seen EMP-123456 here") == [("EMP-123456", 0.5)]
    assert found('{"badge":"CON-123456"}') == [("CON-123456", 0.8)]
    assert found('{"staffId":"CON-123456"}') == [("CON-123456", 0.8)]


def test_a_value_stands_alone_unless_the_policy_says_otherwise() -> None:
    assert found("XEMP-123456 EMP-1234567") == []
    within = CustomDetector("BADGE", "EMP-[0-9]{6}", within_words=True)
    assert found("XEMP-1234567", within) == [("EMP-123456", 0.5)]


def test_a_value_may_need_a_word() -> None:
    needy = CustomDetector("ROOM", "[0-9]{4}", words=("room",), alone=0.0, near_word=0.7)
    assert found("at 1234", needy) == []
    assert found('{"room":1234}', needy) == [("1234", 0.7)]


def test_words_may_speak_against_a_value() -> None:
    doubted = CustomDetector("BADGE", "EMP-[0-9]{6}", against=("example",))
    assert found('{"example":"EMP-123456"}', doubted) == [("EMP-123456", 0.3)]


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        ("luhn", CARD, CARD[:-1] + "9"),
        ("mod-97", "3214282912345698765432161182", "3214282912345698765432161183"),
        ("verhoeff", "2363", "2364"),
        ("", "1", ""),
    ],
)
def test_check_digits(check: str, right: str, wrong: str) -> None:
    assert CHECKS[check](right.encode())
    assert not check or not CHECKS[check](wrong.encode())
    assert not check or not CHECKS[check](b"-")


def test_a_check_leaves_separators_out() -> None:
    checked = CustomDetector("ACCOUNT", "[0-9]{4}(?:-[0-9]{4}){3}", check="luhn")
    dashed = "-".join(CARD[at : at + 4] for at in range(0, 16, 4))
    assert found(f"{dashed} and {dashed[:-1]}9", checked) == [(dashed, 0.5)]


@given(st.from_regex(r"\A(EMP|CON)-[0-9]{6}\Z"), st.binary(max_size=20), st.binary(max_size=20))
def test_stage_one_points_at_what_stage_two_finds(value: str, before: bytes, behind: bytes) -> None:
    looking = scanner(BADGE)
    payload = before + value.encode() + behind
    for finding in looking.scan(payload):
        candidate = looking.next_candidate(payload, 0)
        assert candidate is not None
        assert candidate <= finding.start


def test_it_stands_beside_the_catalogue() -> None:
    text = f"EMP-123456 pays with card {CARD}".encode()
    assert [each.type for each in scanner(BADGE, types=("PAYMENT_CARD",)).scan(text)] == ["BADGE", "PAYMENT_CARD"]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("CUST#[A-Z]{3}", r"CUST\u0023ABC"),
        ("acme://[a-z]{3,9}", r"acme:\/\/secret"),
        ("[A-Z+]{4}-x", r"AB\u002BC-x"),
        ("[(?:]{2}-x", r"(\u003F-x"),
        (r"(?:key|KEY)\tis [0-9]", r"key\tis 1"),
        (r"a\x7cb", r"a\u007cb"),
        (r"\Qa|b\E", r"a\u007Cb"),
        ("(?s:x.y)", r"x\ny"),
        (r"\xC3\xA4-[0-9]", r"\u00e4-7"),
        (r"\xE2\x82\xAC[0-9]", r"\u20ac7"),
    ],
)
def test_no_escape_hides_a_value_from_stage_one(written: str, value: str) -> None:
    looking = scanner(CustomDetector("OWN", written, within_words=True))
    document = f'{{"a": "{value}"}}'.encode()
    assert [each.type for each in looking.scan(document)] == ["OWN"]
    assert looking.suspicious(document)


@pytest.mark.parametrize(
    ("written", "value"),
    [("BEGIN[A-Z]+[0-9]{3}", "BEGIN" + "A" * 400 + "123"), ("T[A-F]{120}[0-9]{120}", "T" + "A" * 120 + "1" * 120)],
)
def test_a_value_may_be_longer_than_what_stage_one_looks_at_closely(written: str, value: str) -> None:
    looking = scanner(CustomDetector("OWN", written))
    assert [each.type for each in looking.scan(value.encode())] == ["OWN"]
    assert looking.suspicious(value.encode())


def test_what_a_pattern_cannot_say_is_no_reason_to_stop() -> None:
    assert not scanner(BADGE).suspicious(rb'{"a": "one\ntwo \/ \u00e4\u0023"}')
