from __future__ import annotations

from typing import Any

import pytest

from tests.policy.documents.refusals import refusal
from zoneproxy.policy.documents.controls.change import ChangeSection
from zoneproxy.policy.transforms import Transform, TransformKind, Unit


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "Field required"),
        ({"with": "encrypt"}, "Input should be"),
        ({"with": "remove", "keep_last": 4}, "`keep_last` has an effect only with `with: mask`"),
        ({"with": "mask", "key": "k"}, "`key` has an effect only with `with: shift_date` or `hash` or `tokenise`"),
        ({"with": "hash", "key": "k", "domain": "d"}, "`domain` has an effect only with `with: tokenise`"),
        ({"with": "mask", "keep_first": 65}, "less than or equal to 64"),
        ({"with": "mask", "mask_with": '"'}, "pattern"),
        ({"with": "mask", "mask_with": "**"}, "pattern"),
        ({"with": "mask", "keep_format": True, "mask_with": "*"}, "`mask_with` has no effect with `keep_format`"),
        ({"with": "hash"}, "`with: hash` needs a `key`"),
        ({"with": "tokenise"}, "`with: tokenise` needs a `key`"),
        ({"with": "tokenise", "key": "k", "prefix": 'a"'}, "pattern"),
        ({"with": "truncate"}, "`with: truncate` needs a `length`"),
        ({"with": "truncate", "length": 0}, "greater than or equal to 1"),
        ({"with": "shift_date", "key": "k"}, "`with: shift_date` needs a `days`"),
        ({"with": "shift_date", "days": 3}, "`with: shift_date` needs a `key`"),
        ({"with": "replace"}, "`with: replace` needs a `value`"),
        ({"with": "replace", "value": ["a"]}, "`value` should be a short text"),
        ({"with": "replace", "value": "x" * 257}, "`value` should be a short text"),
        ({"with": "replace", "value": float("inf")}, "`value` should be a short text"),
        ({"with": "generalise"}, "`with: generalise` needs `to`, `step` or `keep_first`"),
        ({"with": "generalise", "to": "month", "step": 10}, "has one of `to`, `step` or `keep_first`"),
        ({"with": "generalise", "to": "week"}, "Input should be"),
        ({"with": "generalise", "to": "month", "bits_v4": 8}, "bits are about addresses"),
        ({"with": "generalise", "keep_first": 0}, "to keep nothing is to remove it"),
        *(({"with": "generalise", "step": step}, "`step` should be a number above 0") for step in (0, -1, "10", True)),
        ({"with": "mask_ip", "bits_v4": 32}, "less than or equal to 31"),
    ],
)
def test_changes_that_make_no_sense(data: dict[str, Any], message: str) -> None:
    assert message in refusal(ChangeSection, data)


@pytest.mark.parametrize(
    ("data", "transform"),
    [
        ({"with": "mask"}, Transform(TransformKind.MASK)),
        (
            {"with": "mask", "keep_first": 1, "keep_last": 4, "mask_with": "#"},
            Transform(TransformKind.MASK, keep_first=1, keep_last=4, mask_with="#"),
        ),
        ({"with": "mask", "keep_format": True}, Transform(TransformKind.MASK, keep_format=True)),
        ({"with": "mask_email"}, Transform(TransformKind.MASK_EMAIL)),
        ({"with": "mask_ip", "bits_v6": 32}, Transform(TransformKind.MASK_IP, bits_v6=32)),
        ({"with": "truncate", "length": 8}, Transform(TransformKind.TRUNCATE, length=8)),
        ({"with": "generalise", "to": "month"}, Transform(TransformKind.GENERALISE, to=Unit.MONTH)),
        (
            {"with": "generalise", "to": "network", "bits_v4": 16},
            Transform(TransformKind.GENERALISE, to=Unit.NETWORK, bits_v4=16),
        ),
        ({"with": "generalise", "step": 10}, Transform(TransformKind.GENERALISE, step="10")),
        ({"with": "generalise", "step": 0.50}, Transform(TransformKind.GENERALISE, step="0.5")),
        ({"with": "generalise", "keep_first": 3}, Transform(TransformKind.GENERALISE, keep_first=3)),
        ({"with": "shift_date", "key": "k", "days": 30}, Transform(TransformKind.SHIFT_DATE, key="k", days=30)),
        ({"with": "hash", "key": "k"}, Transform(TransformKind.HASH, key="k")),
        ({"with": "tokenise", "key": "k"}, Transform(TransformKind.TOKENISE, key="k", zone="analytics")),
        (
            {"with": "tokenise", "key": "k", "domain": "mail", "prefix": "m_"},
            Transform(TransformKind.TOKENISE, key="k", zone="analytics", domain="mail", prefix="m_"),
        ),
        ({"with": "replace", "value": 'g"one'}, Transform(TransformKind.REPLACE, value='"g\\"one"')),
        ({"with": "replace", "value": 0}, Transform(TransformKind.REPLACE, value="0")),
        ({"with": "replace", "value": False}, Transform(TransformKind.REPLACE, value="false")),
        ({"with": None}, Transform(TransformKind.NULL)),
        ({"with": "null"}, Transform(TransformKind.NULL)),
        ({"with": "remove"}, Transform(TransformKind.REMOVE)),
    ],
)
def test_changes(data: dict[str, Any], transform: Transform) -> None:
    written = ChangeSection.model_validate(data)
    assert written.transform("analytics") == transform
    assert written.key_named() == transform.key


@pytest.mark.parametrize("character", ["*", "#", "X", "-", "~"])
def test_masks_are_one_character_that_json_needs_not_escape(character: str) -> None:
    assert ChangeSection.model_validate({"with": "mask", "mask_with": character}).mask_with == character
