"""Controls that say what keys, values and headers are, so that others see what is in them."""

from __future__ import annotations

from dataclasses import dataclass

from zoneproxy.policy.controls import Action, Control

AUTO = "auto"
"""JSON, XML, MessagePack or CBOR if it is one of these without a doubt, else text."""

FORMATS = ("json", "ndjson", "text", "csv", "xml", "form", "msgpack", "cbor", "avro", "protobuf", AUTO)


@dataclass(frozen=True, slots=True)
class Format(Control):
    """The formats of values, keys and the values of headers; None: not said. What is none of its format goes.

    ``unique_names``: an object or map that has a name twice goes as well. ``schemas``: those of Avro and Protobuf, by
    their name in zoneproxy.yaml. The rest is about CSV: ``header`` is whether the first row names the columns, None if
    it is to be seen.
    """

    value: str | None = None
    key: str | None = None
    headers: str | None = None
    unique_names: bool = False
    delimiter: str = ","
    columns: tuple[str, ...] = ()
    header: bool | None = None
    schemas: str | None = None

    @property
    def keeps_records(self) -> bool:
        """See Control."""
        return True


@dataclass(frozen=True, slots=True)
class Binary(Control):
    """What becomes of a record with a part that is neither text nor of a format that is known of it."""

    action: Action
    parts: tuple[str, ...]  # of value, key, headers

    @property
    def keeps_records(self) -> bool:
        """See Control."""
        return self.action <= Action.REDACT
