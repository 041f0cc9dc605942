from __future__ import annotations

from typing import Any, get_args

import pytest

from tests.policy.documents.refusals import refusal
from zoneproxy.policy.controls import Action
from zoneproxy.policy.documents.controls.format import FormatDocument, FormatName
from zoneproxy.policy.documents.controls.section import Surroundings
from zoneproxy.policy.value_rules import FORMATS, Format


def compiled(data: dict[str, Any]) -> Format:
    return FormatDocument.model_validate(data).as_control(Surroundings("r"))


def test_formats() -> None:
    assert compiled({"value": "json"}) == Format("r", "json")
    assert compiled({"value": "auto", "key": "text", "headers": "form", "unique_names": True}) == Format(
        "r", "auto", "text", "form", unique_names=True
    )
    assert set(get_args(FormatName)) == set(FORMATS)


def test_schemas() -> None:
    assert compiled({"value": "avro", "schemas": "main"}) == Format("r", "avro", schemas="main")
    assert compiled({"value": "protobuf"}) == Format("r", "protobuf")


def test_csv() -> None:
    csv = {"delimiter": ";", "columns": ["id", "email"], "header": True}
    assert compiled({"value": "csv", "csv": csv}) == Format(
        "r", "csv", delimiter=";", columns=("id", "email"), header=True
    )
    assert compiled({"key": "csv", "csv": {"delimiter": "\t"}}) == Format("r", key="csv", delimiter="\t")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "needs at least one of"),
        ({"unique_names": True}, "needs at least one of"),
        ({"value": "avro"}, "cannot be read without `schemas`"),
        ({"key": "json", "schemas": "main"}, "only where a format is `avro` or `protobuf`"),
        ({"value": "yaml"}, "Input should be"),
        ({"value": "json", "csv": {"header": True}}, "only where a format is `csv`"),
        ({"value": "csv", "csv": {"delimiter": ""}}, "should match pattern"),
        ({"value": "csv", "csv": {"delimiter": '"'}}, "should match pattern"),
        ({"value": "csv", "csv": {"delimiter": "é"}}, "should match pattern"),
        ({"value": "csv", "csv": {"columns": [""]}}, "at least 1"),
    ],
)
def test_what_makes_no_sense(data: dict[str, Any], message: str) -> None:
    assert message in refusal(FormatDocument, data)


def test_what_becomes_of_what_is_not_of_its_format() -> None:
    written = FormatDocument.model_validate({"value": "json", "on_error": "alert"})
    (control,) = written.as_controls(Surroundings("r"))
    assert (control.on_error, control.quarantines, written.looks_at) == (Action.ALERT, False, None)
