"""``zoneproxy explain``."""

from __future__ import annotations

import sys
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from zoneproxy.commands.common import Format, FormatOption, reporting, say
from zoneproxy.commands.explained import as_json, as_text
from zoneproxy.commands.questions import question
from zoneproxy.commands.times import AtOption, moment
from zoneproxy.policy.model import ResourceType

PoliciesOption = Annotated[Path, typer.Option("--policies", metavar="DIR", help="The directory of the policy files.")]


class Tls(Enum):
    """How a client is connected."""

    NONE = "none"
    TLS_1_2 = "1.2"
    TLS_1_3 = "1.3"


def explain(
    principal: Annotated[str, typer.Option("--principal", "-p", metavar="NAME", help="Who, with or without `User:`.")],
    zone: Annotated[str, typer.Option("--zone", "-z", metavar="ZONE", help="The zone of the listener it connects to.")],
    operation: Annotated[str, typer.Option("--operation", "-o", help="As in Kafka's ACLs: read, write, describe...")],
    topic: Annotated[str | None, typer.Option("--topic", "-t", metavar="NAME", help="To this topic.")] = None,
    group: Annotated[str | None, typer.Option("--group", "-g", metavar="NAME", help="To this consumer group.")] = None,
    transactional_id: Annotated[
        str | None, typer.Option("--transactional-id", metavar="ID", help="To this transactional id.")
    ] = None,
    cluster: Annotated[bool, typer.Option("--cluster", help="To the cluster.")] = False,
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="The client's IP address.")] = "127.0.0.1",
    member_of: Annotated[
        list[str] | None,
        typer.Option("--member-of", metavar="GROUP", help="A group of its certificate or token (may be repeated)."),
    ] = None,
    tls: Annotated[Tls, typer.Option("--tls", help="How it is connected.")] = Tls.TLS_1_3,
    at: AtOption = None,
    policies: PoliciesOption = Path("policies"),
    form: FormatOption = Format.TEXT,
) -> None:
    """Say whether somebody may do something, which rules make it so, and what would have to change.

    The verdict is that of the code which decides on requests. Shown as well is what records of the topic would meet
    on their way: the flows that match, and what they do to records. The exit code is 0 for either verdict.

    zoneproxy explain -p dashboards -z payments -o read -t payments.completed
    """
    from zoneproxy.app.explain import explain_in

    resources = {
        ResourceType.TOPIC: topic,
        ResourceType.GROUP: group,
        ResourceType.TRANSACTIONAL_ID: transactional_id,
        ResourceType.CLUSTER: "" if cluster else None,
    }
    version = "" if tls is Tls.NONE else tls.value
    asked = question(principal, zone, operation, resources, host, member_of or (), version)
    when = moment(at)
    told = as_json if form is Format.JSON else as_text
    raise typer.Exit(reporting(lambda: say(told(explain_in(policies, asked, when))), sys.stderr))
