"""The tables over all messages: API keys, the registry, and where names of topics, groups and the like are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tools.messages_generator.model import Definition, Field, Struct, Versions, snake_case
from tools.messages_generator.modules import head


@dataclass(frozen=True)
class Api:
    """A request and its response."""

    request: Definition
    response: Definition

    @property
    def name(self) -> str:
        return snake_case(self.request.name.removesuffix("Request")).upper()


def apis_for(listener: str, definitions: Sequence[Definition]) -> list[Api]:
    """The APIs that ``listener`` (``broker``, ``controller``) serves, by key."""
    responses = {d.api_key: d for d in definitions if d.kind == "response"}
    requests = [d for d in definitions if d.kind == "request" and listener in d.listeners]
    return [Api(request, responses[request.api_key]) for request in sorted(requests, key=lambda d: d.api_key)]


def api_keys_source(apis: Sequence[Api], kafka: str) -> str:
    """``api_keys.py``."""
    summary = "The APIs that a broker's listener serves, by their keys."
    members = [f"    {api.name} = {api.request.api_key}" for api in apis]
    body = ["", "class ApiKey(IntEnum):", '    """Kafka\'s API keys, under Kafka\'s names."""', "", *members, ""]
    return head(summary, kafka, ["from enum import IntEnum"]) + "\n".join(body)


def registry_source(apis: Sequence[Api], kafka: str) -> str:
    """``registry.py``."""
    modules = [definition for api in apis for definition in (api.request, api.response)]
    lines = [
        "from typing import Final",
        "from zoneproxy.wire.messages.api import Api",
        "from zoneproxy.wire.messages.message import Message",
        *sorted(f"from zoneproxy.wire.messages.{d.module} import {d.name}" for d in modules),
    ]
    rows = [f"    {api.request.api_key}: {_api(api)}," for api in apis]
    body = ["", "APIS: Final[dict[int, Api]] = {", *rows, "}", ""]
    body += ["REQUESTS: Final[dict[int, type[Message]]] = {key: api.request for key, api in APIS.items()}"]
    body += ["RESPONSES: Final[dict[int, type[Message]]] = {key: api.response for key, api in APIS.items()}", ""]
    summary = "Every API that a broker's listener serves: its messages, and what Kafka says of its versions."
    return head(summary, kafka, lines) + "\n".join(body)


def _api(api: Api) -> str:
    listeners = "frozenset({" + ", ".join(f'"{name}"' for name in api.request.listeners) + "})"
    return f"Api({api.request.name}, {api.response.name}, {api.request.unstable}, {listeners})"


def entities_source(apis: Sequence[Api], kafka: str) -> str:
    """``entity_fields.py``."""
    lines = ["from typing import Final", "from zoneproxy.wire.messages.api import EntityField"]
    body = [""]
    for name, definitions, what in (
        ("REQUEST_ENTITIES", [api.request for api in apis], _entity),
        ("RESPONSE_ENTITIES", [api.response for api in apis], _entity),
        ("RESPONSE_TEXTS", [api.response for api in apis], _text),
    ):
        body += [f"{name}: Final[dict[int, tuple[EntityField, ...]]] = {{"]
        for definition in definitions:
            fields = [f"{entity}," for entity in _entities(definition, what)]
            body += [f"    {definition.api_key}: (", *fields, "),"] if fields else []
        body += ["}", ""]
    summary = (
        "Where messages name topics, groups, transactions, producers and brokers, and where a broker's own words are."
    )
    return head(summary, kafka, lines) + "\n".join(body)


def _entity(field: Field) -> str | None:
    return field.entity


def _text(field: Field) -> str | None:
    """Whether a broker may write there whatever it likes about an error: no entity in Kafka's words."""
    return "errorMessage" if field.type == "string" and field.attribute.endswith("error_message") else None


def _entities(definition: Definition, what: Callable[[Field], str | None]) -> Iterator[str]:
    for entity, path, versions in _walk(definition, definition.root, (), definition.valid, what):
        steps = ", ".join(f'"{step}"' for step in path) + ("," if len(path) == 1 else "")
        yield f'EntityField("{entity}", ({steps}), {versions.low}, {versions.high})'


def _walk(
    definition: Definition,
    struct: Struct,
    path: tuple[str, ...],
    versions: Versions,
    what: Callable[[Field], str | None],
) -> Iterator[tuple[str, tuple[str, ...], Versions]]:
    for field in struct.fields:
        there, here, entity = field.versions & versions, (*path, field.attribute), what(field)
        if entity and there:
            yield entity, here, there
        if field.is_struct and there:
            yield from _walk(definition, definition.structs[field.type], here, there, what)
