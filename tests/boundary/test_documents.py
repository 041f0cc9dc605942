from __future__ import annotations

import pytest

from zoneproxy.boundary.documents import VALUE, document_of, told_of_schema
from zoneproxy.boundary.reading import Reading, Readings
from zoneproxy.boundary.tally import Awaits, Goes
from zoneproxy.formats.book import UNKNOWN_SCHEMA, UnknownSchema
from zoneproxy.formats.document import Document, FormatLimits, Malformed
from zoneproxy.policy.value_rules import Format


def reading(format_: str) -> Reading:
    (made,) = Readings([Format("formats", value=format_)]).value
    return made


def test_a_document_or_a_text() -> None:
    document = document_of(reading("json"), b'{"a":1}', VALUE, ())
    assert document is not None
    assert [leaf.text for leaf in document.leaves][-1] == b"1"
    assert document_of(reading("text"), b"some text", VALUE, ()) is None


def test_what_is_not_what_it_should_be_goes() -> None:
    with pytest.raises(Goes) as caught:
        document_of(reading("json"), b"{", VALUE, ())
    assert (caught.value.rule, caught.value.reason) == ("formats", "malformed")


@pytest.mark.parametrize(
    ("error", "reason"),
    [(Malformed("deep"), "malformed"), (Malformed(UNKNOWN_SCHEMA), UNKNOWN_SCHEMA)],
)
def test_reasons(error: Malformed, reason: str) -> None:
    with pytest.raises(Goes) as caught:
        document_of(raising(error), b"", VALUE, ())
    assert caught.value.reason == reason
    assert not isinstance(caught.value, Awaits)


def test_a_schema_that_is_not_known_yet_is_awaited() -> None:
    with pytest.raises(Awaits):
        document_of(raising(UnknownSchema("registry", 7)), b"", VALUE, ())


def test_headers_tell_only_of_registered_schemas() -> None:
    assert told_of_schema(reading("json"), VALUE, [(b"__value_schema_id", b"x")]) is None


def raising(error: Exception) -> Reading:
    def read(value: bytes, limits: FormatLimits) -> Document:
        raise error

    return Reading("formats", "avro", FormatLimits(), read)
