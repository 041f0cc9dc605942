"""The users, and what each of them may do: written once, told to Kafka as ACLs and to zoneproxy as a policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.clients.requests import make
from tests.kafka.guarded import ZONE, zones
from zoneproxy.policy.acl import CLUSTER_NAME, SUPPORTED
from zoneproxy.policy.model import Operation, ResourceType
from zoneproxy.wire.messages.api_keys import ApiKey

if TYPE_CHECKING:
    from zoneproxy.wire.messages.message import Message

SUPER = "admin"

LITERAL, PREFIXED = "literal", "prefixed"

# Kafka's ResourceType, ResourcePattern.PatternType and AclPermissionType.
RESOURCE_CODE = {
    ResourceType.TOPIC: 2,
    ResourceType.GROUP: 3,
    ResourceType.CLUSTER: 4,
    ResourceType.TRANSACTIONAL_ID: 5,
}
_PATTERN_CODE = {LITERAL: 3, PREFIXED: 4}
_DENY, _ALLOW = 2, 3

_NAMED = (ResourceType.TOPIC, ResourceType.GROUP, ResourceType.TRANSACTIONAL_ID)


@dataclass(frozen=True, slots=True)
class Right:
    """One rule: an ACL of Kafka, an entry of a role."""

    allow: bool
    operation: Operation
    kind: ResourceType
    name: str
    pattern: str = LITERAL
    host: str = "*"


def _rights(operation: Operation, *kinds: ResourceType, name: str = "mine.", allow: bool = True) -> tuple[Right, ...]:
    """``operation`` on all names with a prefix, of those kinds to which it can be done."""
    pattern = LITERAL if name == "*" else PREFIXED
    return tuple(
        Right(allow, operation, kind, name, pattern)
        for kind in kinds or _NAMED
        if operation is Operation.ALL or operation in SUPPORTED[kind]
    )


def _cluster(*operations: Operation, allow: bool = True) -> tuple[Right, ...]:
    return tuple(Right(allow, operation, ResourceType.CLUSTER, CLUSTER_NAME) for operation in operations)


_O = Operation
_EVERYTHING = (*_rights(_O.ALL, name="*"), *_cluster(_O.ALL))

USERS: dict[str, tuple[Right, ...]] = {
    "nobody": (),
    "everything": _EVERYTHING,
    # All of what is called mine.*, and nothing of the rest.
    "owner": _rights(_O.ALL),
    "topics-owner": _rights(_O.ALL, ResourceType.TOPIC),
    "groups-owner": _rights(_O.ALL, ResourceType.GROUP),
    "transactions-owner": _rights(_O.ALL, ResourceType.TRANSACTIONAL_ID),
    # One operation each, which may imply others.
    "describer": _rights(_O.DESCRIBE),
    "reader": _rights(_O.READ),
    "writer": _rights(_O.WRITE),
    "creator": _rights(_O.CREATE),
    "deleter": _rights(_O.DELETE),
    "alterer": _rights(_O.ALTER),
    "configurer": _rights(_O.ALTER_CONFIGS),
    "config-reader": _rights(_O.DESCRIBE_CONFIGS),
    # Pairs that APIs ask for together.
    "consumer": (*_rights(_O.READ, ResourceType.GROUP, name="*"), *_rights(_O.DESCRIBE, ResourceType.TOPIC)),
    "cleaner": (*_rights(_O.DELETE), *_rights(_O.READ, ResourceType.TOPIC, name="mine.there")),
    # The cluster alone.
    "cluster-describer": _cluster(_O.DESCRIBE),
    "cluster-creator": _cluster(_O.CREATE),
    "cluster-alterer": _cluster(_O.ALTER, _O.ALTER_CONFIGS),
    "cluster-actor": _cluster(_O.CLUSTER_ACTION),
    "cluster-config-reader": _cluster(_O.DESCRIBE_CONFIGS),
    "idempotent": _cluster(_O.IDEMPOTENT_WRITE),
    # Denials.
    "denied": (*_EVERYTHING, *_rights(_O.ALL, allow=False, name="mine."), *_cluster(_O.ALTER, allow=False)),
    "denied-to-describe": (*_EVERYTHING, *_rights(_O.DESCRIBE, allow=False)),
    "denied-to-read": (*_EVERYTHING, *_rights(_O.READ, allow=False)),
    "denied-to-write": (*_EVERYTHING, *_rights(_O.WRITE, allow=False, name="*")),
    # Hosts and exact names.
    "from-elsewhere": tuple(Right(True, _O.ALL, kind, "mine.", PREFIXED, host="192.0.2.1") for kind in _NAMED),
    "from-here": (
        *(Right(True, _O.ALL, kind, "mine.", PREFIXED, host="127.0.0.1") for kind in _NAMED),
        Right(False, _O.DELETE, ResourceType.TOPIC, "mine.", PREFIXED, host="127.0.0.1"),
    ),
    "exact": tuple(
        Right(True, _O.ALL, kind, name) for kind in _NAMED for name in ("mine.there", "mine.absent", "mine.victim")
    ),
}
"""By name; beside them there is SUPER, a super user of Kafka and ``unrestricted`` here."""

EVERYBODY = (*USERS, SUPER)
A_FEW = ("nobody", "owner", "everything", "denied", SUPER)


def acls() -> Message:
    """The table as a CreateAcls request (v3)."""
    return make(
        ApiKey.CREATE_ACLS,
        creations=[acl(user, right) for user, rights in USERS.items() for right in rights],
    )


def acl(user: str, right: Right) -> dict[str, Any]:
    """One rule of one user as Kafka's ACL, a creation of CreateAcls."""
    return {
        "resource_type": RESOURCE_CODE[right.kind],
        "resource_name": right.name,
        "resource_pattern_type": _PATTERN_CODE[right.pattern],
        "principal": f"User:{user}",
        "host": right.host,
        "operation": int(right.operation),
        "permission_type": _ALLOW if right.allow else _DENY,
    }


def policy() -> dict[str, Any]:
    """The table as a policy file."""
    principals = [
        {
            "name": user,
            "zone": ZONE,
            "match": {"subject": {"CN": user}},
            "roles": [user if user in USERS else "unrestricted"],
        }
        for user in EVERYBODY
    ]
    return {
        "zones": zones(),
        "principals": principals,
        "roles": {user: [entry(right) for right in rights] for user, rights in USERS.items()},
    }


def entry(right: Right) -> dict[str, Any]:
    """One rule as an entry of a role."""
    made: dict[str, Any] = {"allow" if right.allow else "deny": [right.operation.name.lower()]}
    if right.kind is ResourceType.CLUSTER:
        made["cluster"] = True
    else:
        made[right.kind.name.lower()] = {"prefix": right.name} if right.pattern == PREFIXED else right.name
    if right.host != "*":
        made["host"] = right.host
    return made
