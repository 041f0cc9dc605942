"""What is known of schemas."""

from __future__ import annotations

from uuid import UUID

import pytest

from zoneproxy.formats.avro.schema import avro_schema
from zoneproxy.formats.book import MAX_SCHEMAS, SchemaBook, UnknownSchema
from zoneproxy.formats.document import Malformed

SCHEMA, OTHER = avro_schema('"string"'), avro_schema('"int"')
GUID = UUID("89791762-2336-4186-9674-299b90a802e2")


def test_what_is_known_from_the_beginning_stays() -> None:
    book = SchemaBook("main", {1: SCHEMA, GUID: OTHER}, asks=True)
    assert book.schema(1) is SCHEMA
    assert book.schema(GUID) is OTHER
    book.learn(1, OTHER)
    assert book.schema(1) is SCHEMA
    assert not book.is_open(1)


def test_what_is_not_known_may_be_asked_for() -> None:
    book = SchemaBook("main", {}, asks=True)
    with pytest.raises(UnknownSchema) as caught:
        book.schema(5)
    assert (caught.value.registry, caught.value.schema, caught.value.reason) == ("main", 5, "unknown_schema")
    assert book.is_open(5)
    book.learn(5, SCHEMA)
    assert book.schema(5) is SCHEMA
    assert not book.is_open(5)


def refused_for_good(book: SchemaBook) -> bool:
    with pytest.raises(Malformed, match="unknown_schema") as caught:
        book.schema(5)
    return not isinstance(caught.value, UnknownSchema)


def test_what_there_is_not_is_not_asked_for_until_it_is_forgotten() -> None:
    book = SchemaBook("main", {}, asks=True)
    book.learn(5, None)
    assert refused_for_good(book)
    assert not book.is_open(5)
    book.forget(5)
    book.forget(5)
    assert book.is_open(5)
    assert not refused_for_good(book)


def test_where_nobody_can_be_asked_there_is_nothing_else() -> None:
    book = SchemaBook("main", {1: SCHEMA}, asks=False)
    assert refused_for_good(book)
    assert not book.is_open(5)


def test_the_oldest_is_forgotten() -> None:
    book = SchemaBook("main", {}, asks=True)
    for number in range(MAX_SCHEMAS + 1):
        book.learn(number, SCHEMA)
    assert book.is_open(0)
    assert not book.is_open(1)
