"""What a flow says that the parts of its records are, and how they are read for that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from zoneproxy.formats.cbor import read_cbor
from zoneproxy.formats.csv_ import Dialect, read_csv
from zoneproxy.formats.document import DEFAULT_LIMITS, Document, FormatLimits, Malformed
from zoneproxy.formats.form import read_form
from zoneproxy.formats.json import read_json
from zoneproxy.formats.msgpack import read_msgpack
from zoneproxy.formats.ndjson import read_ndjson
from zoneproxy.formats.nested import nested
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
    "csv": lambda control: _csv(Dialect(control.delimiter, control.columns, control.header)),
    AUTO: lambda _: sniff,
}
"""Format → its reader, as a control asks for it."""

_BINARY = frozenset({"msgpack", "cbor"})


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

    @property
    def is_declared(self) -> bool:
        """Whether parts must be of this format."""
        return self.format != AUTO

    @property
    def is_binary(self) -> bool:
        """Whether the bytes by themselves say nothing."""
        return self.format in _BINARY

    def document(self, part: bytes) -> Document | None:
        """What ``part`` says, but for what its texts hold; None: what a text says. Raises Malformed."""
        return self.read(part, self.limits)

    def unfolded(self, document: Document) -> Document:
        """With what is nested in texts. Raises Malformed."""
        return nested(document, self.limits)


class Readings:
    """How the parts of records are read. Of several rules all hold: a part must be what each of them says."""

    def __init__(self, controls: Iterable[Control]) -> None:
        formats = [control for control in controls if isinstance(control, Format)]
        self.value = _of((control, control.value) for control in formats)
        self.key = _of((control, control.key) for control in formats)
        self.headers = _of((control, control.headers) for control in formats)

    def __bool__(self) -> bool:
        return bool(self.value or self.key or self.headers)

    def of(self, place: str) -> tuple[Reading, ...]:
        """Those for a part, by what findings in it are told of."""
        return {"value": self.value, "key": self.key, "header_value": self.headers}.get(place, ())


def _of(named: Iterable[tuple[Format, str | None]]) -> tuple[Reading, ...]:
    readings = (_reading(control, name) for control, name in named if name is not None)
    return tuple(dict.fromkeys(readings))


def _reading(control: Format, name: str) -> Reading:
    limits = replace(DEFAULT_LIMITS, unique_names=control.unique_names)
    table = (control.delimiter, control.columns, control.header) if name == "csv" else ()
    return Reading(control.rule, name, limits, _READERS[name](control), table)
