from __future__ import annotations

from typing import Any

import pytest

from tests.policy.documents.refusals import refusal
from zoneproxy.policy.controls import Action, Depth, RedactField, RedactFinding
from zoneproxy.policy.documents.controls.redact import RedactDocument
from zoneproxy.policy.documents.controls.section import DEFAULT_CONFIDENCE, Surroundings
from zoneproxy.policy.field_controls import RedactKey, RedactName, RedactTag
from zoneproxy.policy.transforms import Transform, TransformKind

ONE_OF = "exactly one of `field`, `name`, `tag`, `types` and `part`"
MASK = Transform(TransformKind.MASK)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"with": "mask"}, ONE_OF),
        ({"with": "mask", "field": "$.a", "types": ["EMAIL"]}, ONE_OF),
        ({"with": "mask", "name": "a", "tag": "PII"}, ONE_OF),
        ({"with": "mask", "field": "$.a", "confidence": 0.5}, "`confidence` is about findings"),
        ({"with": "mask", "name": "a", "depth": "deep"}, "`depth` is about findings"),
        ({"with": "mask", "field": "$.a", "record_keys": "block"}, "`record_keys` is about findings"),
        ({"with": "mask", "field": "a.b"}, "`a.b` is not a path: it should start with `$`"),
        ({"with": "mask", "types": ["EMAIL"], "confidence": 1.5}, "less than or equal to 1"),
        ({"with": "mask", "part": "key"}, "can be changed with `tokenise` and `hash` only"),
        ({"with": "mask", "types": "EMAIL", "record_keys": "tokenise"}, "with `tokenise` and `hash` only"),
        ({"with": "hash", "key": "k", "part": "key", "on_error": "alert"}, "`on_error` has no effect with `part`"),
        ({"with": "mask", "part": "value"}, "Input should be"),
    ],
)
def test_redactions_that_make_no_sense(data: dict[str, Any], message: str) -> None:
    assert message in refusal(RedactDocument, data)


def controls(**data: Any) -> tuple[Any, ...]:
    return RedactDocument.model_validate(data).as_controls(Surroundings("r", zone="analytics"))


def test_places() -> None:
    assert controls(field="$.a", **{"with": "mask"}) == (RedactField("r", "$.a", MASK),)
    assert controls(field=["$.a", "$..b"], **{"with": "mask"}) == (
        RedactField("r", "$.a", MASK),
        RedactField("r", "$..b", MASK),
    )
    assert controls(name=["cvv", "PIN"], **{"with": "mask"}) == (
        RedactName("r", MASK, "cvv"),
        RedactName("r", MASK, "PIN"),
    )
    assert controls(tag="pii", **{"with": "mask"}) == (RedactTag("r", MASK, "PII"),)


def test_the_key_of_a_record() -> None:
    tokens = Transform(TransformKind.TOKENISE, key="k", zone="analytics")
    assert controls(part="key", key="k", **{"with": "tokenise"}) == (RedactKey("r", tokens),)
    (control,) = controls(types="EMAIL", key="k", record_keys="tokenise", **{"with": "tokenise"})
    assert control.record_keys
    assert control.transform == tokens


def test_findings_and_their_change() -> None:
    data = {"types": ["EMAIL"], "confidence": 0.7, "with": "hash", "key": "k", "depth": "deep"}
    written = RedactDocument.model_validate(data)
    transform = Transform(TransformKind.HASH, key="k")
    assert written.as_controls(Surroundings("r")) == (RedactFinding("r", ("EMAIL",), 0.7, transform, depth=Depth.DEEP),)
    assert (written.types_named(), written.key_named()) == (("EMAIL",), "k")
    usual = RedactDocument.model_validate({"types": "EMAIL", "with": "remove"}).as_controls(Surroundings())
    assert usual == (RedactFinding("", ("EMAIL",), DEFAULT_CONFIDENCE, Transform(TransformKind.REMOVE)),)
    assert RedactDocument.model_validate({"field": "$.a", "with": "remove"}).types_named() == ()


def test_what_becomes_of_what_cannot_be_looked_into() -> None:
    for where, looks_at in (({"field": "$.a"}, "fields"), ({"types": "EMAIL"}, "findings"), ({"part": "key"}, None)):
        change = {"with": "hash", "key": "k"} if looks_at is None else {"with": "mask", "on_error": "alert"}
        written = RedactDocument.model_validate({**where, **change})
        assert written.looks_at == looks_at
        assert {each.on_error for each in written.as_controls(Surroundings())} == {
            Action.BLOCK if looks_at is None else Action.ALERT
        }
