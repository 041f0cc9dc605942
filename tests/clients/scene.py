"""A stage for scenarios of access: one user whose rights change, and what it does with real clients.

The user goes through the proxy, whose policy is reloaded whenever rights change. With ``--direct`` it goes to a Kafka
that decides itself, by the same rights as ACLs: that shows whether a scenario expects what Kafka does.
"""

from __future__ import annotations

import contextlib
import itertools
from typing import TYPE_CHECKING, Any

import confluent_kafka
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from tests.clients.raw import RawClient
from tests.clients.reach import Reach
from tests.clients.requests import make
from tests.clients.waiting import until
from tests.equivalence.sides import Side, any_acl
from tests.equivalence.users import LITERAL, PREFIXED, Right, acl, entry
from tests.equivalence.world import wait_for_coordinators
from tests.kafka.certificates import Authority
from tests.kafka.guarded import ZONE, Guarded, zones
from tests.kafka.single import Single
from zoneproxy.policy.acl import CLUSTER_NAME
from zoneproxy.policy.model import Operation, ResourceType
from zoneproxy.wire.messages.api_keys import ApiKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from zoneproxy.wire.messages.message import Message

USER = "somebody"
SECONDS = 30
_ANY_TYPE, _ANY_OPERATION = 1, 1

TOPIC_DENIED, GROUP_DENIED, CLUSTER_DENIED, TRANSACTION_DENIED = 29, 30, 31, 53


def topic(operation: Operation, name: str, **more: Any) -> Right:
    """A right on a topic; ``pattern`` PREFIXED, ``allow`` False and ``host`` say more."""
    return _right(ResourceType.TOPIC, operation, name, **more)


def group(operation: Operation, name: str, **more: Any) -> Right:
    """A right on a group."""
    return _right(ResourceType.GROUP, operation, name, **more)


def transactions(operation: Operation, name: str, **more: Any) -> Right:
    """A right on a transactional id."""
    return _right(ResourceType.TRANSACTIONAL_ID, operation, name, **more)


def cluster(operation: Operation, **more: Any) -> Right:
    """A right on the cluster."""
    return _right(ResourceType.CLUSTER, operation, CLUSTER_NAME, **more)


def _right(kind: ResourceType, operation: Operation, name: str, *, allow: bool = True, **more: Any) -> Right:
    return Right(allow, operation, kind, name, **more)


