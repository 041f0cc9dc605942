from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from zoneproxy.policy.identities import Glob
from zoneproxy.policy.model import Operation
from zoneproxy.policy.notation import (
    DnsGlob,
    EmailGlob,
    Host,
    NamePattern,
    OperationName,
    PrincipalName,
    SpiffeGlob,
    TopicPattern,
    UriGlob,
    as_list,
)
from zoneproxy.policy.patterns import ANY, Pattern, PatternKind
from zoneproxy.policy.snapshot import RESERVED_TOPICS


def parse(kind: Any, value: object) -> Any:
    return TypeAdapter(kind).validate_python(value)


def refusal(kind: Any, value: object) -> str:
    with pytest.raises(ValidationError) as caught:
        parse(kind, value)
    (error,) = caught.value.errors()
    return f"{error['ctx']['text']} / {error['ctx']['hint']}"


def test_one_thing_is_a_list_of_one() -> None:
    assert as_list("a") == ["a"]
    assert as_list(["a", "b"]) == ["a", "b"]


@pytest.mark.parametrize("kind", [TopicPattern, NamePattern])
def test_patterns(kind: Any) -> None:
    assert parse(kind, "*") == ANY
    assert parse(kind, "orders") == Pattern(PatternKind.LITERAL, "orders")
    assert parse(kind, {"prefix": "orders."}) == Pattern(PatternKind.PREFIX, "orders.")
    assert parse(kind, {"literal": "orders"}) == Pattern(PatternKind.LITERAL, "orders")


@pytest.mark.parametrize("kind", [TopicPattern, NamePattern])
def test_what_is_no_pattern(kind: Any) -> None:
    assert refusal(kind, "orders.*").endswith('/ write {prefix: "orders."}')
    assert '{prefix: "x."}' in refusal(kind, "*.orders")
    for value in (None, 5, [], {}, {"suffix": "x"}, {"prefix": 5}, {"prefix": "a", "literal": "b"}):
        assert "not a pattern" in refusal(kind, value)
    for prefix in ("", "*"):
        assert 'write "*"' in refusal(kind, {"prefix": prefix})


@pytest.mark.parametrize("name", ["a b", "ä", "a/b", "", "x" * 250, ".", ".."])
def test_topics_have_names_that_kafka_allows(name: str) -> None:
    assert "Kafka knows no topics with such names" in refusal(TopicPattern, name)


def test_a_dot_may_begin_names() -> None:
    assert parse(TopicPattern, {"prefix": "."}) == Pattern(PatternKind.PREFIX, ".")


@pytest.mark.parametrize("topic", sorted(RESERVED_TOPICS))
def test_reserved_topics_cannot_be_granted(topic: str) -> None:
    assert "no client reaches it" in refusal(TopicPattern, topic)


def test_names_of_groups_are_free_but_for_control_characters() -> None:
    assert parse(NamePattern, "größe 1/2").name == "größe 1/2"
    assert parse(NamePattern, {"literal": "a*b"}) == Pattern(PatternKind.LITERAL, "a*b")
    for name in ("", "a\x00", "a\n", "x" * 250):
        assert "control character" in refusal(NamePattern, name)


def test_operations_are_kafkas_in_small_letters() -> None:
    assert parse(OperationName, "describe_configs") is Operation.DESCRIBE_CONFIGS
    assert parse(OperationName, "all") is Operation.ALL
    for wrong in ("READ", "reed", "create_tokens", 3, None):
        assert "is not an operation / known: all, read," in refusal(OperationName, wrong)


def test_hosts_are_addresses_or_all() -> None:
    assert parse(Host, "*") == "*"
    assert parse(Host, "10.0.0.1") == "10.0.0.1"
    assert parse(Host, "0::0:1") == "::1"
    for wrong in ("localhost", "10.0.0.0/8", 1, None, "10.0.0.*"):
        assert "is not a host" in refusal(Host, wrong)


def test_globs_of_identities() -> None:
    assert parse(SpiffeGlob, "spiffe://acme/payments/**") == Glob("spiffe://acme/payments/**", "/")
    assert parse(UriGlob, "https://example.com/apps/*") == Glob("https://example.com/apps/*", "/")
    assert parse(UriGlob, "urn:acme:app-*") == Glob("urn:acme:app-*", "/")
    assert parse(DnsGlob, "*.Payments.Example.com") == Glob("*.payments.example.com", ".")
    assert parse(EmailGlob, "*@Example.com") == Glob("*@example.com", "@")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (SpiffeGlob, "spiffe://*/payments"),
        (SpiffeGlob, "spiffe://Acme/payments"),
        (SpiffeGlob, "spiffe://acme"),
        (SpiffeGlob, "https://acme/payments"),
        (SpiffeGlob, "spiffe://acme/**/payments"),
        (SpiffeGlob, "spiffe://acme/pay**"),
        (SpiffeGlob, "spiffe://acme/***"),
        (UriGlob, "*://example.com/a"),
        (UriGlob, "https://*/a"),
        (UriGlob, "https"),
        (UriGlob, "urn:*"),
        (UriGlob, "*"),
        (DnsGlob, "*"),
        (DnsGlob, "*.com"),
        (DnsGlob, "a.*.com"),
        (DnsGlob, "**.example.com"),
        (EmailGlob, "*@*"),
        (EmailGlob, "ann@*.com"),
        (EmailGlob, "ann"),
        (EmailGlob, "@example.com"),
        (DnsGlob, ""),
        (DnsGlob, 5),
        (DnsGlob, "a\x00.example.com"),
        (DnsGlob, "a" * 3000),
    ],
)
def test_globs_that_would_let_in_too_many(kind: Any, value: object) -> None:
    assert refusal(kind, value)


def test_principals_are_written_without_their_type() -> None:
    assert parse(PrincipalName, "alice") == "alice"
    assert parse(PrincipalName, "CN=alice,O=Acme") == "CN=alice,O=Acme"
    assert refusal(PrincipalName, "User:alice") == "`User:alice`: principals are written without `User:` / write alice"
    for wrong in ("*", "ANONYMOUS", " alice", "", "a\nb", "x" * 250):
        assert "cannot be a principal" in refusal(PrincipalName, wrong)
    with pytest.raises(ValidationError):
        parse(PrincipalName, 5)
