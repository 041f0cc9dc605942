"""Where zoneproxy does not answer as Kafka does, and why: the whole list. ``docs/authorization.md`` shows it.

The test fails for a difference that is not in here, and for one in here that does not occur.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.equivalence.comparing import AFTERWARDS, Observed
from tests.equivalence.users import SUPER, USERS
from zoneproxy.policy.model import Operation, ResourceType
from zoneproxy.wire.buffer import ZERO_UUID
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Difference:
    """One kind of difference: in which APIs, how it is known, and its reason."""

    title: str
    reason: str
    apis: frozenset[ApiKey]
    known_by: Callable[[Observed], bool]
    leaves: tuple[str, ...] = ()  # how paths begin of what it leaves behind in one of the nodes

    def explains(self, observed: Observed) -> bool:
        """Whether it is of this kind."""
        if observed.case == AFTERWARDS:
            return observed.path.startswith(self.leaves)
        return ApiKey[observed.api] in self.apis and self.known_by(observed)


def _internal(seen: Observed) -> bool:
    names = [_name_of(element) for element in seen.kafka] if isinstance(seen.kafka, list) else []
    return bool(names) and not seen.proxied and all(name.startswith("__") for name in names)


def _name_of(element: Any) -> str:
    names = [element.get(key) for key in ("name", "topic", "resource_name")] if isinstance(element, dict) else []
    return next((name for name in names if name), "")


def _the_brokers_own_words(seen: Observed) -> bool:
    """Kafka prints the whole request, with the connection and the principal, into some of its refusals."""
    return (
        seen.path.endswith("error_message")
        and str(seen.kafka).startswith("Request Request(processor=")
        and seen.proxied == "Cluster authorization failed."
    )


def _may_read_nothing(seen: Observed) -> bool:
    return (seen.path, seen.proxied) in ((".session_id", 0), (".error_code", ErrorCode.FETCH_SESSION_ID_NOT_FOUND)) or (
        seen.path == ".responses[]" and not seen.proxied
    )


def _holds_all_on_the_cluster(user: str) -> bool:
    rights = USERS.get(user, ())
    return any(right.kind is ResourceType.CLUSTER and right.operation is Operation.ALL for right in rights)


DIFFERENCES = (
    Difference(
        "Kafka's internal topics are not there",
        "They hold other principals' offsets, transactions and keys. No client reaches them, whatever it may do. "
        "Nor are those in which the proxy itself writes what it held back ([violations.md](violations.md#the-topics)).",
        frozenset(ApiKey),
        lambda seen: seen.case == "reserved" or _internal(seen),
        leaves=(".groups.mine.odd",),
    ),
    Difference(
        "A refusal does not quote the request",
        "Kafka's text for these refusals is a printout of the broker's own request object: connection, session, "
        "listener and all. The error's ordinary text stands in its place.",
        frozenset(
            {
                ApiKey.DESCRIBE_ACLS,
                ApiKey.CREATE_ACLS,
                ApiKey.DELETE_ACLS,
                ApiKey.ELECT_LEADERS,
                ApiKey.ALTER_PARTITION_REASSIGNMENTS,
                ApiKey.LIST_PARTITION_REASSIGNMENTS,
                ApiKey.ALTER_CLIENT_QUOTAS,
                ApiKey.LIST_CONFIG_RESOURCES,
            }
        ),
        _the_brokers_own_words,
    ),
    Difference(
        "Rules cannot be written",
        "They are in the policy files; CreateAcls and DeleteAcls of who may change ACLs end with POLICY_VIOLATION and "
        "a sentence that says so.",
        frozenset({ApiKey.CREATE_ACLS, ApiKey.DELETE_ACLS}),
        lambda seen: (
            (seen.path.endswith(("error_code", "error_message")) and "policy files" in str(seen.proxied))
            or (seen.kafka, seen.proxied) == (0, ErrorCode.POLICY_VIOLATION)
        ),
    ),
    Difference(
        "A subscription by pattern is allowed only where all that it could match may be described",
        "The coordinator would match names with the proxy's rights. Kafka filters what it matched; what may be matched "
        "here is decided by the pattern's fixed beginning, and otherwise refused with INVALID_REGULAR_EXPRESSION.",
        frozenset({ApiKey.CONSUMER_GROUP_HEARTBEAT}),
        lambda seen: seen.case.startswith("pattern"),
        leaves=(".groups.mine.pattern.",),
    ),
    Difference(
        "`all` on the cluster does not delete topics",
        "Kafka lets who holds ALL on the cluster delete every topic, even one that a rule denies it: there is an "
        "operation DELETE on the cluster which no single rule can name. Here rights on the topic decide.",
        frozenset({ApiKey.DELETE_TOPICS}),
        lambda seen: (
            _holds_all_on_the_cluster(seen.user) and str(seen.kafka) != str(ErrorCode.TOPIC_AUTHORIZATION_FAILED)
        ),
    ),
    Difference(
        "Who may not change brokers is not told which brokers there are",
        "Asked to change another broker than itself, Kafka names its own id before it asks for rights.",
        frozenset({ApiKey.ALTER_CONFIGS, ApiKey.INCREMENTAL_ALTER_CONFIGS}),
        lambda seen: seen.case == "another broker" and seen.path.endswith(("error_code", "error_message")),
    ),
    Difference(
        "Some settings are nobody's to change",
        "Listeners, TLS, SASL, classes to load, and values that ask a configuration provider: whoever changes these "
        "has the broker, or a way past zoneproxy. They end with POLICY_VIOLATION.",
        frozenset({ApiKey.ALTER_CONFIGS, ApiKey.INCREMENTAL_ALTER_CONFIGS}),
        lambda seen: seen.case == "forbidden",
    ),
    Difference(
        "Where controllers listen is not told",
        "They are no place for clients, and clients could not reach them past the proxy.",
        frozenset({ApiKey.DESCRIBE_QUORUM}),
        lambda seen: seen.path == ".nodes[].listeners[]",
    ),
    Difference(
        "Who may do everything is listed among the rules",
        "Kafka's super users stand in the brokers' configuration. The role `unrestricted` is part of the policy, and "
        "shows as ALL.",
        frozenset({ApiKey.DESCRIBE_ACLS}),
        lambda seen: not seen.kafka and all(acl.get("principal") == f"User:{SUPER}" for acl in seen.proxied),
    ),
    Difference(
        "What a request names twice is refused, or answered twice",
        "Kafka merges what is the same, each API in its own way. A request that says of one partition two things has "
        "no one meaning that could be decided on: where order or records matter it is INVALID_REQUEST.",
        frozenset(
            {
                ApiKey.PRODUCE,
                ApiKey.FETCH,
                ApiKey.LIST_OFFSETS,
                ApiKey.ADD_PARTITIONS_TO_TXN,
            }
        ),
        lambda seen: seen.case == "twice",
    ),
    Difference(
        "A fetch session needs something that may be read",
        "Kafka opens a session for topics that it refuses, too. Without one the client sends whole requests, and each "
        "is refused.",
        frozenset({ApiKey.FETCH}),
        lambda seen: seen.case.startswith("session") and _may_read_nothing(seen),
    ),
    Difference(
        "Ids of refused topics are not told",
        "Kafka puts the id of a topic beside its refusal, and none where there is no such topic: that tells which "
        "topics exist.",
        frozenset({ApiKey.ALTER_SHARE_GROUP_OFFSETS}),
        lambda seen: seen.path == ".responses[].topic_id" and seen.proxied == ZERO_UUID,
    ),
    Difference(
        "Share groups are told of topic ids that nobody knows",
        "Kafka 4.3.1 fails as a whole (UNKNOWN_SERVER_ERROR) if a ShareFetch names an id that no topic has. Here that "
        "partition is answered with UNKNOWN_TOPIC_ID, as Fetch does it, and the others are served.",
        frozenset({ApiKey.SHARE_FETCH}),
        lambda seen: seen.case in ("mine that is absent", "other that is absent", "mixed"),
    ),
    Difference(
        "A streams application is refused where its internal topics are missing and it may not create them",
        "Kafka lets the member join and tells it what is missing. The broker creates internal topics with the rights "
        "of whoever asks, which are the proxy's here: so zoneproxy decides before the broker hears of the topology.",
        frozenset({ApiKey.STREAMS_GROUP_HEARTBEAT}),
        lambda seen: "internal topic" in seen.case,
        leaves=(".groups.mine.internal.", ".groups.mine.foreign."),
    ),
)

NEVER_OFFERED: dict[ApiKey, str] = (
    dict.fromkeys((ApiKey.SASL_HANDSHAKE, ApiKey.SASL_AUTHENTICATE), "only a listener with SASL speaks it")
    | dict.fromkeys((ApiKey.WRITE_TXN_MARKERS,), "what brokers say to each other")
    | dict.fromkeys(
        (
            ApiKey.CREATE_DELEGATION_TOKEN,
            ApiKey.RENEW_DELEGATION_TOKEN,
            ApiKey.EXPIRE_DELEGATION_TOKEN,
            ApiKey.DESCRIBE_DELEGATION_TOKEN,
            ApiKey.DESCRIBE_USER_SCRAM_CREDENTIALS,
            ApiKey.ALTER_USER_SCRAM_CREDENTIALS,
        ),
        "zoneproxy says who clients are, not the brokers",
    )
    | dict.fromkeys((ApiKey.UPDATE_FEATURES, ApiKey.UNREGISTER_BROKER), "the cluster itself is changed past the proxy")
    | dict.fromkeys((ApiKey.ADD_RAFT_VOTER, ApiKey.REMOVE_RAFT_VOTER), "the cluster itself is changed past the proxy")
    | dict.fromkeys(
        (ApiKey.GET_TELEMETRY_SUBSCRIPTIONS, ApiKey.PUSH_TELEMETRY),
        "clients' metrics: bytes that nothing here looks into, and a decompression bomb in Kafka up to 4.3.1",
    )
    | dict.fromkeys(
        (
            ApiKey.INITIALIZE_SHARE_GROUP_STATE,
            ApiKey.READ_SHARE_GROUP_STATE,
            ApiKey.WRITE_SHARE_GROUP_STATE,
            ApiKey.DELETE_SHARE_GROUP_STATE,
            ApiKey.READ_SHARE_GROUP_STATE_SUMMARY,
        ),
        "what brokers say to each other about share groups",
    )
)
"""What Kafka serves to clients and zoneproxy does not, to nobody, and why."""
