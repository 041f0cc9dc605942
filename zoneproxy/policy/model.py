"""The words of policy as plain values: what every other room may ask about and gets as an answer.

The YAML side (``documents``) is turned into these by ``load``; nothing here knows files or YAML.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from zoneproxy.policy.controls import Control


class Operation(IntEnum):
    """Kafka's AclOperation, with Kafka's codes (they are the bit numbers of authorizedOperations, KIP-430)."""

    ALL = 2
    READ = 3
    WRITE = 4
    CREATE = 5
    DELETE = 6
    ALTER = 7
    DESCRIBE = 8
    CLUSTER_ACTION = 9
    DESCRIBE_CONFIGS = 10
    ALTER_CONFIGS = 11
    IDEMPOTENT_WRITE = 12
    CREATE_TOKENS = 13
    DESCRIBE_TOKENS = 14
    TWO_PHASE_COMMIT = 15


class ResourceType(IntEnum):
    """Kafka's ResourceType, with Kafka's codes."""

    TOPIC = 2
    GROUP = 3
    CLUSTER = 4
    TRANSACTIONAL_ID = 5


@dataclass(frozen=True, slots=True)
class Zone:
    """A trust area, served by one upstream."""

    name: str
    level: str
    rank: int  # position of the level in the policy's ordered list, lowest first
    owner: str
    upstream: str
    min_tls: str | None = None  # "1.2" or "1.3"; None: plaintext listeners are allowed for this zone
    namespace: str | None = None  # what its names begin with on the upstream; None: the upstream is its own
    client_certificates: bool = True  # whether clients must have one
    named_principals_only: bool = False  # who may do something here must be somebody, not anybody with some mark
    topic_names: str | None = None  # an RE2 pattern that the whole name of a new topic matches
    observe: bool = False  # controls at its listeners are counted and told, and change nothing
    beside_records: tuple[Control, ...] = ()  # for what is said in it that is no record, besides what flows ask for


@dataclass(frozen=True, slots=True)
class Principal:
    """Who a connection is, ``User:<name>`` in Kafka's words, and the one zone it belongs to.

    ``groups`` are those that its certificate (OU) or its token names, as of when it authenticated. ``rule`` is the
    entry of ``identities:`` that made the name out of what the client showed; "" for an entry of ``principals:``.
    """

    name: str
    zone: str
    roles: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Roles for all who are in it; with ``zone``, only for those of them who are at home there."""

    name: str
    roles: frozenset[str] = frozenset()
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class SaslFacts:
    """What a client proved by SASL: the user name of a password, or what a token says.

    ``issuer`` is that of the token, None for passwords: a subject of a token is never taken for a user of ours.
    ``claims`` are a token's texts, numbers and flags by path (``realm_access.roles``), each with all of its values.
    """

    mechanism: str
    name: str
    issuer: str | None = None
    claims: tuple[tuple[str, tuple[str, ...]], ...] = ()
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PeerFacts:
    """What a client proved about itself, as plain values (RFC 5280 names of its certificate).

    ``subject`` holds one (attribute, value) pair for each attribute of each RDN, most significant first, with short
    attribute names (CN, O, OU...). Matching is by attribute on these parsed values, never on one string.

    ``certified``: it showed a certificate, though maybe one without any name. ``fingerprint``: the SHA-256 of that in
    its DER form, in hexadecimal digits. ``sasl``: what it proved besides that, or instead of it.
    """

    subject: tuple[tuple[str, str], ...] = ()
    dns: tuple[str, ...] = ()
    uri: tuple[str, ...] = ()
    email: tuple[str, ...] = ()
    certified: bool = True
    sasl: SaslFacts | None = None
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where in the policy files something was written. Lines and columns count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role for a while: in force from ``since`` on and until before ``until`` (seconds since the epoch).

    Exactly one of ``principal`` and ``group`` has it. A break-glass grant needs no approval, and makes noise instead.
    """

    role: str
    since: float
    until: float
    reason: str
    principal: str | None = None
    group: str | None = None
    approved_by: str | None = None
    break_glass: bool = False
    origin: Origin | None = None

    @property
    def holder(self) -> str:
        """Who has it, in words."""
        return self.principal if self.principal is not None else f"group {self.group}"

    def in_force(self, now: float) -> bool:
        """Whether it counts at ``now`` (seconds since the epoch)."""
        return self.since <= now < self.until


PLAINTEXT = ""
"""The TLS version of a connection that has none; the others are "1.2" and "1.3", and the greater is the better."""
UNRESTRICTED = "unrestricted"  # the role of what Kafka calls super users, within one's own zone
