from __future__ import annotations

from typing import Annotated

import pytest
from pydantic import BeforeValidator

from tests.json_schema import Checker
from zoneproxy.config.located import read_yaml
from zoneproxy.config.schema import DIALECT, config_schema, schema_of
from zoneproxy.config.validation import Section

GOOD = """\
listeners:
  - name: payments
    zone: payments
    advertised_host: kafka.example.com
    ports: {bootstrap: 9092, first: 9100, node_ids: "0-31"}
    tls: {certificate: a, key: b, client_ca: c}
upstreams:
  payments-kafka: {bootstrap: ["a:1"], tls: {ca: ca.crt}}
limits:
keys:
"""


def accepted(text: str) -> bool:
    return Checker(config_schema()).accepts(read_yaml(text, "f", []).data)


def test_a_configuration_with_empty_sections() -> None:
    assert accepted(GOOD)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("zone: payments", "zoen: payments"),
        ("bootstrap: 9092", "bootstrap: 99092"),
        ("bootstrap: 9092", "bootstrap: port"),
        ("payments-kafka:", "Payments_Kafka:"),
        ("certificate: a, ", ""),
        ("limits:", "limits: {max_frame_bytes: 5}"),
        ("keys:", "kyes:"),
    ],
)
def test_what_an_editor_would_mark(old: str, new: str) -> None:
    assert old in GOOD
    assert not accepted(GOOD.replace(old, new))


def as_list(value: object) -> object:
    return value if isinstance(value, list) else [value]


class Inner(Section):
    """One   ``thing``,
    said in two lines."""

    title: str = "x"
    many: Annotated[tuple[int, ...], BeforeValidator(as_list)] = ()


class Outer(Section):
    inner: Inner = Inner()


def test_it_says_what_a_writer_can_use_and_no_more() -> None:
    schema = schema_of(Outer, "a file", as_list)
    assert (schema["$schema"], schema["title"]) == (DIALECT, "a file")
    inner = schema["$defs"]["Inner"]
    assert inner["description"] == "One `thing`, said in two lines."
    assert inner["properties"]["title"] == {"type": "string", "default": "x"}
    assert "default" not in schema["properties"]["inner"]
    assert "title" not in inner


def test_one_may_stand_for_a_list_of_one() -> None:
    checker = Checker(schema_of(Outer, "a file", as_list))
    for many, right in ((1, True), ([1, 2], True), ("a", False), (["a"], False)):
        assert checker.accepts({"inner": {"many": many}}) is right
    assert not Checker(schema_of(Outer, "a file")).accepts({"inner": {"many": 1}})
