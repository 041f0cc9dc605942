"""Two Kafka nodes that should look the same to every user: one decides itself, before the other zoneproxy does.

Both hold topics, groups and transactional ids of the same names. ``Side.plain`` puts a reply into words that do not
depend on the side: topic ids become names, and what is different in each reply of one and the same broker is masked.
"""

from __future__ import annotations

import contextlib
import re
import time
import zlib
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.clients.raw import RawClient
from tests.clients.reach import Reach
from tests.clients.requests import make
from tests.clients.waiting import until
from tests.equivalence.users import acls, policy
from tests.kafka.certificates import Authority
from tests.kafka.guarded import Guarded
from tests.kafka.single import Single
from zoneproxy.wire.batch import Whole, walk
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.struct import Struct

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from zoneproxy.wire.messages.message import Message

# A broker learns of a new topic a moment after its controller has said what its id is.
SECONDS_TO_LEARN = 5
CLOSED = "<closed>"
MASK = "*"

# Different in each reply of one and the same broker.
_VOLATILE = frozenset(
    {
        "throttle_time_ms",
        "usable_bytes",
        "total_bytes",
        "size",
        "partition_size",
        "last_timestamp",
        "transaction_start_time_ms",
        "last_fetch_timestamp",
        "last_caught_up_timestamp",
        "log_end_offset",
    }
)
# Each node has others, but whether there is one is the same.
_OWN = frozenset({"host", "port", "client_host", "log_dir", "producer_id", "producer_epoch", "session_id"})
_NONE = ("", 0, -1)

# Member ids that brokers made up: a UUID as text, or in Base64 (those that the cases make up begin with AAAA).
_MEMBERS = frozenset({"member_id", "leader"})
_MADE_BY_THE_BROKER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|^(?!AAAA)[A-Za-z0-9_-]{22}$")


class Side:
    """One way to one node. ``Side.ids`` are its topics' ids by name, as of the last ``refresh``."""

    def __init__(self, word: str, authority: Authority, node: Single, address: str) -> None:
        self.word = word
        self.ids: dict[str, bytes] = {}
        self.kept: dict[str, Any] = {}  # what earlier replies said, for later requests
        self._authority = authority
        self._address = address
        self.admin_reach = Reach(node.address, node.admin)
        self._admin = RawClient(self.admin_reach)
        self._clients: dict[str, RawClient] = {}
        self._patience = SECONDS_TO_LEARN

    def reach(self, user: str) -> Reach:
        """How a user gets there."""
        return Reach(self._address, self._authority.issue(user))

    def ask(self, user: str, request: Message, version: int) -> Any:
        """The plain reply to a user, or CLOSED if there was none but the end of the connection."""
        reply = self.raw(user, request, version)
        self._patience = 0 if getattr(request, "validate_only", False) else SECONDS_TO_LEARN
        return CLOSED if reply is None else self.plain(reply)

    def raw(self, user: str, request: Message, version: int) -> Any:
        """The reply as it is; None if there was none but the end of the connection."""
        try:
            return self._client(user).ask(request, version)
        except (EOFError, ConnectionError):
            self._forget(user)
            return None
        except BaseException:
            self._forget(user)
            raise

    def _forget(self, user: str) -> None:
        self._clients.pop(user).__exit__()

    def versions(self, user: str) -> dict[int, tuple[int, int]]:
        """What the user is offered, by API key."""
        return self._client(user).versions

    def _client(self, user: str) -> RawClient:
        if user not in self._clients:
            self._clients[user] = RawClient(self.reach(user))
        return self._clients[user]

    # --- past all rules ------------------------------------------------------------------------------------------

    def admin(self, request: Message, version: int) -> Any:
        """What the node itself answers its super user, past the proxy."""
        return self._admin.ask(request, version)

    def refresh(self) -> None:
        """Learn the ids of all topics there are."""
        topics = self.admin(make(ApiKey.METADATA, topics=None), 12).topics
        self.ids = {topic.name: bytes(topic.topic_id) for topic in topics}

    def make_topics(self, names: Sequence[str], partitions: int = 2) -> None:
        """Make those topics that are not there, and wait until they are."""
        wanted = [{"name": name, "num_partitions": partitions, "replication_factor": 1} for name in names]
        # Asked each time: the controller knows best what is there, brokers learn of it a moment later.
        reply = self.admin(make(ApiKey.CREATE_TOPICS, topics=wanted, timeout_ms=20000), 7)
        assert {topic.error_code for topic in reply.topics} <= {0, ErrorCode.TOPIC_ALREADY_EXISTS}, reply
        made = {topic.name: bytes(topic.topic_id) for topic in reply.topics if not topic.error_code}
        until(lambda: self._leads(list(names)) and made.items() <= self.ids.items())

    def _leads(self, names: list[str]) -> bool:
        self.refresh()
        wanted = [{"name": name} for name in names]
        topics = self.admin(make(ApiKey.METADATA, topics=wanted, allow_auto_topic_creation=False), 12).topics
        return all(topic.error_code == 0 and not any(p.error_code for p in topic.partitions) for topic in topics)

    def id(self, name: str) -> bytes:
        """A topic's id; where there is no such topic, an id that no topic has."""
        return self.ids.get(name) or unknown_id(name)

    # --- replies -------------------------------------------------------------------------------------------------

    def plain(self, value: Any, field: str = "") -> Any:
        """See the module: structs become dicts."""
        if field in _VOLATILE or (field in _OWN and value not in _NONE):
            return MASK
        if isinstance(value, Struct):
            return {
                name: self.plain(getattr(value, name), name) for name in type(value).__slots__ if name != "unknown_tags"
            }
        if isinstance(value, list):
            return [self.plain(element, field) for element in value]
        if isinstance(value, bytes | bytearray | memoryview) and field == "records":
            return [_batch(entry) for entry in walk(value)]
        if isinstance(value, bytes | bytearray | memoryview):
            return self._named(bytes(value)) if field.endswith("topic_id") else bytes(value)
        if isinstance(value, str) and field in _MEMBERS:
            return _MADE_BY_THE_BROKER.sub("<uuid>", value)
        return value

    def _named(self, identity: bytes) -> Any:
        if identity.startswith(_MADE_UP):
            return identity
        end = time.monotonic() + self._patience
        while identity not in self.ids.values() and time.monotonic() < end:
            self.refresh()
        return next((f"<id of {name}>" for name, known in self.ids.items() if known == identity), "<id of nothing>")

    def close(self) -> None:
        """End all connections."""
        for client in (self._admin, *self._clients.values()):
            client.__exit__()


