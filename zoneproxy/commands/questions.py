"""A question to a policy, from the options of a command line."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

import typer

from zoneproxy.config.expected import did_you_mean
from zoneproxy.policy.acl import CLUSTER_NAME, SUPPORTED
from zoneproxy.policy.explain.question import Question
from zoneproxy.policy.model import Operation, ResourceType

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def question(
    principal: str,
    zone: str,
    operation: str,
    resources: Mapping[ResourceType, str | None],
    host: str,
    groups: Iterable[str],
    tls: str,
) -> Question:
    """What is asked. Raises typer.BadParameter for what Kafka has not, or if it is not about exactly one resource."""
    named = [(kind, name) for kind, name in resources.items() if name is not None]
    if len(named) != 1:
        raise typer.BadParameter("ask about exactly one of --topic, --group, --transactional-id and --cluster")
    ((kind, name),) = named
    try:
        ipaddress.ip_address(host)
    except ValueError as error:
        raise typer.BadParameter(f"`{host}` is not an IP address", param_hint="--host") from error
    return Question(
        principal=principal.removeprefix("User:"),
        zone=zone,
        operation=_operation(operation, kind),
        resource=kind,
        name=CLUSTER_NAME if kind is ResourceType.CLUSTER else name,
        host=host,
        groups=frozenset(groups),
        tls=tls,
    )


def _operation(written: str, kind: ResourceType) -> Operation:
    possible = {operation.name.lower(): operation for operation in SUPPORTED[kind]}
    word = written.lower().replace("-", "_")
    if word not in possible:
        hint = did_you_mean(word, possible)
        what = kind.name.lower().replace("_", " ")
        raise typer.BadParameter(f"`{written}` cannot be done to a {what}: {hint}", param_hint="--operation")
    return possible[word]
