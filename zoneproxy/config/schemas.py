"""What zoneproxy.yaml says of schemas: files, and registries that may be asked."""

from __future__ import annotations

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from zoneproxy.config.authentication import https_url
from zoneproxy.config.validation import Section, Text, Whole, refuse

_KINDS = {"avsc": "avro", "proto": "protobuf"}


def _guid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        refuse(f"`{text[:60]}` is no GUID", "as in 89791762-2336-4186-9674-299b90a802e2")


class SchemaFile(Section):
    """A schema in a file: ``.avsc`` is Avro, ``.proto`` is Protobuf."""

    file: Text
    id: Annotated[Whole, Field(ge=0, lt=1 << 32, description="its number, which values begin with")] | None = None
    guid: Annotated[Text, AfterValidator(_guid), Field(description="its GUID, in a header of records")] | None = None
    references: Annotated[
        tuple[Text, ...],
        Field(max_length=100, description="files with what it refers to; each before those that need it"),
    ] = ()
    tags: dict[Text, tuple[Text, ...]] = Field(
        default_factory=dict, description="tags beside the schema, by names of fields in full: *, ** and ? are wild"
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.id is None and self.guid is None:
            refuse("a schema has an `id`, or a `guid`, or both", "that is how values name it")
        if self.file.rpartition(".")[2] not in _KINDS:
            refuse(f"`{self.file[:80]}` is of no known kind", "Avro is *.avsc, Protobuf is *.proto")
        return self

    @property
    def kind(self) -> str:
        """``avro`` or ``protobuf``."""
        return _KINDS[self.file.rpartition(".")[2]]


class RegistryAuth(Section):
    """As whom the proxy asks. Secrets are in files, read anew for each question."""

    type: Literal["basic", "bearer"]
    username: Text | None = None
    password_file: Text | None = None
    token_file: Text | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        given = self.model_fields_set - {"type"}
        needed = {"username", "password_file"} if self.type == "basic" else {"token_file"}
        if unfit := given - needed:
            refuse(f"`{min(unfit)}` has no effect with type {self.type}", "leave it out")
        if missing := needed - given:
            refuse(f"type {self.type} needs `{min(missing)}`")
        return self


class RegistryConfig(Section):
    """A schema registry with Confluent's API."""

    url: Annotated[Text, AfterValidator(https_url)]
    ca: Annotated[Text, Field(description="the CA file for the URL; default: the system's")] | None = None
    auth: RegistryAuth | None = None
    timeout_seconds: Annotated[Whole, Field(ge=1, le=60, description="for one answer")] = 5
    retry_seconds: Annotated[
        Whole, Field(ge=1, le=3_600, description="until a schema is asked for again that it gave no answer about")
    ] = 5
    absent_seconds: Annotated[
        Whole, Field(ge=1, le=86_400, description="until a schema is asked for again that it does not have")
    ] = 60
    max_requests_per_minute: Annotated[Whole, Field(ge=1, le=100_000)] = 600


class SchemasConfig(Section):
    """Schemas that flows may name: those of files, and of a registry."""

    files: tuple[SchemaFile, ...] = ()
    registry: RegistryConfig | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if not self.files and self.registry is None:
            refuse("`schemas` are in `files`, or at a `registry`, or both")
        for name in ("id", "guid"):
            given = [value for file in self.files if (value := getattr(file, name)) is not None]
            if twice := [value for index, value in enumerate(given) if value in given[:index]]:
                refuse(f"there are two schemas with the {name} `{twice[0]}`")
        return self