class Scene:
    """The user, its rights, and its clients. Each scenario takes names of its own."""

    def __init__(self, reach: Reach, node: Side, proxy: Guarded | None) -> None:
        self.reach = reach
        self.node = node  # past all rules
        self._proxy = proxy
        self._rights: frozenset[Right] = frozenset()
        self._numbers = itertools.count()
        self._admins: list[AdminClient] = []

    # --- rights --------------------------------------------------------------------------------------------------

    def only(self, *rights: Right) -> None:
        """From now on the user has these rights and no others; returns when that is in force."""
        if frozenset(rights) == self._rights:
            return
        self._rights = frozenset(rights)
        if self._proxy is not None:
            self._proxy.put(policy(rights))
        else:
            self._replace_acls(rights)

    def _replace_acls(self, rights: Iterable[Right]) -> None:
        names = dict.fromkeys(("resource_name_filter", "host_filter"))
        everything = {"resource_type_filter": _ANY_TYPE, "pattern_type_filter": 1, "principal_filter": f"User:{USER}"}
        everything |= {"operation": _ANY_OPERATION, "permission_type": 1, **names}
        self.node.admin(make(ApiKey.DELETE_ACLS, filters=[everything]), 3)
        creations = [acl(USER, right) for right in rights]
        if creations:
            self.node.admin(make(ApiKey.CREATE_ACLS, creations=creations), 3)
        until(lambda: self._acls_in_force() == len(creations))

    def _acls_in_force(self) -> int:
        return sum(len(resource.acls) for resource in self.node.admin(any_acl(), 3).resources)

    # --- what there is -------------------------------------------------------------------------------------------

    def name(self, prefix: str = "") -> str:
        """A name that nothing has yet."""
        return f"{prefix}thing-{next(self._numbers)}"

    def topic(self, prefix: str = "") -> str:
        """A new topic of one partition, with three records in it."""
        name = self.name(prefix)
        self.node.make_topics([name], partitions=1)
        produced = confluent_kafka.Producer(self.node.admin_reach.confluent())
        for value in (b"one", b"two", b"three"):
            produced.produce(name, value, partition=0)
        assert produced.flush(SECONDS) == 0
        return name

    def exists(self, topic_name: str) -> bool:
        """Whether there is such a topic."""
        self.node.refresh()
        return topic_name in self.node.ids

    # --- the user's clients --------------------------------------------------------------------------------------

    def producer(self, **settings: Any) -> confluent_kafka.Producer:
        """A producer of the user."""
        return confluent_kafka.Producer(self.reach.confluent(**settings))

    @contextlib.contextmanager
    def consumer(self, **settings: Any) -> Iterator[confluent_kafka.Consumer]:
        """A consumer of the user."""
        defaults = {"group_id": self.name(), "auto_offset_reset": "earliest", "enable_auto_commit": False}
        defaults |= {"topic_metadata_refresh_interval_ms": 200}
        made = confluent_kafka.Consumer(self.reach.confluent(**defaults | settings))
        try:
            yield made
        finally:
            made.close()

    def admin(self) -> AdminClient:
        """An admin client of the user. It is kept: results still come while it is there only."""
        self._admins.append(AdminClient(self.reach.confluent()))
        return self._admins[-1]

    def ask(self, request: Message, version: int) -> Any:
        """The reply to one request of the user's, for what no client library can send."""
        with RawClient(self.reach) as client:
            return client.ask(request, version)

    def send(self, topic_name: str, *, to: confluent_kafka.Producer | None = None, **settings: Any) -> int:
        """Produce one record; the error code, 0 if there is none."""
        producer = to or self.producer(**settings)
        told: list[int] = []
        producer.produce(
            topic_name, b"value", partition=0, on_delivery=lambda error, _: told.append(error.code() if error else 0)
        )
        assert producer.flush(SECONDS) == 0
        return told[0]


def code(action: Any, *arguments: Any, **named: Any) -> int:
    """Do it; the error code that it ends with, 0 if it ends well. Futures are waited for."""
    try:
        result = action(*arguments, **named)
        for future in result.values() if isinstance(result, dict) else [result]:
            if hasattr(future, "result"):
                future.result(SECONDS)
    except KafkaException as error:
        return int(error.args[0].code())
    return 0


def next_from(consumer: confluent_kafka.Consumer, *, besides: int = 0) -> bytes | int:
    """The next value that a consumer gets, or the code of the next error other than ``besides``."""
    while True:
        message = consumer.poll(SECONDS)
        assert message is not None, f"nothing for {SECONDS} s"
        error = message.error()
        if error is None:
            return bytes(message.value())
        if error.code() != besides:
            return int(error.code())


def policy(rights: Iterable[Right]) -> dict[str, Any]:
    """A policy in which the user has these rights."""
    somebody = {"name": USER, "zone": ZONE, "match": {"subject": {"CN": USER}}, "roles": ["user"]}
    return {"zones": zones(), "principals": [somebody], "roles": {"user": [entry(right) for right in rights]}}


@contextlib.contextmanager
def stage(folder: Path, *, direct: bool) -> Iterator[Scene]:
    """Start a node, and a proxy before it unless the node is to decide."""
    authority = Authority(folder / "certificates", "authority")
    with contextlib.ExitStack() as closing:
        node = Single(folder / "node", authority, "127.0.0.23", acls=direct)
        closing.callback(node.close)
        node.start()
        node.wait_ready()
        proxy = None
        if not direct:
            proxy = Guarded(folder / "proxy", authority, node, policy(()))
            closing.callback(proxy.close)
        side = Side("node", authority, node, node.address)
        closing.callback(side.close)
        wait_for_coordinators(side)
        yield Scene(Reach(proxy.address if proxy else node.address, authority.issue(USER)), side, proxy)


__all__ = ["LITERAL", "PREFIXED", "Scene", "stage"]
