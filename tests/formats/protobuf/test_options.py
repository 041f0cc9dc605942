"""Tags among options."""

from __future__ import annotations

import pytest

from zoneproxy.formats.protobuf.options import field_options, option_statement
from zoneproxy.formats.protobuf.tokens import Tokens
from zoneproxy.formats.schema import InvalidSchema


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("", set()),
        ('[(confluent.field_meta).tags = "PII"]', {"PII"}),
        ("[(.confluent.field_meta).tags = 'pii']", {"PII"}),
        (
            '[deprecated = true, (confluent.field_meta).tags = "PII", (confluent.field_meta).tags = "PCI"]',
            {"PII", "PCI"},
        ),
        ('[(confluent.field_meta) = {tags: "PII"}]', {"PII"}),
        (
            '[(confluent.field_meta) = {doc: "d", tags: ["PII", "PCI"], params: [{key: "k", value: "v"}]}]',
            {"PII", "PCI"},
        ),
        ('[(confluent.field_meta) = {tags: "PII" tags: "PCI"}, json_name = "x"]', {"PII", "PCI"}),
        ('[(confluent.field_meta) = {params: {tags: "no"}}]', set()),
        ('[(other.field_meta).tags = "PII"]', set()),
        ('[(confluent.field_meta).doc = "PII"]', set()),
        ("[default = -1.5, packed = true]", set()),
    ],
)
def test_tags_of_a_field(text: str, tags: set[str]) -> None:
    tokens = Tokens(f"{text};")
    assert field_options(tokens) == tags
    assert tokens.is_sign(";")


def test_tags_of_a_message() -> None:
    tokens = Tokens('(confluent.message_meta).tags = "PHI"; end')
    assert option_statement(tokens) == {"PHI"}
    assert tokens.name() == "end"


@pytest.mark.parametrize("text", ["[a]", "[a = 1", "[a = {]}", "["])
def test_what_are_no_options_is_refused(text: str) -> None:
    with pytest.raises(InvalidSchema, match="syntax"):
        field_options(Tokens(text))
