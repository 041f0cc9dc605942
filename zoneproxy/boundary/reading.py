"""What a flow says that the parts of its records are, and how they are read for that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from zoneproxy.boundary.on_error import OnError, strictest
from zoneproxy.formats.book import Books
from zoneproxy.formats.cbor import read_cbor
from zoneproxy.formats.csv_ import Dialect, read_csv
from zoneproxy.formats.document import DEFAULT_LIMITS, Document, FormatLimits, Malformed
from zoneproxy.formats.form import read_form
from zoneproxy.formats.json import is_open_json, read_json
from zoneproxy.formats.msgpack import read_msgpack
from zoneproxy.formats.ndjson import read_ndjson
from zoneproxy.formats.nested import nested
from zoneproxy.formats.protobuf.document import read_protobuf
from zoneproxy.formats.registered import RegisteredReader
from zoneproxy.formats.sniff import is_text, sniff
from zoneproxy.formats.xml.document import read_xml
from zoneproxy.policy.controls import Control
from zoneproxy.policy.value_rules import AUTO, Format

Read = Callable[[bytes, FormatLimits], Document | None]
"""None: it is text and nothing else. Raises Malformed: it is not what it should be."""


def _read_text(value: bytes, limits: FormatLimits) -> None:
    if not is_text(value):
        raise Malformed("text")


_READERS: Mapping[str, Callable[[Format], Read]] = {
    "json": lambda _: read_json,
    "ndjson": lambda _: read_ndjson,
    "text": lambda _: _read_text,
    "xml": lambda _: read_xml,
    "form": lambda _: read_form,
    "msgpack": lambda _: read_msgpack,
    "cbor": lambda _: read_cbor,
    "protobuf": lambda _: read_protobuf,
    "csv": lambda control: _csv(Dialect(control.delimiter, control.columns, control.header)),
    AUTO: lambda _: sniff,
}
"""Format → its reader, as a control asks for it."""

_WITH_SCHEMAS = frozenset({"avro", "protobuf"})
_BINARY = frozenset({"msgpack", "cbor"}) | _WITH_SCHEMAS
_MAY_BE_JSON = frozenset({"json", AUTO})
NO_BOOKS: Books = {}


def _csv(dialect: Dialect) -> Read:
    return lambda value, limits: read_csv(value, limits, dialect)


@dataclass(frozen=True)
class Reading:
    """One way to read a part."""

    rule: str = field(compare=False)
    format: str
    limits: FormatLimits
    read: Read = field(compare=False)
    told_by: tuple[object, ...] = ()  # all else that makes it another reading
    registered: RegisteredReader | None = field(default=None, compare=False)  # reads it, if there are schemas
    on_error: OnError = field(default=OnError(), compare=False)  # what becomes of what is not of the format

    @property
    def is_declared(self) -> bool:
        """Whether parts must be of this format."""
        return self.format != AUTO

    @property
    def is_binary(self) -> bool:
        """Whether the bytes by themselves say nothing."""
        return self.format in _BINARY

    def document(self, part: bytes, told: bytes | None = None) -> Document | None:
        """What ``part`` says, but for what its texts hold; None: what a text says. Raises Malformed.

        ``told`` is what a header of the record tells of its schema, if there is one.
        """
        if self.registered is not None:
            return self.registered.read(part, self.limits, told)
        return self.read(part, self.limits)

    def is_open(self, part: bytes) -> bool:
        """Whether ``part`` is of this format and shows all that it says to those who look at it as a text."""
        return self.format in _MAY_BE_JSON and not self.limits.unique_names and is_open_json(part)

    def unfolded(self, document: Document) -> Document:
        """With what is nested in texts. Raises Malformed."""
        return nested(document, self.limits)


class Readings:
    """How the parts of records are read. Of several rules all hold: a part must be what each of them says."""

    def __init__(self, controls: Iterable[Control], books: Books = NO_BOOKS) -> None:
        """Raises KeyError: a control names schemas that are not among ``books``."""
        formats = [control for control in controls if isinstance(control, Format)]
        self.value = _of(((control, control.value) for control in formats), books)
        self.key = _of(((control, control.key) for control in formats), books)
        self.headers = _of(((control, control.headers) for control in formats), books)

    def __bool__(self) -> bool:
        return bool(self.value or self.key or self.headers)

    def of(self, place: str) -> tuple[Reading, ...]:
        """Those for a part, by what findings in it are told of."""
        return {"value": self.value, "key": self.key, "header_value": self.headers}.get(place, ())


def _of(named: Iterable[tuple[Format, str | None]], books: Books) -> tuple[Reading, ...]:
    """Each once, with the strictest of what rules say of what it cannot read."""
    readings: dict[Reading, list[Control]] = {}
    for control, name in named:
        if name is not None:
            readings.setdefault(_reading(control, name, books), []).append(control)
    return tuple(replace(reading, on_error=strictest(controls)) for reading, controls in readings.items())


def _reading(control: Format, name: str, books: Books) -> Reading:
    limits = replace(DEFAULT_LIMITS, unique_names=control.unique_names)
    table = (control.delimiter, control.columns, control.header) if name == "csv" else ()
    if name in _WITH_SCHEMAS and control.schemas is not None:
        registered = RegisteredReader(books[control.schemas], name)
        return Reading(control.rule, name, limits, registered.read, (control.schemas,), registered)
    return Reading(control.rule, name, limits, _READERS[name](control), table)
