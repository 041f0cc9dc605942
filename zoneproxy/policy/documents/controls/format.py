"""``format:``, what keys, values and headers are."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from zoneproxy.config.validation import Flag, Section, Text, refuse
from zoneproxy.policy.documents.controls.section import ControlSection, OnErrorName, Surroundings
from zoneproxy.policy.documents.names import Name
from zoneproxy.policy.value_rules import Format

FormatName = Literal["json", "ndjson", "text", "csv", "xml", "form", "msgpack", "cbor", "avro", "protobuf", "auto"]
_WITH_SCHEMAS = {"avro", "protobuf"}


class CsvSection(Section):
    """How CSV is written."""

    delimiter: Annotated[str, Field(pattern=r"^[\t !#-~]$", description="one character")] = ","
    columns: Annotated[tuple[Text, ...], Field(description="what the columns are called, from the first one on")] = ()
    header: Annotated[
        Flag | None, Field(description="whether the first row has names; if this is not said, whether it looks so")
    ] = None


class FormatDocument(ControlSection):
    """The formats of the parts of a record. A part that is none of its format is not let through."""

    value: FormatName | None = None
    key: FormatName | None = None
    headers: Annotated[FormatName | None, Field(description="of the values of all headers")] = None
    unique_names: Annotated[Flag, Field(description="refuse objects and maps that have a name twice")] = False
    csv: CsvSection | None = None
    on_error: OnErrorName = None
    schemas: Annotated[Name | None, Field(description="of Avro and Protobuf: schemas of zoneproxy.yaml")] = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        named = {self.value, self.key, self.headers}
        if named == {None}:
            refuse("`format` needs at least one of `value`, `key` and `headers`", "as in {value: json}")
        if self.csv is not None and "csv" not in named:
            refuse("`csv` has an effect only where a format is `csv`", "leave it out")
        if self.schemas is not None and not named & _WITH_SCHEMAS:
            refuse("`schemas` has an effect only where a format is `avro` or `protobuf`", "leave it out")
        if self.schemas is None and "avro" in named:
            refuse("`avro` cannot be read without `schemas`", "name schemas of zoneproxy.yaml")
        return self

    @property
    def gives_tags(self) -> bool:
        """See ControlSection."""
        return self.schemas is not None and self.value in _WITH_SCHEMAS

    def as_control(self, within: Surroundings) -> Format:
        """See ControlSection."""
        csv = self.csv or CsvSection()
        return Format(
            within.rule,
            *(self.value, self.key, self.headers, self.unique_names),
            *(csv.delimiter, csv.columns, csv.header, self.schemas),
        )
