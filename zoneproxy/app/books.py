"""Schemas of files, as zoneproxy.yaml lists them, and an empty page for what registries will tell."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from zoneproxy.app.files import read_text
from zoneproxy.errors import InvalidConfiguration, Problem
from zoneproxy.formats.book import Books, SchemaBook
from zoneproxy.formats.compiled import compiled
from zoneproxy.formats.schema import InvalidSchema
from zoneproxy.identity.login.exchange import LoginFailed
from zoneproxy.identity.login.secrets import read_secret
from zoneproxy.net.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zoneproxy.config.model import Config
    from zoneproxy.config.schemas import RegistryConfig, SchemaFile, SchemasConfig
    from zoneproxy.formats.framing import SchemaId
    from zoneproxy.formats.schema import Schema

_WHY = {
    "json": "it is no JSON",
    "syntax": "it is no .proto file",
    "unknown_type": "it names a type that neither it nor its references define",
    "redefined": "something is defined twice",
    "deep": "it is nested too deep",
    "large": "it is too large",
}


def load_books(config: Config) -> Books:
    """Read the files; no registry is asked. Raises InvalidConfiguration with all that cannot be used."""
    problems: list[Problem] = []
    books = {name: _book(name, schemas, problems) for name, schemas in config.schemas.items()}
    if problems:
        raise InvalidConfiguration(problems)
    return books


def _book(name: str, config: SchemasConfig, problems: list[Problem]) -> SchemaBook:
    known: dict[SchemaId, Schema] = {}
    for file in config.files:
        schema = _schema(file, problems)
        if schema is not None and file.id is not None:
            known[file.id] = schema
        if schema is not None and file.guid is not None:
            known[UUID(file.guid)] = schema
    if config.registry is not None:
        problems += _registry_problems(name, config.registry)
    return SchemaBook(name, known, asks=config.registry is not None)


def _registry_problems(name: str, registry: RegistryConfig) -> Iterator[Problem]:
    try:
        Registry(registry)
    except OSError:
        yield Problem(registry.ca or name, 0, 0, f"the CA file of schemas `{name}` cannot be used")
    secret = registry.auth and (registry.auth.password_file or registry.auth.token_file)
    if secret:
        try:
            read_secret(secret)
        except LoginFailed:
            yield Problem(secret, 0, 0, f"the secret of schemas `{name}` cannot be read", "one line of text")


def _schema(file: SchemaFile, problems: list[Problem]) -> Schema | None:
    read = [read_text(Path(each), each, problems) for each in (*file.references, file.file)]
    texts = [text for text in read if text is not None]
    if len(texts) < len(read):
        return None
    *references, text = texts
    try:
        return compiled(file.kind, text, references, file.tags)
    except InvalidSchema as error:
        why = _WHY.get(error.reason, f"`{error.reason}`")
        problems.append(Problem(file.file, 0, 0, f"is not a schema that can be read with: {why}"))
        return None
