from __future__ import annotations

from tests.transform.changes import SEVERAL, make
from zoneproxy.transform.put_out import PutOut

TYPES = frozenset({"EMAIL"})


def test_a_token_is_no_finding_of_any_type():
    put_out = PutOut()
    assert not put_out
    put_out.add(b"abcdef", make("tokenise", key="one"), TYPES)
    assert put_out.explains(b"abcdef", "GENERIC_SECRET")
    assert not put_out.explains(b"abcdefg", "EMAIL")
    put_out.add(b"abcdef", make("mask_email"), TYPES)
    assert put_out.explains(b"abcdef", "GENERIC_SECRET")
    put_out.clear()
    assert not put_out.explains(b"abcdef", "EMAIL")


def test_what_looks_alike_is_no_finding_of_the_types_that_it_was_of():
    put_out = PutOut()
    put_out.add(b"j***@example.com", make("mask_email"), TYPES)
    assert put_out.explains(b"j***@example.com", "EMAIL")
    assert not put_out.explains(b"example.com", "PAYMENT_CARD")
    put_out.add(b"j***@example.com", make("mask_email"), frozenset({"PHONE"}))
    assert put_out.explains(b"example.com", "EMAIL")
    assert put_out.explains(b"example.com", "PHONE")


def test_what_a_mask_leaves_has_to_be_looked_at():
    put_out = PutOut()
    put_out.add(b"12345***", make("mask", keep_first=5), TYPES)
    put_out.add(b"", make("replace", value='""'), TYPES)
    assert not put_out.explains(b"123", "EMAIL")
    assert not put_out.explains(b"", "EMAIL")


def test_what_is_opaque_and_what_looks_alike():
    assert {change.kind for change in SEVERAL if change.opaque} == {"hash", "tokenise", "replace", "mask"}
    assert not make("mask").opaque
    assert not make("mask", keep_format=True, keep_last=1).opaque
    alike = [change for change in SEVERAL if change.looks_alike]
    assert {change.kind for change in alike} == {"generalise", "shift_date", "mask_ip", "mask_email"}
    assert not make("generalise", keep_first=3).looks_alike


def test_a_few_characters_that_stand_in_a_token_are_not_said_by_it():
    put_out = PutOut()
    put_out.add(b"tok_0123456789abcdef0123", make("tokenise", key="one"), TYPES)
    assert put_out.explains(b"0123456789abcdef0123", "GENERIC_SECRET")
    assert not put_out.explains(b"123", "CVV")
    assert not put_out.explains(b"3456789ab", "EMAIL")


def test_whatever_part_of_a_mask_it_is_it_says_nothing():
    put_out = PutOut()
    put_out.add(b"Xxxx xxxx@xxx.xx ###", make("mask", keep_format=True), TYPES)
    put_out.add(b"********", make("replace", value='"********"'), TYPES)
    assert put_out.explains(b"xxxx@xxx.xx", "EMAIL")
    assert put_out.explains(b"***", "GENERIC_SECRET")
    assert not put_out.explains(b"x1", "EMAIL")


def test_outputs_are_not_read_as_one():
    put_out = PutOut()
    put_out.add(b"***", make("replace", value='"***"'), TYPES)
    put_out.add(b"--", make("replace", value='"--"'), TYPES)
    assert not put_out.explains(b"***--", "EMAIL")
    assert not put_out.explains(b"--***", "EMAIL")
