"""A part of a record as a document, or why the record goes."""

from __future__ import annotations

from collections.abc import Sequence

from zoneproxy.boundary.reading import Reading
from zoneproxy.boundary.tally import MALFORMED, Awaits, Goes
from zoneproxy.formats.book import UNKNOWN_SCHEMA, UnknownSchema
from zoneproxy.formats.document import Document, Malformed
from zoneproxy.formats.framing import KEY_HEADER, VALUE_HEADER, header_for
from zoneproxy.wire.record import Header

VALUE = "value"
_SCHEMA_HEADERS = {"key": KEY_HEADER, VALUE: VALUE_HEADER}


def document_of(reading: Reading, part: bytes, place: str, headers: Sequence[Header]) -> Document | None:
    """``part``, which stands at ``place`` of a record with ``headers``, as ``reading`` says; None: a text, no more.

    Raises Goes: it is not what it should be. Raises Awaits: its schema is to be asked for.
    """
    try:
        return reading.document(part, told_of_schema(reading, place, headers))
    except UnknownSchema as unknown:
        raise Awaits(reading.rule, unknown.registry, unknown.schema) from None
    except Malformed as malformed:
        reason = UNKNOWN_SCHEMA if malformed.reason == UNKNOWN_SCHEMA else MALFORMED
        raise Goes(reading.rule, reason) from None


def told_of_schema(reading: Reading, place: str, headers: Sequence[Header]) -> bytes | None:
    """What a header tells of the schema of a part. Raises Malformed."""
    header = _SCHEMA_HEADERS.get(place)
    return None if reading.registered is None or header is None else header_for(header, headers)
