"""One real Kafka node to measure against: plaintext, the JVM's defaults, its data in memory where there is room."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
import uuid
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from tests.kafka import java
from tools.proxy_process import free_ports

if TYPE_CHECKING:
    from collections.abc import Iterator

PROPERTIES = """\
node.id=1
process.roles=broker,controller
controller.quorum.voters=1@127.0.0.1:{controller}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:{port},RELAYED://127.0.0.1:{relayed},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port},RELAYED://127.0.0.1:{relay}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,RELAYED:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={folder}/data
auto.create.topics.enable=false
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
log.segment.delete.delay.ms=500
log.retention.check.interval.ms=3600000
num.network.threads=2
num.io.threads=4
"""


class BenchBroker:
    """Serves from construction until ``close``.

    A relay that rewrites no addresses has a listener of its own: it stands on ``relay`` and forwards to ``relayed``.
    """

    def __init__(self) -> None:
        memory = Path("/dev/shm")
        self._folder = Path(tempfile.mkdtemp(prefix="zoneproxy-bench-", dir=memory if memory.is_dir() else None))
        port = free_ports(4)
        self.address = f"127.0.0.1:{port}"
        self.relayed, self.relay = port + 2, port + 3
        properties = self._folder / "node.properties"
        properties.write_text(_properties(port, self._folder))
        cluster = "zoneproxyBenchAAAAAAAA"
        format_data = java.command("kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(properties))
        subprocess.run(format_data, check=True, capture_output=True)
        with (self._folder / "log").open("wb") as log:
            command = java_command("kafka.Kafka", str(properties), heap="2g")
            self._process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        self._admin = AdminClient({"bootstrap.servers": self.address, "log_level": 0})
        try:
            self._admin.list_topics(timeout=30)
        except KafkaException as error:
            self.close()
            raise RuntimeError("Kafka did not start") from error

    def create_topic(self, name: str, partitions: int) -> str:
        """Make a topic and wait until it has leaders."""
        self._admin.create_topics([NewTopic(name, partitions, 1)])[name].result(20)
        while len(self._leaders(name)) < partitions:
            time.sleep(0.02)
        return name

    def _leaders(self, name: str) -> list[int]:
        partitions = self._admin.list_topics(name, timeout=10).topics[name].partitions.values()
        return [each.leader for each in partitions if each.leader >= 0]

    @contextmanager
    def topic(self, prefix: str, partitions: int) -> Iterator[str]:
        """A topic of an unused name, removed afterwards."""
        name = self.create_topic(f"{prefix}-{uuid.uuid4().hex[:10]}", partitions)
        try:
            yield name
        finally:
            self._admin.delete_topics([name])[name].result(20)

    def close(self) -> None:
        """Stop it and forget its data."""
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _properties(port: int, folder: Path) -> str:
    return PROPERTIES.format(port=port, controller=port + 1, relayed=port + 2, relay=port + 3, folder=folder)


def java_command(main_class: str, *arguments: str, heap: str = "1g", more: tuple[Path, ...] = ()) -> list[str]:
    """A JVM with its defaults: for measuring, not for a quick start."""
    logs = [f"-Dlog4j2.configurationFile={java.HERE / 'log4j2.properties'}", "-Dlog.level=error"]
    return [java.java(), f"-Xmx{heap}", *logs, "-cp", java.classpath(*more), main_class, *arguments]
