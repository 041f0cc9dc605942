"""A Kafka cluster without any set-up: librdkafka's mock cluster, which every confluent-kafka wheel contains.

It is a real TCP server for the Kafka protocol, with three brokers by default. It creates topics (of four partitions)
on first use, keeps records in memory, and knows no TLS, no ACLs and no CreateTopics.
"""

from __future__ import annotations

from typing import Self

from confluent_kafka import Producer


class EmbeddedKafka:
    """Runs from construction until ``close`` (or the end of the ``with``)."""

    def __init__(self, brokers: int = 3) -> None:
        # The producer only carries the mock cluster; "x" is never dialled.
        self._carrier = Producer(
            {
                "bootstrap.servers": "x",
                "test.mock.num.brokers": brokers,
                "log_level": 3,  # its notice that the mock is on is no news here
            }
        )
        found = self._carrier.list_topics(timeout=10).brokers.values()
        self.addresses = [f"{broker.host}:{broker.port}" for broker in sorted(found, key=lambda broker: broker.id)]
        self.node_ids = sorted(broker.id for broker in found)

    @property
    def bootstrap_servers(self) -> str:
        """All brokers, as ``bootstrap.servers`` wants them."""
        return ",".join(self.addresses)

    def close(self) -> None:
        """Stop the cluster; its records are gone."""
        self._carrier.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
