"""A schema registry with Confluent's API, asked for one schema and all that it refers to.

It blocks, and is run in a thread. Source: docs.confluent.io, "Schema Registry API Reference".
"""

from __future__ import annotations

import base64
import json
import ssl
from collections.abc import Iterator, Mapping, Sequence
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from zoneproxy.errors import ProtocolError
from zoneproxy.formats.compiled import AVRO, compiled
from zoneproxy.formats.framing import SchemaId
from zoneproxy.identity.login.secrets import read_secret
from zoneproxy.net.fetch import fetch

if TYPE_CHECKING:
    from zoneproxy.config.schemas import RegistryAuth, RegistryConfig
    from zoneproxy.formats.schema import Schema

MAX_BYTES = 2 << 20  # of one answer
MAX_REFERENCES = 100  # of one schema, theirs included
MAX_TOTAL = 4 << 20  # characters of a schema with all that it refers to
_ACCEPT = "application/vnd.schemaregistry.v1+json, application/json"


class Registry:
    """Asks one registry."""

    def __init__(self, config: RegistryConfig) -> None:
        """Raises OSError: the CA file cannot be used."""
        self._config = config
        self._url = config.url.rstrip("/")
        self._context = ssl.create_default_context(cafile=config.ca)

    def load(self, id_: SchemaId) -> Schema:
        """What the registry says of a schema.

        Raises:
            OSError: there is no answer.
            ProtocolError: it has no such schema (``not_found``), or the answer makes no sense.
            LoginFailed: a secret cannot be read.
            InvalidSchema: the schema cannot be read with.
        """
        until = monotonic() + 3 * self._config.timeout_seconds
        path = f"/schemas/ids/{id_}" if isinstance(id_, int) else f"/schemas/guids/{id_}"
        answer = self._ask(path)
        kind = _text(answer, "schemaType", AVRO)
        references = list(_References(self, until).texts(answer))
        return compiled(kind.lower(), _text(answer, "schema"), references, _tags(answer))

    def version(self, subject: str, version: int) -> Mapping[str, Any]:
        """One version of a subject, which a schema refers to."""
        return self._ask(f"/subjects/{quote(subject, safe='')}/versions/{version}")

    def _ask(self, path: str) -> Mapping[str, Any]:
        headers = {"Accept": _ACCEPT} | _authorization(self._config.auth)
        body = fetch(self._url + path, self._context, MAX_BYTES, self._config.timeout_seconds, headers=headers)
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError):
            raise ProtocolError("json") from None
        if not isinstance(answer, dict):
            raise ProtocolError("json")
        return answer


class _References:
    """What one schema refers to, each before those that need it, and once."""

    def __init__(self, registry: Registry, until: float) -> None:
        self._registry = registry
        self._until = until
        self._seen: set[tuple[str, int]] = set()
        self._room = MAX_TOTAL

    def texts(self, answer: Mapping[str, Any]) -> Iterator[str]:
        """Raises as ``Registry.load``."""
        for subject, version in _references(answer):
            if (subject, version) in self._seen:
                continue
            self._seen.add((subject, version))
            if len(self._seen) > MAX_REFERENCES:
                raise ProtocolError("references")
            if monotonic() > self._until:
                raise TimeoutError
            referred = self._registry.version(subject, version)
            yield from self.texts(referred)
            text = _text(referred, "schema")
            self._room -= len(text)
            if self._room < 0:
                raise ProtocolError("size")
            yield text


def _references(answer: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    references = answer.get("references") or []
    if not isinstance(references, list):
        raise ProtocolError("references")
    for reference in references:
        match reference:
            case {"subject": str(subject), "version": int(version)}:
                yield subject, version
            case _:
                raise ProtocolError("references")


def _text(answer: Mapping[str, Any], key: str, default: str | None = None) -> str:
    text = answer.get(key, default)
    if not isinstance(text, str):
        raise ProtocolError("json")
    return text


def _tags(answer: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
    """``metadata.tags``. Raises ProtocolError: what cannot be read may not be passed over, it keeps data back."""
    metadata = answer.get("metadata") or {}
    tags = (metadata.get("tags") or {}) if isinstance(metadata, dict) else None
    if not isinstance(tags, dict) or not all(
        isinstance(names, list) and all(isinstance(name, str) for name in names) for names in tags.values()
    ):
        raise ProtocolError("tags")
    return tags


def _authorization(auth: RegistryAuth | None) -> dict[str, str]:
    if auth is None:
        return {}
    if auth.token_file is not None:
        return {"Authorization": f"Bearer {read_secret(auth.token_file)}"}
    assert auth.password_file is not None
    pair = f"{auth.username}:{read_secret(auth.password_file)}"
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
