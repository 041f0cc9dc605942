"""What tests do past the proxy, as the brokers' admin: prepare topics, and look at what is really stored."""

from __future__ import annotations

import itertools
import uuid
from typing import TYPE_CHECKING, Any, NamedTuple

from confluent_kafka import ConsumerGroupTopicPartitions, TopicPartition
from confluent_kafka.admin import AdminClient

from tests.clients.raw import RawClient
from tests.clients.reach import Reach
from tests.clients.requests import make
from tests.clients.waiting import until
from zoneproxy.wire.batch import BatchHeader, Whole, open_batch, walk
from zoneproxy.wire.compression import Codec, DecompressionLimits
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.record import Record, read_records

if TYPE_CHECKING:
    from tests.kafka.cluster import Cluster
    from zoneproxy.wire.messages.message import Message


GROUP, TRANSACTION = 0, 1  # the key types of FindCoordinator
ONE_OF_EACH_PARTITION = ("a", "b", "c")  # of an internal topic: their Java hash codes are 97, 98 and 99


class Stored(NamedTuple):
    """One batch as it stands in a broker's log."""

    header: BatchHeader
    records: list[Record]


def _metadata(topic: str) -> Message:
    return make(ApiKey.METADATA, topics=[{"name": topic}], allow_auto_topic_creation=False)


def _knows(client: RawClient, topic: str) -> bool:
    (found,) = client.ask(_metadata(topic), 12).topics
    return found.error_code == 0 and all(partition.error_code == 0 for partition in found.partitions)


class Direct:
    """The admin's way to the brokers."""

    def __init__(self, cluster: Cluster) -> None:
        self.reach = Reach(cluster.bootstrap, cluster.admin)
        self._cluster = cluster
        self._client = AdminClient(self.reach.confluent())
        self._load_coordinators()

    def _load_coordinators(self) -> None:
        """Have Kafka make its internal topics, and wait until every broker has loaded its share of them."""
        for node in self._cluster.nodes:
            with RawClient(self.reach, node.address) as client:
                for key_type, key in itertools.product((GROUP, TRANSACTION), ONE_OF_EACH_PARTITION):
                    until(lambda client=client, of=(key_type, key): self._serves(client, *of))
                # A broker hands out producer ids from a block that it gets the first time it is asked for one.
                identity = make(ApiKey.INIT_PRODUCER_ID, transactional_id=None, transaction_timeout_ms=60000)
                until(lambda client=client, ask=identity: client.ask(ask, 4).error_code == 0)

    def _serves(self, client: RawClient, key_type: int, key: str) -> bool:
        """Whether the coordinator of a group or transactional id is known at a node, and loaded."""
        find = make(ApiKey.FIND_COORDINATOR, key_type=key_type, coordinator_keys=[key])
        (found,) = client.ask(find, 4).coordinators
        if found.error_code:
            return False
        with RawClient(self.reach, f"{found.host}:{found.port}") as coordinator:
            if key_type == GROUP:
                (told,) = coordinator.ask(make(ApiKey.DESCRIBE_GROUPS, groups=[key]), 5).groups
            else:
                described = coordinator.ask(make(ApiKey.DESCRIBE_TRANSACTIONS, transactional_ids=[key]), 0)
                (told,) = described.transaction_states
        return told.error_code in (0, ErrorCode.TRANSACTIONAL_ID_NOT_FOUND)

    def topic(self, prefix: str = "open.", partitions: int = 1, **config: str) -> str:
        """Make a topic with a name of its own that starts with ``prefix``; in ``config`` write ``_`` for ``.``."""
        name = self.topic_name(prefix)
        configs = [{"name": key.replace("_", "."), "value": value} for key, value in config.items()]
        self._create(name=name, num_partitions=partitions, replication_factor=3, configs=configs)
        return name

    def topic_name(self, prefix: str = "open.") -> str:
        """A name that no topic has."""
        return f"{prefix}{uuid.uuid4().hex[:12]}"

    def make_topic(self, name: str, replicas: list[list[int]]) -> bytes:
        """Make a topic whose partitions are where ``replicas`` says, each led by the first; its id."""
        assignments = [{"partition_index": n, "broker_ids": nodes} for n, nodes in enumerate(replicas)]
        return self._create(name=name, num_partitions=-1, replication_factor=-1, assignments=assignments)

    def produce(self, node: int, topic: str, topic_id: bytes, records: bytes, partition: int = 0) -> None:
        """Append a batch just as it is, in a Produce request to the partition's leader."""
        one = {"name": topic, "topic_id": topic_id, "partition_data": [{"index": partition, "records": records}]}
        with RawClient(self.reach, self._cluster.node(node).address) as client:
            reply = client.ask(make(ApiKey.PRODUCE, acks=-1, timeout_ms=10000, topic_data=[one]), 13)
        assert reply.responses[0].partition_responses[0].error_code == 0

    def _create(self, **topic: Any) -> bytes:
        with RawClient(self.reach) as client:
            reply = client.ask(make(ApiKey.CREATE_TOPICS, topics=[topic], timeout_ms=20000), 7)
        (made,) = reply.topics
        assert made.error_code == 0, made.error_message
        self.wait_known(topic["name"])
        return bytes(made.topic_id)

    def wait_known(self, topic: str) -> None:
        """Wait until every broker knows the topic and a leader of each of its partitions."""
        for node in self._cluster.nodes:
            with RawClient(self.reach, node.address) as client:
                until(lambda client=client: _knows(client, topic), lambda: topic)

    def wait_replicated(self) -> None:
        """Wait until every replica of every partition is in sync, so that one node may go without harm."""

        def in_sync() -> bool:
            with RawClient(self.reach) as client:
                topics = client.ask(make(ApiKey.METADATA, topics=None), 9).topics
            partitions = [partition for topic in topics for partition in topic.partitions]
            return all(len(one.isr_nodes) == len(one.replica_nodes) for one in partitions)

        until(in_sync)

    def committed(self, group: str, topic: str, partitions: int = 1) -> dict[int, int]:
        """The group's committed offsets by partition."""
        wanted = ConsumerGroupTopicPartitions(group, [TopicPartition(topic, n) for n in range(partitions)])
        found = self._client.list_consumer_group_offsets([wanted])[group].result(30)
        return {partition.partition: partition.offset for partition in found.topic_partitions}

    def stored(self, topic: str, partition: int = 0) -> list[Stored]:
        """All batches of a partition, from the log files of the node that has most of them."""
        logs = [
            b"".join(file.read_bytes() for file in sorted(folder.glob("*.log")))
            for node in self._cluster.nodes
            if (folder := node.folder / "data" / f"{topic}-{partition}").is_dir()
        ]
        limits = DecompressionLimits()
        whole = [entry for entry in walk(max(logs, key=len)) if isinstance(entry, Whole)]
        return [
            Stored(entry.header, read_records(open_batch(entry.view, entry.header, limits), entry.header.records_count))
            for entry in whole
        ]

    def values(self, topic: str, partition: int = 0) -> list[bytes | None]:
        """The values of all data records that are stored, aborted ones included."""
        return [
            None if record.value is None else bytes(record.value)
            for batch in self.stored(topic, partition)
            if not batch.header.is_control
            for record in batch.records
        ]

    def codecs(self, topic: str, partition: int = 0) -> set[str]:
        """The codecs that the partition's batches are compressed with."""
        return {Codec(batch.header.codec).name.lower() for batch in self.stored(topic, partition)}
