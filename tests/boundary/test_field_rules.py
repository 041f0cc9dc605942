from __future__ import annotations

import pytest

from tests.boundary.batch_kit import HASH, KEYS, MASK, detect, field
from zoneproxy.boundary.field_rules import FieldRule, field_rules_of
from zoneproxy.policy.controls import Action
from zoneproxy.policy.field_controls import AllowFields, ForbidFields, RedactName, RedactTag
from zoneproxy.policy.transforms import Transform, TransformKind

TOKENS = Transform(TransformKind.TOKENISE, key="k", zone="z")


def test_no_rules():
    assert field_rules_of((detect(),), KEYS) == (None, ())


def test_rules_and_what_is_told_of_them():
    rules, told = field_rules_of(
        (
            AllowFields("only", ("$.a", "$.b")),
            field("$.a"),
            RedactName("names", HASH, "b"),
            RedactTag("tags", MASK, "PII"),
            ForbidFields("never", ("$.c",), ("d",), ("PCI",), Action.BLOCK),
        ),
        KEYS,
    )
    assert rules is not None
    assert told == [
        FieldRule("fields", "mask"),
        FieldRule("names", "hash"),
        FieldRule("tags", "mask"),
        *[FieldRule("never", "", Action.BLOCK)] * 3,
        FieldRule("only", "allow"),
    ]
    text, applied = rules.apply(b'{"a":"abcdefgh","c":{"D":1},"x":2}')
    assert text == b'{"a":"****efgh"}'
    assert sorted(applied) == [0, 3, 4, 6, 6]
    assert rules.rules.tags == {"PII": [2], "PCI": [5]}


def test_fields_of_one_name_have_the_same_tokens():
    rules, _ = field_rules_of(
        (field("$.customer.email", TOKENS), field("$.to['E-Mail'][0]", TOKENS), RedactName("r", TOKENS, "eMail2")), KEYS
    )
    assert rules is not None
    text, _ = rules.apply(b'{"customer":{"email":"x"},"to":{"E-Mail":["x"]},"email2":"x"}')
    tokens = [part for part in text.decode().split('"') if len(part) == 32]
    assert tokens[0] == tokens[1] != tokens[2]


def test_a_key_must_be_there():
    with pytest.raises(KeyError):
        field_rules_of((field("$.a", HASH),), {})
