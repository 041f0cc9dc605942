"""Tags among the options of a field, message or file: those of Confluent's data contracts.

string ssn = 1 [(confluent.field_meta).tags = "PII"];
string card = 2 [(confluent.field_meta) = {tags: ["PCI", "PII"]}];
option (confluent.message_meta).tags = "PHI";
"""

from __future__ import annotations

from zoneproxy.formats.protobuf.tokens import Kind, Token, Tokens
from zoneproxy.formats.tags import NO_TAGS, tags_of

_META = frozenset({"confluent.field_meta", "confluent.message_meta", "confluent.file_meta"})


def field_options(tokens: Tokens) -> frozenset[str]:
    """The tags in ``[...]``, if that comes next."""
    tags = NO_TAGS
    if tokens.is_sign("["):
        tokens.take()
        tags = _option(tokens, ",]")
        while tokens.is_sign(","):
            tokens.take()
            tags |= _option(tokens, ",]")
        tokens.sign("]")
    return tags


def option_statement(tokens: Tokens) -> frozenset[str]:
    """The tags in what follows the word ``option``."""
    tags = _option(tokens, ";")
    tokens.sign(";")
    return tags


def _option(tokens: Tokens, ends: str) -> frozenset[str]:
    name: list[str] = []
    tokens.skip_to("=", lambda token: name.append(token.text))
    tokens.sign("=")
    value: list[Token] = []
    tokens.skip_to(ends, value.append)
    called = "".join(name).replace("(", "").replace(")", "").lstrip(".")
    if called in _META:
        return _tags_within(value)
    if called.removesuffix(".tags") in _META:
        return tags_of([_joined(value)])
    return NO_TAGS


def _joined(value: list[Token]) -> str:
    return "".join(token.text for token in value if token.kind is Kind.STRING)


def _tags_within(value: list[Token]) -> frozenset[str]:
    """Those of ``tags: "A"`` and ``tags: ["A", "B"]`` directly within the braces."""
    found: list[str] = []
    depth, in_tags = 0, False
    for token in value:
        if token.kind is Kind.SIGN:
            depth += (token.text in "{") - (token.text in "}")
        elif token.kind is Kind.NAME:
            in_tags = depth == 1 and token.text == "tags"
        elif in_tags and token.kind is Kind.STRING:
            found.append(token.text)
    return tags_of(found)
