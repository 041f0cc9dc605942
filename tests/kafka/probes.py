"""One request of every API and version that names a topic, group and transactional id wherever it can name one.

Made from Kafka's own definitions (``test_names.places``), so that an API which is added is asked too. Lists have one
element; what would otherwise be refused before any name is looked at has a value that makes sense.
"""

from __future__ import annotations

from typing import Any

from tests.clients.batches import batch
from tests.kafka.test_names import attribute, definitions, places, there
from tests.wire.messages.drawing import DrawingReader
from zoneproxy.wire.codec import RequestHeader, encode_request
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.consumer_protocol_assignment import ConsumerProtocolAssignment
from zoneproxy.wire.messages.consumer_protocol_subscription import ConsumerProtocolSubscription
from zoneproxy.wire.messages.registry import REQUESTS
from zoneproxy.wire.messages.struct import Struct
from zoneproxy.wire.writer import Writer

TOPIC_CONFIGS, GROUP_CONFIGS = 2, 32  # ConfigResource.Type

_VALUES: dict[str, Any] = {
    "acks": -1,
    "allow_auto_topic_creation": False,
    "assignments": None,
    "count": 2,
    "generation_id": -1,
    "generation_id_or_member_epoch": -1,
    "group_instance_id": None,
    "instance_id": None,
    "max_bytes": 1 << 20,
    "member_epoch": 0,
    "num_partitions": 1,
    "partition_max_bytes": 1 << 20,
    "producer_epoch": -1,
    "producer_id": -1,
    "protocol_type": "consumer",
    # Whoever joins a group waits for those who joined it before, and were never heard of again.
    "rebalance_timeout_ms": 1000,
    "replica_id": -1,
    "replica_state": None,
    "replication_factor": 1,
    "response_partition_limit": 100,
    "server_assignor": None,
    "session_epoch": -1,
    "session_timeout_ms": 1000,
    "share_session_epoch": 0,
    "subscribed_topic_regex": None,
    "timeout_ms": 5000,
    "timestamp": -1,
    "transaction_timeout_ms": 10000,
    "transactional_id_pattern": ".*",
    "validate_only": True,
}
_LISTS_OF_NONE = {
    ApiKey.CREATE_TOPICS: ("configs",),
    ApiKey.STREAMS_GROUP_HEARTBEAT: ("copartition_groups", "source_topic_regex", "task_offsets", "task_end_offsets"),
    ApiKey.FETCH: ("forgotten_topics_data",),
    ApiKey.CONSUMER_GROUP_HEARTBEAT: ("topic_partitions",),
}
_EITHER = {ApiKey.METADATA: 12, ApiKey.DELETE_TOPICS: 6}  # from these versions on, by name or by id
_NAMES_OF_RESOURCES = ("resource_name", "key")


class OneReader(DrawingReader):
    """Reads a message with one element in each list, zeros, and empty texts."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(lambda _: None)  # type: ignore[arg-type]  # nothing is drawn

    def fixed(self, layout: Any) -> tuple[Any, ...]:
        return (0,) * len(layout.format[1:])

    def _zero(self) -> int:
        return 0

    int8 = int16 = uint16 = int32 = int64 = _zero

    def float64(self) -> float:
        return 0.0

    def boolean(self) -> bool:
        return False

    def present(self) -> bool:
        return True

    def uuid(self) -> bytes:
        return bytes(16)

    def string(self) -> str:
        return ""

    def nullable_string(self) -> str | None:
        return ""

    def bytes_(self) -> bytes:
        return b""

    def nullable_bytes(self) -> bytes | None:
        return b""

    def records(self) -> memoryview:
        return memoryview(b"")

    def nullable_records(self) -> memoryview | None:
        return memoryview(b"")

    def array_length(self, size: int, heap: int) -> int:
        return 1

    compact_string = string
    compact_nullable_string = nullable_string
    compact_bytes = bytes_
    compact_nullable_bytes = nullable_bytes
    compact_records = records
    compact_nullable_records = nullable_records
    compact_array_length = nullable_array_length = compact_nullable_array_length = array_length

    def _numbers(self, count: int, size: int, code: str) -> list[int]:
        return [0] * count

    def _tags(self) -> list[int]:
        return []


def probe(api: ApiKey, version: int, name: str, topic_id: bytes, kind: int) -> Any:
    """The request. ``topic_id`` stands where topics are named by id; ``kind`` is a type of coordinator keys.

    Configurations are those of topics if ``kind`` is 0, and of groups otherwise; where a topic is named by name or by
    id, but not by both, it is by name if ``kind`` is 0.
    """
    message: Any = REQUESTS[api].read(OneReader(), version)
    facts = definitions()[api, "request"]
    common = {struct["name"]: struct["fields"] for struct in facts.get("commonStructs", ())}

    def fill(struct: Any, fields: list[dict[str, Any]]) -> None:
        for field in fields:
            if not there(field["versions"], version):
                continue
            what = attribute(field["name"])
            value = getattr(struct, what)
            made = _made(what, value, api, name, topic_id, kind)
            setattr(struct, what, _chosen(what, value, api) if made is None else made)
            inner = field.get("fields") or common.get(field["type"].removeprefix("[]"))
            for element in value if isinstance(value, list) else [value]:
                if isinstance(element, Struct) and inner:
                    fill(element, inner)

    fill(message, facts["fields"])
    for place in places(message, facts, version):
        place.put(name)
    if api in _EITHER and version >= _EITHER[api]:
        for topic in message.topics:
            topic.name, topic.topic_id = (name, bytes(16)) if kind == 0 else (None, topic_id)
    return message


def says(name: str, api: ApiKey, version: int, kind: int) -> bool:
    """Whether requests of that version name anything."""
    message = probe(api, version, name, bytes(16), kind)
    header = RequestHeader(api, version, 0, "")
    return name.encode() in encode_request(header, message)


def _chosen(field: str, value: Any, api: ApiKey) -> Any:
    """A value that makes sense, if the one that is there makes none."""
    if field in _LISTS_OF_NONE.get(api, ()):
        return []
    chosen = _VALUES.get(field, value)
    return [] if chosen is None and isinstance(value, list) else chosen


def _made(field: str, value: Any, api: ApiKey, name: str, topic_id: bytes, kind: int) -> Any:
    """What says something of the probe itself."""
    if field == "topic_id":
        return topic_id
    if field == "records":
        return memoryview(batch([b"v"]))
    if field == "metadata" and isinstance(value, bytes):
        return _blob(ConsumerProtocolSubscription(topics=[name]))
    if field == "assignment":
        return _blob(ConsumerProtocolAssignment())
    if field == "coordinator_keys":
        return [name]
    if field in _NAMES_OF_RESOURCES and api in (ApiKey.FIND_COORDINATOR, *_CONFIGS):
        return name
    if field == "key_type":
        return kind
    if field == "resource_type":
        return TOPIC_CONFIGS if kind == 0 else GROUP_CONFIGS
    if field == "member_id" and api != ApiKey.JOIN_GROUP:
        return "AAAAAAAAAAAAAAAAAAAAAQ"
    return None


_CONFIGS = (ApiKey.DESCRIBE_CONFIGS, ApiKey.ALTER_CONFIGS, ApiKey.INCREMENTAL_ALTER_CONFIGS)


def _blob(message: ConsumerProtocolSubscription | ConsumerProtocolAssignment) -> bytes:
    w = Writer()
    w.int16(0)
    message.write(w, 0)
    return w.getvalue()
