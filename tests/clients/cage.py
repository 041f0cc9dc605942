"""One node with the proxy before it, for tests of what happens to what clients say."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import confluent_kafka
from confluent_kafka.admin import AdminClient, NewTopic

from tests.clients.canaries import all_that_is_stored, canaries
from tests.clients.reach import Reach
from tests.kafka.certificates import Authority
from tests.kafka.guarded import UPSTREAM, ZONE, Guarded
from tests.kafka.single import Single
from zoneproxy.wire.batch import Whole, open_batch, walk
from zoneproxy.wire.compression import DecompressionLimits
from zoneproxy.wire.record import Record, read_records

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

SECONDS = 30


def policy(*flows: Mapping[str, Any], **of_zone: Any) -> dict[str, Any]:
    """One zone, with a principal who may do everything and one who may do nothing.

    ``flows`` are within it, and need topics and controls.
    """
    zone = {"level": "internal", "owner": "tests@example.com", "upstream": UPSTREAM} | of_zone
    within = [{"name": f"flow {n}", "from": ZONE, "to": ZONE} | dict(flow) for n, flow in enumerate(flows)]
    principals = [
        {"name": name, "zone": ZONE, "match": {"subject": {"CN": name}}, "roles": roles}
        for name, roles in (("app", ["unrestricted"]), ("stranger", []))
    ]
    return {"zones": {ZONE: zone}, "principals": principals, "flows": within}


class Cage:
    """A node, the proxy before it, and what clients said."""

    def __init__(self, node: Single, proxy: Guarded, authority: Authority) -> None:
        self.node = node
        self.proxy = proxy
        self.reach = Reach(proxy.address, authority.issue("app"))
        self.stranger = Reach(proxy.address, authority.issue("stranger"))
        self.direct = Reach(node.address, node.admin)
        self.said: set[str] = set()

    def saying(self, count: int) -> list[str]:
        """Canaries that nobody has said yet."""
        fresh = canaries(count, seed=len(self.said))
        self.said |= set(fresh)
        return fresh

    def produce(self, topic: str, records: Sequence[Mapping[str, Any]], **settings: Any) -> list[int]:
        """Through the proxy, with librdkafka; 0 or the error code of each record."""
        told: dict[int, int] = {}
        producer = confluent_kafka.Producer(self.reach.confluent(linger_ms=0, **settings))
        for n, record in enumerate(records):

            def delivered(error: Any, _: Any, n: int = n) -> None:
                told[n] = error.code() if error else 0

            producer.produce(topic, partition=0, on_delivery=delivered, **record)
        assert producer.flush(SECONDS) == 0
        return [told[n] for n in range(len(records))]

    def topic(self, name: str, **config: str) -> str:
        """Make a topic past the proxy."""
        client = AdminClient(self.direct.confluent())
        new = NewTopic(name, 1, 1, config={key.replace("_", "."): value for key, value in config.items()})
        client.create_topics([new])[name].result(SECONDS)
        return name

    def records(self, topic: str) -> list[Record]:
        """What the node has stored in partition 0, markers of transactions left out."""
        folder = self.node.folder / "data" / f"{topic}-0"
        found = []
        for segment in sorted(folder.glob("*.log")):
            for entry in walk(segment.read_bytes()):
                if isinstance(entry, Whole) and not entry.header.is_control:
                    payload = open_batch(entry.view, entry.header, DecompressionLimits())
                    found += read_records(payload, entry.header.records_count)
        return found

    def values(self, topic: str) -> list[bytes | None]:
        """Their values."""
        return [None if record.value is None else bytes(record.value) for record in self.records(topic)]

    def metric(self, name: str, **labels: str) -> float:
        """The sum over all series of a metric of the proxy that carry the labels."""
        wanted = [f'{label}="{value}"' for label, value in labels.items()]
        lines = [line for line in self.proxy.get("/metrics").splitlines() if line.split("{")[0].split(" ")[0] == name]
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if all(part in line for part in wanted))

    def stored(self) -> list[bytes]:
        """Everything on the node's disk."""
        return list(all_that_is_stored(self.node.folder / "data"))


@contextlib.contextmanager
def caged(folder: Path, host: str, rules: Mapping[str, Any], more: str = "") -> Iterator[Cage]:
    """A node at an address of its own, with ``more`` properties, and the proxy before it under ``rules``."""
    authority = Authority(folder / "certificates", "authority")
    with contextlib.ExitStack() as closing:
        node = Single(folder / "node", authority, host, acls=False, more=more)
        closing.callback(node.close)
        node.start()
        node.wait_ready()
        proxy = Guarded(folder / "proxy", authority, node, rules)
        closing.callback(proxy.close)
        yield Cage(node, proxy, authority)