def unknown_id(name: str) -> bytes:
    """An id that no topic has, another one for each name."""
    return _MADE_UP + zlib.crc32(name.encode()).to_bytes(4, "big")


_MADE_UP = bytes(12)  # what such ids begin with, as the id of no topic at all does


def _batch(entry: Any) -> Any:
    """A batch as it is; of one that ends a transaction, which brokers date themselves, where it stands."""
    if isinstance(entry, Whole) and entry.header.is_control:
        return ("control", entry.header.base_offset)
    return bytes(entry.view)


class Pair(NamedTuple):
    """Kafka that decides, and Kafka behind zoneproxy."""

    kafka: Side
    proxied: Side


@contextlib.contextmanager
def nodes_and_proxy(folder: Path) -> Any:
    """Start everything, with the users' rights in force on both sides; gives the Pair."""
    authority = Authority(folder / "certificates", "authority of both sides")
    with contextlib.ExitStack() as closing:
        deciding = Single(folder / "deciding", authority, "127.0.0.21", acls=True)
        opened = Single(folder / "open", authority, "127.0.0.22", acls=False)
        for node in (deciding, opened):
            closing.callback(node.close)
            node.start()
        deciding.wait_ready()
        opened.wait_ready()
        proxy = Guarded(folder / "proxy", authority, opened, policy())
        closing.callback(proxy.close)
        pair = Pair(
            Side("kafka", authority, deciding, deciding.address), Side("proxied", authority, opened, proxy.address)
        )
        for side in pair:
            closing.callback(side.close)
        reply = pair.kafka.admin(acls(), 3)
        assert not any(result.error_code for result in reply.results), reply
        until(lambda: _in_force(pair.kafka))
        yield pair


def any_acl() -> Message:
    """Ask for all ACLs that there are."""
    names = dict.fromkeys(("resource_name_filter", "principal_filter", "host_filter"))
    return make(
        ApiKey.DESCRIBE_ACLS, resource_type_filter=1, pattern_type_filter=1, operation=1, permission_type=1, **names
    )


def _in_force(side: Side) -> bool:
    """Kafka's brokers learn of ACLs a moment after they were written: whether the last one is there."""
    found = sum(len(resource.acls) for resource in side.admin(any_acl(), 3).resources)
    return found == len(set(map(repr, acls().creations)))
