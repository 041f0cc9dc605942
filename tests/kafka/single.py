"""A Kafka of one node for tests that need a real broker but not three: quick to start, and with rights of its own.

``acls`` True: StandardAuthorizer decides, and ``Single.admin`` is the only super user. False: whoever has a certificate
may do everything, as behind a proxy that decides. Clients are known by the CN of their certificates. Each node has an
address of 127.0.0.0/8 for itself, so that no two can race for a port.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tests.kafka import java
from tests.kafka.cluster import CLUSTER_ID, READY, free_ports, run_all
from tests.kafka.process import Background

if TYPE_CHECKING:
    from pathlib import Path

    from tests.kafka.certificates import Authority

NODE = 1

_PROPERTIES = """\
node.id=1
process.roles=broker,controller
controller.quorum.voters=1@{host}:{controller}
log.dirs={folder}/data

# Only the client listener asks who somebody is; the others belong to the node itself.
listeners=CLIENT://{host}:{client},INTERNAL://{host}:{internal},CONTROLLER://{host}:{controller}
advertised.listeners=CLIENT://{host}:{client},INTERNAL://{host}:{internal}
listener.security.protocol.map=CLIENT:SSL,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.listener.names=CONTROLLER
inter.broker.listener.name=INTERNAL

ssl.client.auth=required
ssl.keystore.type=PEM
ssl.keystore.location={keystore}
ssl.truststore.type=PEM
ssl.truststore.location={ca}
ssl.principal.mapping.rules=RULE:^CN=([^,]+).*$/$1/,DEFAULT

auto.create.topics.enable=true
num.partitions=1
default.replication.factor=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1

# Groups form and notice a lost member quickly.
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
group.consumer.min.heartbeat.interval.ms=300
group.consumer.heartbeat.interval.ms=300
group.share.min.heartbeat.interval.ms=300
group.share.heartbeat.interval.ms=300
group.consumer.assignment.interval.ms=0
group.streams.assignment.interval.ms=0
group.streams.initial.rebalance.delay.ms=0

num.network.threads=2
num.io.threads=4
background.threads=2
log.cleaner.enable=false
# Nothing else is written at the same time, so waiting for more to write with it only takes time.
controller.quorum.append.linger.ms=0
# Whoever opens a session keeps it for a while: there is to be room for all.
max.incremental.fetch.session.cache.slots=100000
group.share.max.share.sessions=100000
# The records of tests are old, and are to stay, also while a test tries what it may configure.
log.retention.ms=-1
log.initial.task.delay.ms=86400000
"""

_AUTHORIZER = """\
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:admin;User:ANONYMOUS
allow.everyone.if.no.acl.found=false
"""


class Single:
    """The node; ``start`` returns when it serves requests."""

    def __init__(
        self,
        folder: Path,
        authority: Authority,
        host: str,
        *,
        acls: bool,
        more: str = "",
        options: tuple[str, ...] = (),
    ) -> None:
        self.folder = folder
        self._options = options  # of its JVM
        self.admin = authority.issue("admin")
        client, internal, controller = free_ports(host, 3)
        self.address = f"{host}:{client}"
        folder.mkdir(parents=True)
        text = _PROPERTIES.format(
            host=host,
            client=client,
            internal=internal,
            controller=controller,
            folder=folder,
            keystore=authority.issue(f"broker-{host}", hosts=[host]).keystore,
            ca=authority.ca,
        )
        (folder / "node.properties").write_text(text + (_AUTHORIZER if acls else "") + more)
        self._process: Background | None = None

    def start(self) -> None:
        """Format its folder and start it, without waiting for it."""
        properties = str(self.folder / "node.properties")
        features = ("--feature", "group.version=1", "--feature", "share.version=1", "--feature", "streams.version=1")
        run_all([java.command("kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", properties, *features)])
        self._process = Background(
            java.command("kafka.Kafka", properties, options=self._options), self.folder / "log", READY
        )

    def wait_ready(self) -> None:
        """Wait until it serves requests."""
        assert self._process
        self._process.wait_ready()

    def stop(self) -> None:
        """End it in good order."""
        assert self._process
        self._process.stop(120)

    def close(self) -> None:
        """End it and forget its data."""
        if self._process and self._process.running:
            self._process.kill()
        shutil.rmtree(self.folder / "data", ignore_errors=True)
