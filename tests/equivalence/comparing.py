"""Asking both sides the same, and saying where their answers differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.clients.requests import make
from tests.equivalence.cases import Turn
from zoneproxy.wire.messages.api_keys import ApiKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tests.equivalence.cases import Case
    from tests.equivalence.sides import Pair, Side

DYNAMIC_TOPIC_CONFIG = 1  # DescribeConfigsResponse.ConfigSource
_TOPIC, _GROUP, _BROKER = 2, 32, 4  # ConfigResource.Type


ABSENT = "<absent>"
AFTERWARDS = "afterwards"  # the case of what requests have left behind


@dataclass(frozen=True, slots=True)
class Observed:
    """One place where the answers to one request differ."""

    api: str
    case: str
    version: int
    user: str
    path: str
    kafka: Any
    proxied: Any

    def __str__(self) -> str:
        where = f"{self.api} v{self.version} [{self.case}] as {self.user}"
        return f"{where}: {self.path}: Kafka {self.kafka!r}, zoneproxy {self.proxied!r}"


def ask(pair: Pair, case: Case, user: str, version: int) -> list[Observed]:
    """Ask both sides, and compare."""
    answers = []
    for side in pair:
        case.prepare(Turn(side, user, version))
    for side in pair:
        turn = Turn(side, user, version)
        answers.append(side.ask(user, case.ask(turn), version))
        case.afterwards(turn, answers[-1])
    return [
        Observed(case.api.name, case.word, version, user, path, kafka, proxied)
        for path, kafka, proxied in differences(*answers)
        if path.rpartition(".")[2] not in case.masked
    ]


def differences(kafka: Any, proxied: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Path, Kafka's value and the proxied one, of each place where plain replies differ. Paths carry no indexes.

    The order of lists does not count: Kafka's own is that of its hash tables.
    """
    if isinstance(kafka, dict) and isinstance(proxied, dict):
        for name in kafka.keys() | proxied.keys():
            yield from differences(kafka.get(name, ABSENT), proxied.get(name, ABSENT), f"{path}.{name}")
    elif isinstance(kafka, list) and isinstance(proxied, list) and kafka != proxied:
        yield from _lists(kafka, proxied, path)
    elif kafka != proxied:
        yield path, kafka, proxied


def _lists(kafka: list[Any], proxied: list[Any], path: str) -> Iterator[tuple[str, Any, Any]]:
    kafka, proxied = _aligned(_folded(kafka), _folded(proxied))
    if len(kafka) != len(proxied):
        yield f"{path}[]", _only(kafka, proxied), _only(proxied, kafka)
    else:
        for one, other in zip(kafka, proxied, strict=True):
            yield from differences(one, other, f"{path}[]")


def _folded(elements: list[Any]) -> list[Any]:
    """Partitions of one topic under one entry: Fetch begins a new one whenever the topic changes."""
    if not all(isinstance(element, dict) and "partitions" in element for element in elements):
        return elements
    folded: dict[str, dict[str, Any]] = {}
    for element in elements:
        known = folded.setdefault(_sorting(element)[0], element | {"partitions": []})
        known["partitions"] = known["partitions"] + element["partitions"]
    return list(folded.values())


def _aligned(kafka: list[Any], proxied: list[Any]) -> tuple[list[Any], list[Any]]:
    """The same elements beside each other, as far as they can be told apart by what they name."""
    return sorted(kafka, key=_sorting), sorted(proxied, key=_sorting)


def _sorting(element: Any) -> tuple[str, str]:
    """What an element of a list is about, and how it reads."""
    if not isinstance(element, dict):
        return "", repr(element)
    named = [str(element[key]) for key in _NAMES if element.get(key)]
    return "/".join(named or [str(element.get("topic_id", ""))]), repr(element)


_NAMES = (
    "name",
    "topic",
    "topic_name",
    "group_id",
    "key",
    "transactional_id",
    "resource_name",
    "resource_type",
    "partition_index",
    "partition",
    "index",
    "api_key",
    "config_name",
)


def _only(ones: Sequence[Any], others: Sequence[Any]) -> list[Any]:
    return [one for one in ones if one not in others]


# --- what requests left behind -------------------------------------------------------------------------------


def left_behind(pair: Pair, api: ApiKey) -> list[Observed]:
    """Where the nodes differ after the same requests of one API."""
    found = differences(state(pair.kafka), state(pair.proxied))
    return [Observed(api.name, AFTERWARDS, -1, "", path, kafka, proxied) for path, kafka, proxied in found]


def state(side: Side) -> dict[str, Any]:
    """What stands in a node, as its super user sees it."""
    side.refresh()
    topics = side.admin(make(ApiKey.METADATA, topics=None), 12).topics
    partitions = {topic.name: len(topic.partitions) for topic in topics}
    seen = {name: count for name, count in partitions.items() if not name.startswith("__")}
    return {
        "partitions": seen,
        "offsets": _offsets(side, seen),
        "configs": _configs(side, seen),
        "groups": _groups(side),
        "transactions": _transactions(side),
        "quotas": side.plain(side.admin(make(ApiKey.DESCRIBE_CLIENT_QUOTAS, components=[], strict=False), 1).entries),
    }


def _offsets(side: Side, partitions: dict[str, int]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for timestamp in (-2, -1):
        topics = [
            {"name": name, "partitions": [{"partition_index": n, "timestamp": timestamp} for n in range(count)]}
            for name, count in partitions.items()
        ]
        reply = side.admin(make(ApiKey.LIST_OFFSETS, replica_id=-1, topics=topics), 7)
        for topic in reply.topics:
            for partition in topic.partitions:
                found.setdefault(f"{topic.name}-{partition.partition_index}", []).append(partition.offset)
    return found


def _configs(side: Side, names: Iterable[str]) -> dict[str, Any]:
    resources = [{"resource_type": _TOPIC, "resource_name": name, "configuration_keys": None} for name in names]
    resources.append({"resource_type": _BROKER, "resource_name": "", "configuration_keys": None})
    reply = side.admin(make(ApiKey.DESCRIBE_CONFIGS, resources=resources), 4)
    return {
        result.resource_name: changed
        for result in reply.results
        if (changed := {one.name: one.value for one in result.configs if 1 <= one.config_source <= 3})
    }


def _groups(side: Side) -> dict[str, Any]:
    groups = {one.group_id: one.group_type for one in side.admin(make(ApiKey.LIST_GROUPS), 5).groups}
    wanted = [{"group_id": name, "topics": None} for name in groups]
    reply = side.admin(make(ApiKey.OFFSET_FETCH, groups=wanted), 9)
    offsets = {
        group.group_id: sorted(
            (topic.name, partition.partition_index, partition.committed_offset, partition.metadata)
            for topic in group.topics
            for partition in topic.partitions
        )
        for group in reply.groups
    }
    return {name: (kind, offsets.get(name)) for name, kind in groups.items()}


def _transactions(side: Side) -> dict[str, str]:
    found = side.admin(make(ApiKey.LIST_TRANSACTIONS), 1).transaction_states
    return {one.transactional_id: one.transaction_state for one in found}
